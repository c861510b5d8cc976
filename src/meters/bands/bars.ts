/** Draws the bands of one node: a bar for what was chosen, a line for the largest and a thin one for the mean since reset. */
import type { Disposable } from '#shared/lifecycle.ts'
import { fit, onResize } from '#meters/draw/density.ts'
import { Cursor, read, type Step } from '#meters/draw/cursor.ts'
import { formatHertz, formatLevel } from '#meters/draw/format.ts'
import { AutoTop, levelMarks } from '#meters/draw/levels.ts'
import { Soon } from '#meters/draw/soon.ts'
import type { Palette } from '#meters/draw/theme.ts'
import type { Feed } from '#meters/draw/view.ts'
import { nextPeak } from '#meters/spectrum/curve.ts'
import { type Bar, type BandLevels, type Channel } from './levels.ts'
import type { BandsLook } from './looks.ts'

/** Room for labels, CSS px. */
const LEFT = 40
const RIGHT = 4
const BOTTOM = 20
const TOP = 8
/** Space that the name of a band takes. */
const LABEL_WIDTH = 38
/** Between the bands and the whole sound; a bar of that is this wide at least. */
const APART = 14
const LEAST_TOTAL = 20

/** Bands are smooth: less makes a peak of them. */
const PROMINENCE_DB = 3

/** Where things lie in the picture, CSS px. */
interface Box {
  readonly left: number
  readonly width: number
}

export class BandBars implements Disposable {
  readonly #feed: Feed
  readonly #levels: BandLevels
  readonly #palette: Palette
  readonly #canvas: HTMLCanvasElement
  readonly #context: CanvasRenderingContext2D
  readonly #cursor: Cursor
  readonly #auto: AutoTop
  readonly #drawing: Disposable
  readonly #resized: Disposable
  readonly #soon = new Soon((now) => this.#paint(now, true))
  readonly #onDrawn: (now: number, moved: boolean) => void
  #look: { readonly bar: Bar; readonly channel: Channel; readonly range: number; readonly top: number | 'auto' } = {
    bar: 'F',
    channel: 'mean',
    range: 120,
    top: 0,
  }
  #width = 0
  #height = 0
  #high = 0

  /** `onKeys` when keys led somewhere; `onDrawn` after each drawing, `moved` where a hand had part in it. */
  constructor(
    frame: HTMLElement,
    feed: Feed,
    levels: BandLevels,
    palette: Palette,
    onKeys: () => void,
    onDrawn: (now: number, moved: boolean) => void,
  ) {
    this.#feed = feed
    this.#levels = levels
    this.#palette = palette
    this.#onDrawn = onDrawn
    this.#auto = new AutoTop(feed.splOffset ?? 0)
    this.#canvas = frame.querySelector('canvas')!
    this.#context = this.#canvas.getContext('2d')!
    const field = { placeAt: (x: number) => this.#placeAt(x), step: this.#step }
    this.#cursor = new Cursor(frame, field, (byKeys) => {
      if (byKeys) onKeys()
      this.#soon.ask()
    })
    // Tells the first size too, soon.
    this.#resized = onResize(frame, () => this.#resize())
    this.#drawing = feed.onDraw(this.#canvas, (now) => this.#paint(now, false))
  }

  show(bar: Bar, { channel, range, top }: BandsLook): void {
    const one = channel === 'mean' || Number(channel) > this.#feed.shape.channels ? 'mean' : Number(channel) - 1
    this.#look = { bar, channel: one, range: Number(range), top: top === 'auto' ? top : Number(top) }
    this.#soon.ask()
  }

  /** Which bars are read, and what the look makes of them. */
  get pointed(): ReturnType<typeof read> {
    return read(this.#cursor)
  }

  level(place: number, bar = this.#look.bar): number | undefined {
    return this.#levels.level(place, bar, this.#look.channel)
  }

  /** The band with the highest bar; undefined where there is none. */
  get highest(): number | undefined {
    let highest: number | undefined
    for (let place = 0; place < this.#levels.bands.length; place++) {
      const level = this.level(place) ?? -Infinity
      if (level > -Infinity && (highest === undefined || level > this.level(highest)!)) highest = place
    }
    return highest
  }

  dispose(): void {
    void this.#drawing.dispose()
    this.#cursor.dispose()
    this.#soon.dispose()
    void this.#resized.dispose()
  }

  #resize(): void {
    const { width, height } = fit(this.#canvas)
    this.#width = width
    this.#height = height
    this.#paint(performance.now(), true)
  }

  #paint(now: number, moved: boolean): void {
    const g = this.#context
    const { grid, muted, font, track, accent, text } = this.#palette
    const { bands, count } = this.#levels
    const [width, height] = [this.#width, this.#height]
    const bottom = height - BOTTOM
    this.#high = this.#top(now)
    g.clearRect(0, 0, width, height)
    g.font = font
    g.textAlign = 'right'
    g.textBaseline = 'middle'
    for (const mark of levelMarks(this.#high - this.#look.range, this.#high, 0, bottom - TOP)) {
      const y = Math.round(this.#y(mark)) + 0.5
      g.fillStyle = muted
      g.fillText(formatLevel(mark, 0), LEFT - 8, y)
      g.fillStyle = grid
      g.fillRect(LEFT, y - 0.5, width - LEFT - RIGHT, 1)
    }
    g.textAlign = 'center'
    const { at, against } = this.pointed
    for (let place = 0; place < count; place++) {
      const { left: x, width: bar } = this.#box(place)
      g.fillStyle = track
      g.fillRect(x, TOP, bar, bottom - TOP)
      const y = this.#y(this.level(place) ?? -Infinity)
      g.fillStyle = accent
      g.fillRect(x, y, bar, bottom - y)
      this.#line(text, x, bar, 2, this.level(place, 'Fmax'))
      // In an edge of its own: it is seen on a bar and above it.
      this.#line(track, x, bar, 4, this.level(place, 'Eq'))
      this.#line(muted, x, bar, 2, this.level(place, 'Eq'))
      g.fillStyle = place === at ? text : muted
      if (place >= bands.length) g.fillText(this.#levels.name(place), x + bar / 2, height - BOTTOM / 2)
      else if (this.#named(place)) g.fillText(formatHertz(bands[place]!.nominal), x + bar / 2, height - BOTTOM / 2)
    }
    if (against !== undefined) this.#frame(against, muted)
    if (at !== undefined) this.#frame(at, text)
    this.#onDrawn(now, moved)
  }

  #top(now: number): number {
    const { top } = this.#look
    const { splOffset = 0 } = this.#feed
    if (top !== 'auto') return top + splOffset
    let highest = -Infinity
    for (let place = 0; place < this.#levels.count; place++)
      highest = Math.max(highest, this.level(place, 'Fmax') ?? -Infinity)
    return this.#auto.update(highest, now)
  }

  #box(place: number): Box {
    const { bands, count } = this.#levels
    const totals = count - bands.length
    const all = this.#width - LEFT - APART - RIGHT
    const own = Math.max(LEAST_TOTAL, all / count)
    const room = (all - totals * own) / bands.length
    const wide = place < bands.length ? room : own
    const gap = Math.min(4, wide / 4)
    const left =
      place < bands.length ? LEFT + place * room : LEFT + APART + bands.length * room + (place - bands.length) * own
    return { left: left + gap / 2, width: wide - gap }
  }

  /** Octave names where there is no room for more, counted from 31.5 Hz up: 1 kHz is always among them. */
  #named(place: number): boolean {
    const { bands } = this.#levels
    const room = this.#box(1).left - this.#box(0).left
    const every = Math.max(1, Math.ceil(LABEL_WIDTH / room / 3) * 3)
    return room >= LABEL_WIDTH || bands.length <= 10 || (place + 1) % every === 0
  }

  #placeAt(x: number): number | undefined {
    if (x < LEFT) return undefined
    for (let place = 0; place < this.#levels.count; place++) {
      const { left, width } = this.#box(place)
      if (x >= left - 2 && x < left + width + 2) return place
    }
    return undefined
  }

  /** With Shift, to the next band that stands out. */
  readonly #step = (from: number | undefined, { across, up, far }: Step): number | undefined => {
    if (up !== 0) return from
    const { count, bands } = this.#levels
    const start = from ?? (across > 0 ? -1 : count)
    if (!far) return Math.min(count - 1, Math.max(0, start + across))
    const levels = bands.map((_, place) => this.level(place) ?? -Infinity)
    const curve = { levels, frequencies: bands.map(({ mid }) => mid), bandwidth: 0, prominence: PROMINENCE_DB }
    return nextPeak(curve, Math.min(start, bands.length), across < 0 ? -1 : 1) ?? from
  }

  #frame(place: number, style: string): void {
    const { left, width } = this.#box(place)
    this.#context.strokeStyle = style
    this.#context.lineWidth = 1.5
    this.#context.strokeRect(left - 1.25, TOP - 1.25, width + 2.5, this.#height - TOP - BOTTOM + 2.5)
  }

  #line(style: string, x: number, width: number, thickness: number, db: number | undefined): void {
    if (db === undefined || db <= this.#high - this.#look.range || db > this.#high) return
    this.#context.fillStyle = style
    this.#context.fillRect(x, Math.round(this.#y(db)) - thickness / 2, width, thickness)
  }

  #y(db: number): number {
    const share = Math.min(1, Math.max(0, 1 - (this.#high - db) / this.#look.range))
    return TOP + (this.#height - TOP - BOTTOM) * (1 - share)
  }
}
