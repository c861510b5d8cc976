/** The last minute of a node's loudness and peak, and where sound was lost in it. */
import { ColumnRing } from './ring.ts'

/** What the panel shows. */
export const HISTORY_SECONDS = 60
/** Finer than a pixel of any panel, and a third of the frames that a screen takes. */
const STEP_SECONDS = 0.05
/** Levels below are drawn at the floor of the scale; silence too, because a plot has no place for -Infinity. */
export const HISTORY_FLOOR = -90
/** No reading for longer is a hole in the line: the node was away, or the screen was. */
const BREAK_SECONDS = 1.5
/** Further back than this the clock was set, not read late. */
const STEPPED_SECONDS = 1
const MAX_SPANS = 256

const TIME = 0
const LOUDNESS = 1
const PEAK = 2

export interface Span {
  readonly from: number
  readonly to: number
  /** Sound that was sent was lost here; otherwise nobody listened. */
  readonly lost: boolean
}

export class History {
  readonly #ring = new ColumnRing(Math.ceil(HISTORY_SECONDS / STEP_SECONDS) + 2, 3)
  #spans: Span[] = []
  #newest = -Infinity
  /** Grows with every change, for those who draw only what is new. */
  version = 0

  /**
   * A reading of sound that ended at `time` (s since 1970): momentary loudness, LUFS; highest peak since the previous
   * reading, dBFS; `lost` if frames were lost since the previous reading.
   */
  push(time: number, loudness: number, peak: number, lost: boolean): void {
    if (time < this.#newest - STEPPED_SECONDS) this.clear()
    const since = time - this.#newest
    if (since > 0 && this.#ring.length > 0 && (lost || since > BREAK_SECONDS)) this.#mark(this.#newest, time, lost)
    const bucket = Math.floor(time / STEP_SECONDS) * STEP_SECONDS
    const sameBucket = this.#ring.length > 0 && bucket <= this.#ring.last(TIME)
    const peakBefore = sameBucket ? this.#ring.last(PEAK) : HISTORY_FLOOR
    if (!sameBucket) {
      this.#ring.append()
      this.#ring.set(TIME, bucket)
    }
    this.#ring.set(LOUDNESS, Math.max(loudness, HISTORY_FLOOR))
    this.#ring.set(PEAK, Math.max(peak, peakBefore))
    this.#newest = Math.max(this.#newest, time)
    this.version++
  }

  /** Columns for a plot: time (s since 1970), loudness (LUFS), peak (dBFS), oldest first. Views: draw them at once. */
  columns(): [Float64Array, Float64Array, Float64Array] {
    return [this.#ring.column(TIME), this.#ring.column(LOUDNESS), this.#ring.column(PEAK)]
  }

  /** Stretches without sound, oldest first. */
  get spans(): readonly Span[] {
    return this.#spans
  }

  /** Time of the newest sound, s since 1970; -Infinity when empty. */
  get newest(): number {
    return this.#newest
  }

  clear(): void {
    this.#ring.clear()
    this.#spans = []
    this.#newest = -Infinity
    this.version++
  }

  #mark(from: number, to: number, lost: boolean): void {
    const old = to - HISTORY_SECONDS
    this.#spans = this.#spans.filter((span) => span.to >= old).slice(1 - MAX_SPANS)
    this.#spans.push({ from, to, lost })
  }
}
