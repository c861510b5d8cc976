/** Draws the level bars and writes the level figures of one node. */
import type { Disposable } from '#shared/lifecycle.ts'
import { PeakBallistics } from '#meters/draw/ballistics.ts'
import { density, onResize } from '#meters/draw/density.ts'
import { FigurePace, showFigure } from '#meters/draw/figure.ts'
import type { Palette } from '#meters/draw/theme.ts'
import type { Feed } from '#meters/draw/view.ts'
import { slotAt } from '#meters/meter.ts'
import { levelMeter } from './meter.ts'

const LOWEST_DB = -60
const SCALE_DB = [0, -6, -12, -18, -24, -36, -48, -60]
/** Little headroom is left above this: EBU R 128 keeps true peaks below -1 dBTP, and sample peaks hide up to 3 dB. */
const HOT_DB = -4
/** Room for the labels and at the ends, CSS px. */
const LABELS = 34
const PAD = 9
const GAP = 6
const WIDEST_BAR = 56

interface Row {
  readonly peak: HTMLElement
  readonly peakMax: HTMLElement
  readonly rms: HTMLElement
  readonly rmsTotal: HTMLElement
  readonly lamp: HTMLElement
  readonly ballistics: PeakBallistics
}

export class Bridge implements Disposable {
  readonly #feed: Feed
  readonly #palette: Palette
  readonly #canvas: HTMLCanvasElement
  readonly #context: CanvasRenderingContext2D
  readonly #rows: readonly Row[]
  readonly #slots: Readonly<Record<'peak' | 'rms' | 'peakMax' | 'rmsTotal' | 'clips', number>>
  readonly #drawing: Disposable
  readonly #resized: Disposable
  readonly #pace = new FigurePace()
  #width = 0
  #height = 0

  constructor(box: HTMLElement, feed: Feed, palette: Palette) {
    this.#feed = feed
    this.#palette = palette
    this.#canvas = box.querySelector('canvas')!
    this.#context = this.#canvas.getContext('2d')!
    const layout = levelMeter.layout(feed.shape)
    const at = (name: string): number => slotAt(layout, name).at
    this.#slots = {
      peak: at('peak'),
      rms: at('rms'),
      peakMax: at('peakMax'),
      rmsTotal: at('rmsTotal'),
      clips: at('clips'),
    }
    this.#rows = [...box.querySelectorAll('.level-figures > table tbody tr')].map((row) => {
      const find = (name: string): HTMLElement => row.querySelector<HTMLElement>(`[data-figure="${name}"]`)!
      return {
        peak: find('peak'),
        peakMax: find('peakMax'),
        rms: find('rms'),
        rmsTotal: find('rmsTotal'),
        lamp: row.querySelector<HTMLElement>('[data-lamp]')!,
        ballistics: new PeakBallistics(),
      }
    })
    this.#resized = onResize(this.#canvas.parentElement!, () => this.#resize())
    this.#resize()
    this.#drawing = feed.onDraw(box, (now) => this.#draw(now))
  }

  dispose(): void {
    void this.#drawing.dispose()
    void this.#resized.dispose()
  }

  /** Takes note of the clips so far: the lamp lights again with the next one. */
  putOut(channel: number): void {
    const clips = this.#feed.reading()?.[this.#slots.clips + channel] ?? 0
    this.#feed.memory.set(`level.seen.${channel}`, clips)
    this.#showLamp(channel, clips)
  }

  #resize(): void {
    const { clientWidth, clientHeight } = this.#canvas.parentElement!
    const ratio = density()
    this.#width = clientWidth
    this.#height = clientHeight
    this.#canvas.width = Math.round(clientWidth * ratio)
    this.#canvas.height = Math.round(clientHeight * ratio)
    this.#context.setTransform(ratio, 0, 0, ratio, 0, 0)
    this.#paint()
  }

  #draw(now: number): void {
    const { live } = this.#feed
    const reading = this.#feed.reading()
    const slots = this.#slots
    this.#rows.forEach(({ ballistics }, channel) => {
      if (live && reading) ballistics.update(reading[slots.peak + channel]!, now)
      else ballistics.clear()
    })
    this.#paint()
    if (live && !this.#pace.due(now)) return
    this.#rows.forEach((row, channel) => {
      showFigure(row.peak, live && reading ? row.ballistics.hold : undefined)
      showFigure(row.rms, live ? reading?.[slots.rms + channel] : undefined)
      showFigure(row.peakMax, reading?.[slots.peakMax + channel])
      showFigure(row.rmsTotal, reading?.[slots.rmsTotal + channel])
      this.#showLamp(channel, reading?.[slots.clips + channel] ?? 0)
    })
  }

  #showLamp(channel: number, clips: number): void {
    const name = `level.seen.${channel}`
    // Counting starts anew with a reset.
    const seen = Math.min(this.#feed.memory.get(name) ?? 0, clips)
    this.#feed.memory.set(name, seen)
    const { lamp } = this.#rows[channel]!
    const value = String(clips - seen)
    if (lamp.dataset['value'] === value) return
    lamp.dataset['value'] = value
    lamp.classList.toggle('clip-lit', clips > seen)
    const text = clips > seen ? `${value} samples clipped; put the lamp out` : 'no clipping'
    lamp.setAttribute('aria-label', `Channel ${channel + 1}: ${text}`)
    lamp.title = text
  }

  #paint(): void {
    const g = this.#context
    const { grid, muted, font } = this.#palette
    const [width, height] = [this.#width, this.#height]
    g.clearRect(0, 0, width, height)
    g.font = font
    g.textAlign = 'right'
    g.textBaseline = 'middle'
    for (const db of SCALE_DB) {
      const y = Math.round(this.#y(db)) + 0.5
      g.fillStyle = muted
      g.fillText(db === 0 ? '0' : `−${-db}`, LABELS - 8, y)
      g.fillStyle = grid
      g.fillRect(LABELS, y - 0.5, width - LABELS, 1)
    }
    const count = this.#rows.length
    const room = (width - LABELS) / count
    const gap = Math.min(GAP, room / 4)
    const bar = Math.min(WIDEST_BAR, room - gap)
    const left = LABELS + (width - LABELS - count * (bar + gap) + gap) / 2
    for (let channel = 0; channel < count; channel++) this.#paintBar(channel, left + channel * (bar + gap), bar)
  }

  #paintBar(channel: number, x: number, width: number): void {
    const g = this.#context
    const { track, accent, accentSoft, warn, bad, text } = this.#palette
    const { ballistics } = this.#rows[channel]!
    const rms = this.#feed.live ? (this.#feed.reading()?.[this.#slots.rms + channel] ?? -Infinity) : -Infinity
    const bottom = this.#y(LOWEST_DB)
    const fill = (style: string, from: number, to: number): void => {
      const [y0, y1] = [this.#y(from), this.#y(to)]
      if (y0 <= y1) return
      g.fillStyle = style
      g.fillRect(x, y1, width, y0 - y1)
    }
    g.fillStyle = track
    g.fillRect(x, PAD, width, bottom - PAD)
    fill(accentSoft, LOWEST_DB, Math.min(ballistics.bar, HOT_DB))
    fill(warn, HOT_DB, ballistics.bar)
    fill(accent, LOWEST_DB, rms)
    if (ballistics.hold > LOWEST_DB) {
      g.fillStyle = ballistics.hold >= -0.1 ? bad : ballistics.hold >= HOT_DB ? warn : text
      g.fillRect(x, Math.round(this.#y(ballistics.hold)) - 1, width, 2)
    }
  }

  #y(db: number): number {
    const share = Math.min(1, Math.max(0, 1 - db / LOWEST_DB))
    return PAD + (this.#height - 2 * PAD) * (1 - share)
  }
}
