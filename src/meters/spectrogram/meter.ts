/** Spectra in a row: levels on a log-frequency axis, one column about every 40 ms. */
import { type Kernels, REFERENCE } from '#dsp/kernels.ts'
import { logFrequencies } from '#dsp/log-columns.ts'
import { ShortTimeSpectrum } from '#dsp/short-time-spectrum.ts'
import { noiseBandwidth, windowOf } from '#dsp/windows.ts'
import type { Meter, MeterDefinition, Slot, StreamShape } from '#meters/meter.ts'
import { windowFrames } from '#meters/spectrum/meter.ts'

/** Levels of a column, low frequencies first. */
export const ROWS = 128
/**
 * Newest columns in every reading, oldest first. A screen takes a reading each 16 ms as a rule; one that is up to 8 columns
 * (340 ms) late has still missed none, so that the newest reading suffices and nothing has to be appended on the way.
 */
export const COLUMNS = 8
/** `count` starts again from 0 here: a 32-bit float counts exactly. */
export const COUNT_MODULUS = 65_536

const LOW_HZ = 20
const HIGH_HZ = 20_000

const LAYOUT: readonly Slot[] = [
  /** Columns since the stream began, modulo 65536, lost ones included. */
  { name: 'count', length: 1, unit: 'count', merge: 'last' },
  /** As in the spectrum a full-scale sine reads 0 dBFS; -Infinity throughout where frames were lost. */
  { name: 'columns', length: COLUMNS * ROWS, unit: 'dBFS', merge: 'last' },
  /** 1 for each of these columns of which frames were lost. */
  { name: 'lost', length: COLUMNS, unit: 'flag', merge: 'last' },
]

/** Centre of each row, Hz: evenly spaced on a log axis from 20 Hz to 20 kHz, or to half the rate where that is less. */
export function spectrogramFrequencies({ rate }: StreamShape): Float64Array {
  return logFrequencies(LOW_HZ, Math.min(HIGH_HZ, rate / 2), ROWS)
}

/** Seconds from one column to the next: 43 ms at 48 kHz, 32 to 64 ms at any rate. */
export function columnSeconds({ rate }: StreamShape): number {
  return windowFrames(rate) / 2 / rate
}

/** Bandwidth in which a column reads noise, Hz. */
export function columnBandwidth({ rate }: StreamShape): number {
  return (noiseBandwidth('hann') * rate) / windowFrames(rate)
}

class SpectrogramMeter implements Meter {
  readonly #step: number
  readonly #spectra: ShortTimeSpectrum
  readonly #columns: ReturnType<Kernels['logColumns']>
  readonly #newest = new Float32Array(COLUMNS * ROWS).fill(-Infinity)
  readonly #column: Float32Array
  readonly #lost = new Float32Array(COLUMNS)
  /** Frames heard and lost since the last column. */
  #frames = 0
  #count = 0
  #begun = false
  fresh = false

  constructor(shape: StreamShape, kernels: Kernels) {
    const size = windowFrames(shape.rate)
    this.#step = size / 2
    const spectra = { channels: shape.channels, window: windowOf('hann', size), padding: 1, step: this.#step }
    this.#spectra = new ShortTimeSpectrum(spectra, kernels)
    const { size: transformed, bins } = this.#spectra
    this.#columns = kernels.logColumns(spectrogramFrequencies(shape), shape.rate / transformed, bins)
    this.#column = this.#newest.subarray((COLUMNS - 1) * ROWS)
  }

  process(planes: readonly Float32Array[], frames: number): void {
    for (let at = 0; at < frames;) {
      const n = this.#spectra.feed(planes, at, frames)
      at += n
      this.#frames += n
      if (this.#spectra.ready) this.#add()
    }
  }

  /** No window spans a gap, but the picture's time goes on. */
  gap(frames: number): void {
    this.#spectra.restart()
    this.#frames += frames
    this.#begun = true
  }

  read(out: Float32Array): void {
    out[0] = this.#count
    out.set(this.#newest, 1)
    out.set(this.#lost, 1 + this.#newest.length)
    this.fresh = false
  }

  /** A picture of the past has no totals. */
  reset(): void {}

  #add(): void {
    const passed = Math.max(1, Math.round(this.#frames / this.#step))
    this.#frames = 0
    this.fresh = true
    this.#count = (this.#count + passed) % COUNT_MODULUS
    const shift = Math.min(passed, COLUMNS)
    this.#newest.copyWithin(0, shift * ROWS)
    this.#newest.fill(-Infinity, (COLUMNS - shift) * ROWS)
    this.#lost.copyWithin(0, shift)
    // A window is longer than a step: before the first column of a stream nothing was lost.
    this.#lost.fill(this.#begun ? 1 : 0, COLUMNS - shift)
    this.#begun = true
    this.#lost[COLUMNS - 1] = 0
    this.#columns.write(this.#spectra.power, this.#column)
  }
}

export const spectrogramMeter: MeterDefinition = {
  id: 'spectrogram',
  title: 'Spectrogram',
  onlyWhileWatched: true,
  layout: () => LAYOUT,
  create: (shape, _, kernels = REFERENCE) => new SpectrogramMeter(shape, kernels),
}
