/** The last minute of a node's loudness and peak, and where sound was lost in it. */
import { ColumnRing } from './ring.ts'

/** What the panel shows. */
export const HISTORY_SECONDS = 60
/** Finer than a pixel of any panel, and a third of the frames that a screen takes. */
export const HISTORY_STEP_SECONDS = 0.05
/** Levels below are drawn at the floor of the scale; silence too, because a plot has no place for -Infinity. */
export const HISTORY_FLOOR = -90
/** No reading for longer is a hole in the line: the node was away, or the screen was. */
const BREAK_SECONDS = 1.5
/** Further back than this the clock was set, not read late. */
const STEPPED_SECONDS = 1
/** After a gap loudness has no figure until half of its window is heard again; that is not silence. */
const SETTLE_SECONDS = 0.5
const MAX_SPANS = 256

const TIME = 0
const LOUDNESS = 1
const PEAK = 2

export interface Span {
  readonly from: number
  readonly to: number
  /** lost: sound was sent and lost. away: nobody listened. settling: there is sound, but no loudness of it yet. */
  readonly kind: 'lost' | 'away' | 'settling'
}

export class History {
  readonly #ring = new ColumnRing(Math.ceil(HISTORY_SECONDS / HISTORY_STEP_SECONDS) + 2, 3)
  #spans: Span[] = []
  #newest = -Infinity
  #settlesUntil = -Infinity
  #beganAt: number | undefined
  /** Grows with every change, for those who draw only what is new. */
  version = 0

  /**
   * A reading of sound that ended at `time` (s since 1970): momentary loudness, LUFS; highest peak since the previous
   * reading, dBFS; `lost` if frames were lost since the previous reading.
   */
  push(time: number, loudness: number, peak: number, lost: boolean): void {
    if (time < this.#newest - STEPPED_SECONDS) this.clear()
    // A stream that begins has no figures for a moment; that is no silence to draw.
    if (this.#ring.length === 0 && loudness === -Infinity && time < (this.#beganAt ??= time) + SETTLE_SECONDS) return
    const since = time - this.#newest
    const broke = lost || since > BREAK_SECONDS
    if (broke) this.#settlesUntil = loudness === -Infinity ? time + SETTLE_SECONDS : time
    if (since > 0 && this.#ring.length > 0) {
      if (broke) this.#mark(this.#newest, time, lost ? 'lost' : 'away')
      else if (time < this.#settlesUntil) this.#mark(this.#newest, time, 'settling')
    }
    // The line begins at the first figure, not on its way up from nothing.
    if (loudness > -Infinity) this.#settlesUntil = time
    const bucket = Math.floor(time / HISTORY_STEP_SECONDS) * HISTORY_STEP_SECONDS
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

  /** Stretches without figures, oldest first, none overlapping another. */
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
    this.#beganAt = undefined
    this.version++
  }

  #mark(from: number, to: number, kind: Span['kind']): void {
    const old = to - HISTORY_SECONDS
    const last = this.#spans.at(-1)
    const longer = last?.kind === kind && last.to === from
    this.#spans = this.#spans.filter((span) => span.to >= old && !(longer && span === last)).slice(1 - MAX_SPANS)
    this.#spans.push({ from: longer ? last.from : from, to, kind })
  }
}
