/** Draws the bands of one node: a bar for what was chosen, a line for the largest and a thin one for the mean since reset. */
import type { Disposable } from '#shared/lifecycle.ts'
import { type Band, octaves, thirdOctaves } from '#dsp/bands.ts'
import { powerToDb } from '#dsp/decibel.ts'
import { density, onResize } from '#meters/draw/density.ts'
import { FigurePace, showFigure, showText } from '#meters/draw/figure.ts'
import { formatHertz } from '#meters/draw/format.ts'
import type { Palette } from '#meters/draw/theme.ts'
import type { Feed } from '#meters/draw/view.ts'
import { slotAt } from '#meters/meter.ts'
import { bandsMeter } from './meter.ts'

/** The first of each is how a view begins. */
export const WIDTHS = ['third', 'octave'] as const
export const BARS = ['F', 'S', 'Eq', 'Fmax'] as const
export type Width = (typeof WIDTHS)[number]
export type Bar = (typeof BARS)[number]
export const WIDTH_NAMES: Readonly<Record<Width, string>> = { third: 'Third octaves', octave: 'Octaves' }
export const BAR_NAMES: Readonly<Record<Bar, string>> = { F: 'F', S: 'S', Eq: 'Leq', Fmax: 'Max F' }
/** Bars of the present: without sound there are none. */
const PRESENT: ReadonlySet<Bar> = new Set(['F', 'S'])

/** What is shown, dB re full scale. */
const LOWEST_DB = -120
const HIGHEST_DB = 0
const STEP_DB = 20
/** Room for labels, CSS px. */
const LEFT = 40
const BOTTOM = 20
const TOP = 8
/** Space that the name of a band takes. */
const LABEL_WIDTH = 38

export class BandBars implements Disposable {
  readonly #feed: Feed
  readonly #palette: Palette
  readonly #canvas: HTMLCanvasElement
  readonly #context: CanvasRenderingContext2D
  readonly #bands: readonly Band[]
  readonly #present: boolean
  readonly #slots: Readonly<Record<'bar' | 'mean' | 'max', number>>
  readonly #highest: { readonly name: HTMLElement; readonly figure: HTMLElement }
  readonly #pace = new FigurePace()
  readonly #drawing: Disposable
  readonly #resized: Disposable
  #width = 0
  #height = 0

  constructor(box: HTMLElement, feed: Feed, palette: Palette, width: Width, bar: Bar) {
    this.#feed = feed
    this.#palette = palette
    this.#canvas = box.querySelector('canvas')!
    this.#context = this.#canvas.getContext('2d')!
    this.#bands = (width === 'third' ? thirdOctaves : octaves)(feed.shape.rate)
    this.#present = PRESENT.has(bar)
    this.#highest = { name: box.querySelector('[data-name]')!, figure: box.querySelector('[data-figure]')! }
    const layout = bandsMeter.layout(feed.shape)
    const at = (name: string): number => slotAt(layout, name).at
    this.#slots = { bar: at(`${width}${bar}`), mean: at(`${width}Eq`), max: at(`${width}Fmax`) }
    this.#resized = onResize(this.#canvas.parentElement!, () => this.#resize())
    this.#resize()
    this.#drawing = feed.onDraw(this.#canvas, (now) => {
      this.#paint()
      if (!feed.live || this.#pace.due(now)) this.#showHighest()
    })
  }

  dispose(): void {
    void this.#drawing.dispose()
    void this.#resized.dispose()
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

  #paint(): void {
    const g = this.#context
    const { grid, muted, font, track, accent, text } = this.#palette
    const reading = this.#feed.reading()
    const { live, splOffset = 0 } = this.#feed
    const [width, height] = [this.#width, this.#height]
    g.clearRect(0, 0, width, height)
    g.font = font
    g.textAlign = 'right'
    g.textBaseline = 'middle'
    for (let label = firstStep(LOWEST_DB + splOffset); label <= HIGHEST_DB + splOffset; label += STEP_DB) {
      const y = Math.round(this.#y(label - splOffset)) + 0.5
      g.fillStyle = muted
      g.fillText(label < 0 ? `−${-label}` : String(label), LEFT - 8, y)
      g.fillStyle = grid
      g.fillRect(LEFT, y - 0.5, width - LEFT, 1)
    }
    const room = (width - LEFT) / this.#bands.length
    const gap = Math.min(4, room / 4)
    const every = Math.max(1, Math.ceil(LABEL_WIDTH / room / 3) * 3)
    const bottom = this.#y(LOWEST_DB)
    g.textAlign = 'center'
    this.#bands.forEach(({ nominal }, band) => {
      const x = LEFT + band * room + gap / 2
      const bar = room - gap
      g.fillStyle = track
      g.fillRect(x, TOP, bar, bottom - TOP)
      if (reading && (live || !this.#present)) {
        const y = this.#y(this.#level(reading, this.#slots.bar, band))
        g.fillStyle = accent
        g.fillRect(x, y, bar, bottom - y)
      }
      if (reading) {
        this.#line(text, x, bar, 2, this.#level(reading, this.#slots.max, band))
        this.#line(muted, x, bar, 1, this.#level(reading, this.#slots.mean, band))
      }
      // Octave names, counted from 31.5 Hz up: 1 kHz is always among them.
      if (this.#bands.length * LABEL_WIDTH < width || (band + 1) % every === 0) {
        g.fillStyle = muted
        g.fillText(formatHertz(nominal), x + bar / 2, height - BOTTOM / 2)
      }
    })
  }

  #showHighest(): void {
    const { live, splOffset = 0 } = this.#feed
    const reading = live || !this.#present ? this.#feed.reading() : undefined
    let [highest, name] = [-Infinity, '']
    this.#bands.forEach(({ nominal }, band) => {
      const level = reading ? this.#level(reading, this.#slots.bar, band) : -Infinity
      if (level > highest) [highest, name] = [level, nominal < 1000 ? `${nominal} Hz` : `${nominal / 1000} kHz`]
    })
    showText(this.#highest.name, name)
    showFigure(this.#highest.figure, reading && highest + splOffset)
  }

  #line(style: string, x: number, width: number, thickness: number, db: number): void {
    if (db <= LOWEST_DB) return
    this.#context.fillStyle = style
    this.#context.fillRect(x, Math.round(this.#y(db)) - thickness / 2, width, thickness)
  }

  /** Mean power of the channels, dB. */
  #level(reading: Float32Array, slot: number, band: number): number {
    const { channels } = this.#feed.shape
    let power = 0
    for (let c = 0; c < channels; c++) power += 10 ** (reading[slot + c * this.#bands.length + band]! / 10)
    return powerToDb(power / channels)
  }

  #y(db: number): number {
    const share = Math.min(1, Math.max(0, (db - LOWEST_DB) / (HIGHEST_DB - LOWEST_DB)))
    return TOP + (this.#height - TOP - BOTTOM) * (1 - share)
  }
}

/** The lowest round level from `db` on. */
function firstStep(db: number): number {
  return Math.ceil(db / STEP_DB) * STEP_DB
}
