/** The outline of the sound: least and largest sample of each channel in columns of 5 ms, which of them clipped, and what was lost. */
import { Hops } from '#dsp/hops.ts'
import { type Kernels, REFERENCE } from '#dsp/kernels.ts'
import type { Meter, MeterDefinition, Slot, StreamShape } from '#meters/meter.ts'

export const COLUMNS_PER_SECOND = 200
/**
 * Columns in every reading: the open one and the newest before it. A screen takes a reading each 16 ms as a rule; one that is
 * up to 127 columns (635 ms) late has still missed none, so that the newest reading suffices and nothing has to be appended
 * on the way.
 */
export const COLUMNS = 128
/** `count` starts again from 0 here, after six hours and a multiple of `COLUMNS`: a 32-bit float counts exactly. */
export const COUNT_MODULUS = 2 ** 22

/** Column n of the stream stands at place n modulo `COLUMNS` of each run; `count` is the number of the open one. */
function layout({ channels }: StreamShape): readonly Slot[] {
  return [
    /** Columns since the meter began, modulo `COUNT_MODULUS`, lost ones included. */
    { name: 'count', length: 1, unit: 'count', merge: 'last' },
    /** Share of the column that was lost. */
    { name: 'lost', length: COLUMNS, unit: 'share', merge: 'last' },
    /** A run for each channel, full scale ±1; -Infinity in both where nothing was heard. */
    { name: 'least', length: channels * COLUMNS, unit: 'ratio', merge: 'last' },
    { name: 'largest', length: channels * COLUMNS, unit: 'ratio', merge: 'last' },
    /** Whether a sample of it was at full scale as captured. */
    { name: 'clipped', length: channels * COLUMNS, unit: 'flag', merge: 'last' },
  ]
}

class WaveformMeter implements Meter {
  readonly #rate: number
  readonly #channels: number
  readonly #vectors: Kernels['vectors']
  readonly #hops: Hops
  /** As in the reading. */
  readonly #lost = new Float32Array(COLUMNS)
  readonly #least: Float32Array
  readonly #largest: Float32Array
  readonly #clipped: Float32Array
  #count = 0
  /** Of the open column, in frames. */
  #heardFrames = 0
  #lostFrames = 0
  fresh = false

  constructor({ rate, channels }: StreamShape, { vectors }: Kernels) {
    this.#rate = rate
    this.#channels = channels
    this.#vectors = vectors
    this.#hops = new Hops(rate, COLUMNS_PER_SECOND)
    this.#least = new Float32Array(channels * COLUMNS).fill(-Infinity)
    this.#largest = new Float32Array(channels * COLUMNS).fill(-Infinity)
    this.#clipped = new Float32Array(channels * COLUMNS)
    this.#open()
  }

  process(planes: readonly Float32Array[], frames: number, captured = planes): void {
    // Clipping is rare: column by column only where there is any.
    let clipped = false
    for (let c = 0; c < this.#channels; c++) clipped ||= this.#vectors.clips(captured[c]!, 0, frames)
    for (let at = 0; at < frames;) {
      const n = Math.min(this.#hops.left, frames - at)
      for (let c = 0; c < this.#channels; c++) {
        const place = c * COLUMNS + (this.#count % COLUMNS)
        this.#extend(place, planes[c]!, at, at + n)
        if (clipped && this.#vectors.clips(captured[c]!, at, at + n)) this.#clipped[place] = 1
      }
      this.#heardFrames += n
      if (this.#hops.advance(n)) this.#end()
      at += n
    }
  }

  gap(frames: number): void {
    // A second is longer than what a reading holds: of a longer gap the rest only moves the count on.
    let left = this.#hops.shorten(frames, 1)
    const seconds = Math.round((frames - left) / this.#rate)
    this.#count = (this.#count + seconds * COLUMNS_PER_SECOND) % COUNT_MODULUS
    while (left > 0) {
      const n = Math.min(this.#hops.left, left)
      this.#lostFrames += n
      if (this.#hops.advance(n)) this.#end()
      left -= n
    }
  }

  read(out: Float32Array): void {
    out[0] = this.#count
    let at = 1
    out.set(this.#lost, at)
    out.set(this.#least, (at += COLUMNS))
    out.set(this.#largest, (at += this.#least.length))
    out.set(this.#clipped, at + this.#largest.length)
    this.fresh = false
  }

  /** A picture of the past has no totals. */
  reset(): void {}

  #extend(place: number, plane: Float32Array, from: number, to: number): void {
    const known = this.#largest[place]! > -Infinity
    let least = known ? this.#least[place]! : Infinity
    let largest = this.#largest[place]!
    for (let i = from; i < to; i++) {
      const x = plane[i]!
      if (x < least && x > -Infinity) least = x
      if (x > largest && x < Infinity) largest = x
    }
    // Each is known when the other is: a sample that is finite sets both.
    if (largest === -Infinity || least === Infinity) return
    this.#least[place] = least
    this.#largest[place] = largest
  }

  #end(): void {
    this.#lost[this.#count % COLUMNS] = this.#lostFrames / (this.#heardFrames + this.#lostFrames)
    this.#heardFrames = 0
    this.#lostFrames = 0
    this.#count = (this.#count + 1) % COUNT_MODULUS
    this.fresh = true
    this.#open()
  }

  /** The oldest column's place is the next one's. */
  #open(): void {
    const place = this.#count % COLUMNS
    this.#lost[place] = 0
    for (let c = 0; c < this.#channels; c++) {
      this.#least[c * COLUMNS + place] = -Infinity
      this.#largest[c * COLUMNS + place] = -Infinity
      this.#clipped[c * COLUMNS + place] = 0
    }
  }
}

export const waveformMeter: MeterDefinition = {
  id: 'waveform',
  title: 'Waveform',
  onlyWhileWatched: true,
  layout,
  create: (shape, _, kernels = REFERENCE) => new WaveformMeter(shape, kernels),
}
