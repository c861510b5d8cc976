/** Paints the spectrogram of one node: newest at the right, low frequencies at the bottom. */
import type { Disposable } from '#shared/lifecycle.ts'
import { density, onResize } from '#meters/draw/density.ts'
import { formatHertz } from '#meters/draw/format.ts'
import type { Palette, Theme } from '#meters/draw/theme.ts'
import type { Feed } from '#meters/draw/view.ts'
import { slotAt } from '#meters/meter.ts'
import { COLOUR_COUNT, colours } from './colours.ts'
import { HIGHEST_DB, LOWEST_DB, type SpectrogramHistory } from './history.ts'
import { ROWS, columnSeconds, spectrogramFrequencies, spectrogramMeter } from './meter.ts'

/** Room for labels, CSS px. */
const LEFT = 40
const RIGHT = 60
const BOTTOM = 20
const TOP = 6
const SCALE_WIDTH = 10
const MARKS_HZ = [50, 100, 200, 500, 1000, 2000, 5000, 10_000]
const MARKS_S = [0, 5, 10, 15, 20, 25]
const MARKS_DB = [-110, -85, -60, -35, -10]

export class Picture implements Disposable {
  readonly #feed: Feed
  readonly #palette: Palette
  readonly #history: SpectrogramHistory
  readonly #canvas: HTMLCanvasElement
  readonly #context: CanvasRenderingContext2D
  readonly #colours: Uint8ClampedArray
  /** One pixel a level, a ring of columns like the history. */
  readonly #image: HTMLCanvasElement
  readonly #imageContext: CanvasRenderingContext2D
  readonly #column: ImageData
  readonly #slots: { readonly count: number; readonly from: number; readonly to: number }
  readonly #drawing: Disposable
  readonly #resized: Disposable

  constructor(canvas: HTMLCanvasElement, feed: Feed, history: SpectrogramHistory, palette: Palette, theme: Theme) {
    this.#feed = feed
    this.#palette = palette
    this.#history = history
    this.#canvas = canvas
    this.#context = canvas.getContext('2d', { alpha: true })!
    this.#colours = colours(theme)
    this.#image = document.createElement('canvas')
    this.#image.width = history.columns
    this.#image.height = ROWS
    this.#imageContext = this.#image.getContext('2d')!
    this.#column = this.#imageContext.createImageData(1, ROWS)
    const layout = spectrogramMeter.layout(feed.shape)
    const columns = slotAt(layout, 'columns')
    this.#slots = { count: slotAt(layout, 'count').at, from: columns.at, to: columns.at + columns.length }
    for (let x = 0; x < history.columns; x++) this.#colour(x)
    this.#resized = onResize(canvas.parentElement!, () => this.#resize())
    this.#resize()
    this.#drawing = feed.onDraw(canvas, () => this.#draw())
  }

  dispose(): void {
    void this.#drawing.dispose()
    void this.#resized.dispose()
  }

  #draw(): void {
    const reading = this.#feed.live ? this.#feed.reading() : undefined
    if (!reading) return
    const history = this.#history
    const { count, from, to } = this.#slots
    const moved = history.take(reading[count]!, reading.subarray(from, to))
    if (moved === 0) return
    for (let i = moved; i > 0; i--) this.#colour((history.at - i + history.columns) % history.columns)
    this.#paintImage()
  }

  #colour(x: number): void {
    const { data } = this.#column
    const { levels } = this.#history
    for (let row = 0; row < ROWS; row++) {
      const from = 4 * levels[x * ROWS + row]!
      const to = 4 * (ROWS - 1 - row)
      for (let c = 0; c < 4; c++) data[to + c] = this.#colours[from + c]!
    }
    this.#imageContext.putImageData(this.#column, x, 0)
  }

  #resize(): void {
    const { clientWidth, clientHeight } = this.#canvas.parentElement!
    const ratio = density()
    this.#canvas.width = Math.round(clientWidth * ratio)
    this.#canvas.height = Math.round(clientHeight * ratio)
    this.#context.setTransform(ratio, 0, 0, ratio, 0, 0)
    this.#paintImage()
    this.#paintAxes()
    this.#paintScale()
  }

  #size(): { readonly width: number; readonly height: number } {
    const { clientWidth, clientHeight } = this.#canvas.parentElement!
    return { width: Math.max(1, clientWidth - LEFT - RIGHT), height: Math.max(1, clientHeight - TOP - BOTTOM) }
  }

  #paintImage(): void {
    const g = this.#context
    const { width, height } = this.#size()
    const { at, columns } = this.#history
    const seam = Math.round((width * (columns - at)) / columns)
    g.drawImage(this.#image, at, 0, columns - at, ROWS, LEFT, TOP, seam, height)
    if (at > 0) g.drawImage(this.#image, 0, 0, at, ROWS, LEFT + seam, TOP, width - seam, height)
  }

  #paintAxes(): void {
    const g = this.#context
    const { width, height } = this.#size()
    const f = spectrogramFrequencies(this.#feed.shape)
    const span = Math.log(f.at(-1)! / f[0]!)
    g.font = this.#palette.font
    g.fillStyle = this.#palette.muted
    g.textAlign = 'right'
    g.textBaseline = 'middle'
    for (const hz of MARKS_HZ) {
      const y = TOP + height * (1 - Math.log(hz / f[0]!) / span)
      if (y > TOP) g.fillText(formatHertz(hz), LEFT - 8, y)
    }
    g.textAlign = 'center'
    g.textBaseline = 'top'
    const seconds = this.#history.columns * columnSeconds(this.#feed.shape)
    for (const s of MARKS_S) {
      g.fillText(s === 0 ? 'now' : `−${s} s`, LEFT + width * (1 - s / seconds), TOP + height + 5)
    }
  }

  #paintScale(): void {
    const g = this.#context
    const { width, height } = this.#size()
    const x = LEFT + width + 10
    for (let i = 1; i < COLOUR_COUNT; i++) {
      const [r, green, b] = this.#colours.subarray(4 * i)
      g.fillStyle = `rgb(${r} ${green} ${b})`
      g.fillRect(x, TOP + height * (1 - i / (COLOUR_COUNT - 1)), SCALE_WIDTH, height / (COLOUR_COUNT - 1) + 1)
    }
    g.fillStyle = this.#palette.muted
    g.textAlign = 'left'
    g.textBaseline = 'middle'
    for (const db of MARKS_DB) {
      const y = TOP + height * (1 - (db - LOWEST_DB) / (HIGHEST_DB - LOWEST_DB))
      g.fillText(`−${-db}`, x + SCALE_WIDTH + 5, Math.max(TOP + 6, y))
    }
  }
}
