/** The columns of a spectrogram as an image, a ring like the history: a new column paints one column. */
import { hertzAt, shareOf, type HertzRange, type HertzScale } from '#meters/draw/hertz.ts'
import { colourAt } from './colours.ts'
import type { SpectrogramHistory } from './history.ts'
import { ROWS } from './meter.ts'

/** On a linear axis the high rows are wide: so many pixels that the low ones have some. */
const LINEAR_HEIGHT = 2 * ROWS

export interface ImageLook {
  readonly colours: Uint8ClampedArray
  /** dB as read. */
  readonly floor: number
  readonly ceiling: number
  readonly scale: HertzScale
}

export class SpectrogramImage {
  readonly canvas = document.createElement('canvas')
  readonly #context: CanvasRenderingContext2D
  readonly #history: SpectrogramHistory
  readonly #look: ImageLook
  /** Row of the history at each pixel, from the top down. */
  readonly #rows: Uint8Array
  readonly #column: ImageData

  constructor(history: SpectrogramHistory, range: HertzRange, look: ImageLook) {
    const height = look.scale === 'log' ? ROWS : LINEAR_HEIGHT
    this.canvas.width = history.columns
    this.canvas.height = height
    this.#context = this.canvas.getContext('2d')!
    this.#history = history
    this.#look = look
    this.#column = this.#context.createImageData(1, height)
    this.#rows = Uint8Array.from({ length: height }, (_, y) => {
      const hz = hertzAt(1 - (y + 0.5) / height, range, look.scale)
      return Math.round((ROWS - 1) * shareOf(hz, range, 'log'))
    })
    const all = this.#context.createImageData(history.columns, height)
    for (let column = history.oldest; column < history.head; column++)
      this.#paint(column, all.data, column % history.columns, history.columns)
    this.#context.putImageData(all, 0, 0)
  }

  /** Paints what the history has had since it had `from` columns. */
  add(from: number): void {
    const { oldest, head, columns } = this.#history
    for (let column = Math.max(from, oldest); column < head; column++) {
      this.#paint(column, this.#column.data, 0, 1)
      this.#context.putImageData(this.#column, column % columns, 0)
    }
  }

  /** Nothing, where nothing was heard. */
  #paint(column: number, data: Uint8ClampedArray, x: number, width: number): void {
    const { colours, floor, ceiling } = this.#look
    const heard = this.#history.kind(column) === 'heard'
    for (let y = 0; y < this.#rows.length; y++) {
      const to = 4 * (y * width + x)
      if (!heard) {
        data[to + 3] = 0
        continue
      }
      const from = 4 * colourAt(this.#history.level(column, this.#rows[y]!), floor, ceiling)
      for (let c = 0; c < 4; c++) data[to + c] = colours[from + c]!
    }
  }
}
