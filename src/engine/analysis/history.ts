/** Figures of one window of time after another. */
import { amplitudeToDb, powerToDb } from '#dsp/decibel.ts'
import { WeightedEnergy, type Weighted } from '#dsp/weighted-energy.ts'
import type { StreamShape } from '#meters/meter.ts'
import type { Reading } from './reading.ts'

/** One window; lists hold a value a channel. -Infinity is silence or no figure. */
export interface HistoryRow {
  /** End of the window, seconds from the start of the file. */
  readonly time: number
  /** At its end, LUFS. */
  readonly momentary: number
  readonly shortTerm: number
  /** Largest in it, LUFS. */
  readonly momentaryMax: number
  /** At its end, dBFS. */
  readonly laf: readonly number[]
  /** Over it, dBFS. */
  readonly laeq: readonly number[]
  readonly lceq: readonly number[]
  readonly lzeq: readonly number[]
  /** Largest in it: dBFS, dBFS, dBTP. */
  readonly lcPeak: readonly number[]
  readonly peak: readonly number[]
  readonly truePeak: readonly number[]
}

/** Rounding of a window that is not a whole number of binary fractions must not move its end by a frame. */
const HAIR = 1e-6

export class History {
  readonly #rate: number
  readonly #seconds: number
  readonly #sink: (row: HistoryRow) => void
  /** Averages over exactly the window, which no meter on the air has; its filters never start anew. */
  readonly #energy: WeightedEnergy
  readonly #weighted: readonly Weighted[]
  #windows = 0
  #at = 0
  #from = 0

  /** Calls `sink` at the end of every window of `seconds`, at frame floor(k × seconds × rate) as meters' hops end. */
  constructor({ rate, channels }: StreamShape, seconds: number, sink: (row: HistoryRow) => void) {
    this.#rate = rate
    this.#seconds = seconds
    this.#sink = sink
    this.#energy = new WeightedEnergy(rate, channels)
    this.#weighted = Array.from({ length: channels }, () => ({ a: 0, c: 0, z: 0, peakC: 0 }))
  }

  /** Frames until the window ends, at least 1 at 10 ms and more. */
  get left(): number {
    return Math.floor((this.#windows + 1) * this.#seconds * this.#rate + HAIR) - this.#at
  }

  /** `planes[channel][from..to)`, at most to the end of the window. */
  process(planes: readonly Float32Array[], from: number, to: number): void {
    for (let c = 0; c < this.#weighted.length; c++) this.#energy.process(c, planes[c]!, from, to)
    this.#at += to - from
  }

  /** Ends the window, also a shorter one at the end of the sound; one without a frame is none. */
  end(loudness: Reading, level: Reading, soundLevel: Reading): void {
    const frames = this.#at - this.#from
    if (frames === 0) return
    this.#weighted.forEach((weighted, c) => this.#energy.take(c, weighted))
    const mean = (key: 'a' | 'c' | 'z'): number[] => this.#weighted.map((weighted) => powerToDb(weighted[key] / frames))
    loudness.refresh()
    level.refresh()
    soundLevel.refresh()
    this.#sink({
      time: this.#at / this.#rate,
      momentary: loudness.one('momentary'),
      shortTerm: loudness.one('shortTerm'),
      momentaryMax: loudness.one('momentaryPeak'),
      laf: soundLevel.each('LAF'),
      laeq: mean('a'),
      lceq: mean('c'),
      lzeq: mean('z'),
      lcPeak: this.#weighted.map(({ peakC }) => amplitudeToDb(peakC)),
      peak: level.each('peak'),
      truePeak: loudness.each('truePeak'),
    })
    this.#windows++
    this.#from = this.#at
  }
}
