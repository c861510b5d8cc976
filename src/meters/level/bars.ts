/** Draws a bar for each channel of a node: RMS in true peak, and what is held of the peaks. */
import type { Disposable } from '#shared/lifecycle.ts'
import { fit, onResize } from '#meters/draw/density.ts'
import { PeakBallistics } from '#meters/draw/ballistics.ts'
import { formatSigned } from '#meters/draw/format.ts'
import type { Palette } from '#meters/draw/theme.ts'
import type { Feed } from '#meters/draw/view.ts'
import { loudnessMeter } from '#meters/loudness/meter.ts'
import { slotAt } from '#meters/meter.ts'
import type { Maxima } from './maxima.ts'
import { levelMeter } from './meter.ts'
import { type BarScale, placeOf } from './scale.ts'

/** EBU R 128: a true peak is -1 dBTP at most; from -4 on there is little headroom left. */
const HOT_DB = -4
const TOO_HIGH_DB = -1
/** Room for the labels, for the names of the channels and at the top, CSS px. */
const LABELS = 34
const NAMES = 20
const PAD = 7
const GAP = 6
const WIDEST_BAR = 56
const NARROWEST_NAME = 12
const LABEL_HEIGHT = 12
/** The RMS bar is narrower than the peak bar, where there is room to see it. */
const RMS_SHARE = 0.64
const WIDE_ENOUGH = 16

export class Bars implements Disposable {
  readonly #feed: Feed
  readonly #palette: Palette
  readonly #scale: BarScale
  readonly #maxima: Maxima
  readonly #canvas: HTMLCanvasElement
  readonly #context: CanvasRenderingContext2D
  readonly #peaks: readonly PeakBallistics[]
  readonly #peakAt: number
  readonly #rmsAt: number
  readonly #drawing: Disposable
  readonly #resized: Disposable
  #width = 0
  #height = 0

  constructor(canvas: HTMLCanvasElement, feed: Feed, maxima: Maxima, palette: Palette, scale: BarScale) {
    this.#feed = feed
    this.#maxima = maxima
    this.#palette = palette
    this.#scale = scale
    this.#canvas = canvas
    this.#context = canvas.getContext('2d')!
    this.#peaks = Array.from({ length: feed.shape.channels }, () => new PeakBallistics(scale.hold))
    this.#peakAt = slotAt(loudnessMeter.layout(feed.shape), 'truePeak').at
    this.#rmsAt = slotAt(levelMeter.layout(feed.shape), 'rms').at
    this.#resized = onResize(canvas.parentElement!, () => this.#resize())
    this.#resize()
    this.#drawing = feed.onDraw(canvas, (now) => this.#draw(now))
  }

  dispose(): void {
    void this.#drawing.dispose()
    void this.#resized.dispose()
  }

  #resize(): void {
    const { width, height } = fit(this.#canvas)
    this.#width = width
    this.#height = height
    this.#paint()
  }

  #draw(now: number): void {
    const reading = this.#feed.live ? this.#feed.readingOf(loudnessMeter.id) : undefined
    this.#peaks.forEach((peak, channel) => {
      if (reading) peak.update(reading[this.#peakAt + channel]!, now)
      else peak.clear()
    })
    this.#paint()
  }

  #paint(): void {
    const g = this.#context
    const { grid, muted, text, warn, font } = this.#palette
    const [width, height] = [this.#width, this.#height]
    g.clearRect(0, 0, width, height)
    g.font = font
    g.textBaseline = 'middle'
    g.textAlign = 'right'
    let labelled = -Infinity
    for (const db of this.#scale.marks) {
      const y = Math.round(this.#y(db))
      g.fillStyle = muted
      // Full scale is labelled whatever else has room.
      if (y - labelled >= LABEL_HEIGHT && (db <= 0 || y + LABEL_HEIGHT <= this.#y(0))) {
        g.fillText(formatSigned(db, 0), LABELS - 8, y + 0.5)
        labelled = y
      }
      g.fillStyle = grid
      g.fillRect(LABELS, y, width - LABELS, 1)
    }
    const count = this.#peaks.length
    const room = (width - LABELS) / count
    const gap = Math.min(GAP, room / 4)
    const bar = Math.min(WIDEST_BAR, room - gap)
    const left = LABELS + (width - LABELS - count * (bar + gap) + gap) / 2
    /** Names that would touch each other are left out but for each so many-th. */
    const every = Math.ceil(NARROWEST_NAME / (bar + gap))
    g.textAlign = 'center'
    for (let channel = 0; channel < count; channel++) {
      const x = left + channel * (bar + gap)
      this.#paintBar(channel, x, bar)
      g.fillStyle = text
      if (channel % every === 0) g.fillText(String(channel + 1), x + bar / 2, height - NAMES / 2)
    }
    if (this.#scale.tick === undefined) return
    g.fillStyle = warn
    g.fillRect(LABELS - 4, Math.round(this.#y(this.#scale.tick)) - 1, width - LABELS + 4, 2)
  }

  #paintBar(channel: number, x: number, width: number): void {
    const g = this.#context
    const { track, accent, accentSoft, warn, bad, text } = this.#palette
    const peak = this.#peaks[channel]!
    const { lowest, highest, hold } = this.#scale
    const rms = this.#feed.live
      ? (this.#feed.readingOf(levelMeter.id)?.[this.#rmsAt + channel] ?? -Infinity)
      : -Infinity
    const fill = (style: string, from: number, to: number, inset = 0): void => {
      const [y0, y1] = [this.#y(from), this.#y(to)]
      if (to <= from || y0 <= y1) return
      g.fillStyle = style
      g.fillRect(x + inset, y1, width - 2 * inset, y0 - y1)
    }
    fill(track, lowest, highest)
    fill(accentSoft, lowest, Math.min(peak.bar, HOT_DB))
    fill(warn, HOT_DB, Math.min(peak.bar, TOO_HIGH_DB))
    fill(bad, TOO_HIGH_DB, peak.bar)
    fill(accent, lowest, rms, width < WIDE_ENOUGH ? 0 : (width * (1 - RMS_SHARE)) / 2)
    if (hold === 0) return
    const held = hold === Infinity ? (this.#maxima.of(channel) ?? -Infinity) : peak.hold
    if (held <= lowest) return
    g.fillStyle = held > TOO_HIGH_DB ? bad : held >= HOT_DB ? warn : text
    g.fillRect(x, Math.round(this.#y(held)) - 1, width, 2)
  }

  #y(db: number): number {
    return PAD + (this.#height - PAD - NAMES) * (1 - placeOf(this.#scale, db))
  }
}
