/** Paints the spectrogram of one node: newest at the right, low frequencies at the bottom; and what a person points at. */
import { DisposableStore, type Disposable } from '#shared/lifecycle.ts'
import { Cursor, read, type Step } from '#meters/draw/cursor.ts'
import { fit, onResize } from '#meters/draw/density.ts'
import { hatchOf } from '#meters/draw/hatch.ts'
import { hertzAt, shareOf, type HertzRange } from '#meters/draw/hertz.ts'
import { Soon } from '#meters/draw/soon.ts'
import type { Palette, Theme } from '#meters/draw/theme.ts'
import { levelUnit, type Feed } from '#meters/draw/view.ts'
import { slotAt } from '#meters/meter.ts'
import { nextPeak, type Curve } from '#meters/spectrum/curve.ts'
import { shiftOf } from '#meters/spectrum/shown.ts'
import { BOTTOM, ColourScale, LEFT, paintAxes, RIGHT, TOP, type Size } from './axes.ts'
import { colours } from './colours.ts'
import type { SpectrogramHistory } from './history.ts'
import { SpectrogramImage } from './image.ts'
import type { SpectrogramLook } from './looks.ts'
import { ROWS, columnBandwidth, columnSeconds, spectrogramFrequencies, spectrogramMeter } from './meter.ts'

/** With Shift, keys go so far. */
const FAR_S = 1
/** Less than this is no news for the eye, px. */
const LEAST_MOVE_PX = 0.5

/** One moment and frequency; the level in what is shown, undefined where nothing was heard. */
export interface Spot {
  /** Before the newest, s. */
  readonly ago: number
  readonly hz: number
  readonly db: number | undefined
}

export class Picture implements Disposable {
  readonly #feed: Feed
  readonly #palette: Palette
  readonly #theme: Theme
  readonly #history: SpectrogramHistory
  readonly #canvas: HTMLCanvasElement
  readonly #context: CanvasRenderingContext2D
  readonly #hatch: ReturnType<typeof hatchOf>
  readonly #frequencies: Float64Array
  readonly #whole: HertzRange
  readonly #second: number
  readonly #slots: Readonly<Record<'count' | 'columns' | 'lost' | 'end', number>>
  readonly #cursor: Cursor
  readonly #soon = new Soon((now) => this.#paint(now, true))
  readonly #onDrawn: (now: number, moved: boolean) => void
  readonly #store = new DisposableStore()
  #look: SpectrogramLook | undefined
  #image: SpectrogramImage | undefined
  #scale: ColourScale | undefined
  /** `head` of the history that was painted. */
  #painted = -Infinity

  /** `frame` holds a canvas. `onKeys` when keys led somewhere; `onDrawn` after each drawing, `moved` where a hand had part in it. */
  constructor(
    frame: HTMLElement,
    feed: Feed,
    history: SpectrogramHistory,
    { palette, theme }: { readonly palette: Palette; readonly theme: Theme },
    onKeys: () => void,
    onDrawn: (now: number, moved: boolean) => void,
  ) {
    this.#feed = feed
    this.#palette = palette
    this.#theme = theme
    this.#history = history
    this.#onDrawn = onDrawn
    this.#canvas = frame.querySelector('canvas')!
    this.#context = this.#canvas.getContext('2d')!
    this.#hatch = hatchOf(palette.warn)
    this.#frequencies = spectrogramFrequencies(feed.shape)
    this.#whole = { from: this.#frequencies[0]!, to: this.#frequencies.at(-1)! }
    this.#second = 1 / columnSeconds(feed.shape)
    const layout = spectrogramMeter.layout(feed.shape)
    const lost = slotAt(layout, 'lost')
    this.#slots = {
      count: slotAt(layout, 'count').at,
      columns: slotAt(layout, 'columns').at,
      lost: lost.at,
      end: lost.at + lost.length,
    }
    const field = { placeAt: (x: number, y: number) => this.#placeAt(x, y), step: this.#step }
    this.#cursor = new Cursor(frame, field, (byKeys) => {
      if (byKeys) onKeys()
      this.#soon.ask()
    })
    this.#store.add(this.#cursor)
    this.#store.add(this.#soon)
    // Tells the first size too, soon.
    this.#store.add(onResize(frame, () => this.#resize()))
    this.#store.add(feed.onDraw(this.#canvas, (now) => this.#draw(now)))
  }

  show(look: SpectrogramLook): void {
    if (look === this.#look) return
    this.#look = look
    const { ceiling, floor, axis, map } = look
    const made = colours(map, this.#theme)
    this.#scale = new ColourScale(made)
    this.#image = new SpectrogramImage(this.#history, this.#whole, {
      colours: made,
      floor: Number(floor),
      ceiling: Number(ceiling),
      scale: axis,
    })
    this.#soon.ask()
  }

  /** What is read now, and what it is compared with. */
  get pointed(): { readonly at: Spot | undefined; readonly against: Spot | undefined } {
    const { at, against } = read(this.#cursor)
    return { at: this.#spot(at), against: this.#spot(against) }
  }

  dispose(): void {
    void this.#store.dispose()
  }

  #draw(now: number): void {
    const reading = this.#feed.live ? this.#feed.reading() : undefined
    const { count, columns, lost, end } = this.#slots
    const history = this.#history
    if (reading) {
      const moved = history.take(reading[count]!, reading.subarray(columns, lost), reading.subarray(lost, end))
      if (moved > 0) this.#image?.add(history.head - moved)
    }
    const { width } = this.#size()
    const travelled = ((history.head - this.#painted) * width) / this.#columnsShown
    if (travelled >= LEAST_MOVE_PX) this.#paint(now, false)
  }

  #resize(): void {
    fit(this.#canvas)
    this.#paint(performance.now(), true)
  }

  get #columnsShown(): number {
    return Math.round(Number(this.#look?.span ?? 30) * this.#second)
  }

  #size(): Size {
    const { clientWidth, clientHeight } = this.#canvas.parentElement!
    return { width: Math.max(1, clientWidth - LEFT - RIGHT), height: Math.max(1, clientHeight - TOP - BOTTOM) }
  }

  #paint(now: number, moved: boolean): void {
    if (!this.#look || !this.#image || !this.#scale) return
    this.#painted = this.#history.head
    const size = this.#size()
    const g = this.#context
    g.clearRect(0, 0, LEFT + size.width + RIGHT, TOP + size.height + BOTTOM)
    g.fillStyle = this.#palette.track
    g.fillRect(LEFT, TOP, size.width, size.height)
    this.#paintImage(this.#image, size)
    this.#paintLost(size)
    g.font = this.#palette.font
    paintAxes(g, this.#palette, this.#whole, this.#look, size)
    this.#scale.paint(g, this.#palette, this.#look, shiftOf(this.#feed), levelUnit(this.#feed), size)
    this.#paintCursors(this.#scale, size)
    this.#onDrawn(now, moved)
  }

  #paintImage({ canvas }: SpectrogramImage, { width, height }: Size): void {
    const { head, oldest, columns } = this.#history
    const shown = this.#columnsShown
    const first = Math.max(oldest, head - shown)
    // Of a ring, in one piece or two.
    for (let from = first; from < head;) {
      const at = from % columns
      const count = Math.min(head - from, columns - at)
      const x = this.#x(from, width)
      this.#context.drawImage(canvas, at, 0, count, canvas.height, x, TOP, this.#x(from + count, width) - x, height)
      from += count
    }
  }

  #paintLost({ width, height }: Size): void {
    const { head, oldest } = this.#history
    const g = this.#context
    g.fillStyle = this.#hatch(g)
    const first = Math.max(oldest, head - this.#columnsShown)
    for (let from = first; from < head; from++) {
      if (this.#history.kind(from) !== 'lost') continue
      let to = from + 1
      while (to < head && this.#history.kind(to) === 'lost') to++
      const x = this.#x(from, width)
      g.fillRect(x, TOP, Math.max(1, this.#x(to, width) - x), height)
      from = to
    }
  }

  #paintCursors({ ground, line }: ColourScale, { width, height }: Size): void {
    const { kept, before } = this.#cursor
    const { at } = read(this.#cursor)
    const g = this.#context
    g.save()
    g.beginPath()
    g.rect(LEFT, TOP, width, height)
    g.clip()
    for (const place of new Set([before, kept, at])) {
      if (place === undefined) continue
      const x = Math.round(this.#x(Math.floor(place / ROWS) + 0.5, width)) + 0.5
      const y = Math.round(this.#y(this.#frequencies[place % ROWS]!, height)) + 0.5
      g.beginPath()
      g.moveTo(x, TOP)
      g.lineTo(x, TOP + height)
      g.moveTo(LEFT, y)
      g.lineTo(LEFT + width, y)
      // On any colour of the picture: one end of the scale in the other.
      g.setLineDash([])
      g.strokeStyle = ground
      g.lineWidth = 3
      g.stroke()
      g.setLineDash(place === at ? [] : [5, 3])
      g.strokeStyle = line
      g.lineWidth = 1
      g.stroke()
    }
    g.restore()
  }

  #x(column: number, width: number): number {
    return LEFT + width * (1 - (this.#history.head - column) / this.#columnsShown)
  }

  #y(hz: number, height: number): number {
    return TOP + height * (1 - shareOf(hz, this.#whole, this.#look?.axis ?? 'log'))
  }

  /** A place is a column's number and a row. */
  #placeAt(x: number, y: number): number | undefined {
    const { width, height } = this.#size()
    const across = (x - LEFT) / width
    const up = 1 - (y - TOP) / height
    if (across < 0 || across >= 1 || up < 0 || up > 1) return undefined
    const column = this.#history.head - Math.ceil((1 - across) * this.#columnsShown)
    if (column < this.#history.oldest || column >= this.#history.head) return undefined
    return column * ROWS + this.#rowOf(hertzAt(up, this.#whole, this.#look?.axis ?? 'log'))
  }

  #rowOf(hz: number): number {
    return Math.max(0, Math.min(ROWS - 1, Math.round((ROWS - 1) * shareOf(hz, this.#whole, 'log'))))
  }

  /** Keys begin at the highest level of the newest column. With Shift: a second, or to the next peak of the column. */
  readonly #step = (from: number | undefined, { across, up, far }: Step): number | undefined => {
    const { head, oldest } = this.#history
    if (head === 0) return undefined
    if (from === undefined) {
      const { levels } = this.#curveOf(head - 1)
      return (head - 1) * ROWS + levels.indexOf(Math.max(...levels))
    }
    const [column, row] = [Math.floor(from / ROWS), from % ROWS]
    const by = across * (far ? Math.round(FAR_S * this.#second) : 1)
    const moved = Math.max(oldest, Math.min(head - 1, column + by))
    if (up === 0) return moved * ROWS + row
    const next = far ? (nextPeak(this.#curveOf(column), row, up) ?? row) : row + up
    return moved * ROWS + Math.max(0, Math.min(ROWS - 1, next))
  }

  #curveOf(column: number): Curve & { readonly levels: number[] } {
    const levels = Array.from({ length: ROWS }, (_, row) => this.#history.level(column, row))
    return { levels, frequencies: this.#frequencies, bandwidth: columnBandwidth(this.#feed.shape) }
  }

  #spot(place: number | undefined): Spot | undefined {
    if (place === undefined) return undefined
    const [column, row] = [Math.floor(place / ROWS), place % ROWS]
    const heard = this.#history.kind(column) === 'heard'
    return {
      ago: (this.#history.head - 1 - column) / this.#second,
      hz: this.#frequencies[row]!,
      db: heard ? this.#history.level(column, row) + shiftOf(this.#feed) : undefined,
    }
  }
}
