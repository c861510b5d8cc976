/** Everything of a spectrum that moves without React: drawn in the app's loop with the node's news, and when a hand moved something. */
import type uPlot from 'uplot'
import type { Disposable } from '#shared/lifecycle.ts'
import { pressed } from '#shared/shortcut.ts'
import { Cursor, read, type Step } from '#meters/draw/cursor.ts'
import { pan, shareOf, zoom, type HertzRange, type HertzScale } from '#meters/draw/hertz.ts'
import { ZOOM_KEYS } from '#meters/draw/keys.ts'
import { AutoTop } from '#meters/draw/levels.ts'
import type { PlotColumns, PlotOptions } from '#meters/draw/plot.tsx'
import { Soon } from '#meters/draw/soon.ts'
import type { Palette } from '#meters/draw/theme.ts'
import type { DrawSource, Feed } from '#meters/draw/view.ts'
import { slotAt } from '#meters/meter.ts'
import { columnsPerOctave, harmonics, nextPeak, smooth } from './curve.ts'
import type { SpectrumLook } from './looks.ts'
import { spectrumFrequencies, spectrumMeter } from './meter.ts'
import { shiftOf } from './shown.ts'
import { NOWHERE_DB, plotOptions, type Marks, type Point } from './plot.ts'

const WHEEL_ZOOM = 1.0015
const KEY_ZOOM = 2
const LINE_PX = 40
/** One column, in what is shown. `hold` is -Infinity where peaks are not held. */
export interface ColumnReading {
  readonly hz: number
  readonly db: number
  readonly hold: number
}

export interface SpectrumReading {
  readonly highest: ColumnReading | undefined
  readonly at: ColumnReading | undefined
  readonly against: ColumnReading | undefined
}

export class SpectrumDrawing implements DrawSource {
  readonly #feed: Feed
  readonly #shift: number
  readonly #frequencies: Float64Array
  readonly #whole: HertzRange
  readonly #slots: Readonly<Record<'db' | 'hold' | 'bandwidth', number>>
  readonly #levels: Float64Array
  readonly #holds: Float64Array
  readonly #sums: Float64Array
  readonly #columns: { readonly data: [Float64Array, Float64Array, Float64Array] }
  readonly #auto: AutoTop
  #look: SpectrumLook = { smoothing: 'off', range: '120', top: '0', axis: 'log', harmonics: 'off' }
  #range: HertzRange
  #cursor: Cursor | undefined
  #plot: uPlot | undefined
  readonly #soon = new Soon((now) => this.#draw?.(now))
  #draw: ((now: number) => void) | undefined
  #onDrawn: ((now: number, moved: boolean) => void) | undefined
  #stale = true
  #moved = true
  #now = 0

  constructor(feed: Feed) {
    this.#feed = feed
    this.#shift = shiftOf(feed)
    this.#auto = new AutoTop(this.#shift)
    this.#frequencies = spectrumFrequencies(feed.shape)
    this.#whole = { from: this.#frequencies[0]!, to: this.#frequencies.at(-1)! }
    this.#range = this.#whole
    const layout = spectrumMeter.layout(feed.shape)
    const { at, length } = slotAt(layout, 'db')
    this.#slots = { db: at, hold: slotAt(layout, 'hold').at, bandwidth: slotAt(layout, 'bandwidth').at }
    this.#levels = new Float64Array(length).fill(-Infinity)
    this.#holds = new Float64Array(length).fill(-Infinity)
    this.#sums = new Float64Array(length + 1)
    const flat = (): Float64Array => new Float64Array(length).fill(NOWHERE_DB)
    this.#columns = { data: [this.#frequencies, flat(), flat()] }
  }

  /** Which part of the frequencies is shown. */
  get range(): HertzRange {
    return this.#range
  }

  show(look: SpectrumLook): void {
    this.#look = look
    this.#touch()
  }

  /** Listens to pointer, wheel and keys over the picture. `onKeys` when keys led somewhere; `onDrawn` after each drawing. */
  attach(element: HTMLElement, onKeys: () => void, onDrawn: (now: number, moved: boolean) => void): Disposable {
    const field = { placeAt: (x: number) => this.#placeAt(x, element), step: this.#step }
    const cursor = new Cursor(element, field, (byKeys) => {
      if (byKeys) {
        this.#follow()
        onKeys()
      }
      this.#touch()
    })
    const wheel = (event: WheelEvent): void => this.#wheel(event)
    const key = (event: KeyboardEvent): void => this.#key(event)
    const whole = (): void => this.#setRange(this.#whole)
    element.addEventListener('wheel', wheel, { passive: false })
    element.addEventListener('keydown', key)
    element.addEventListener('dblclick', whole)
    this.#cursor = cursor
    this.#onDrawn = onDrawn
    return {
      dispose: () => {
        element.removeEventListener('wheel', wheel)
        element.removeEventListener('keydown', key)
        element.removeEventListener('dblclick', whole)
        cursor.dispose()
        this.#soon.dispose()
        this.#cursor = undefined
        this.#onDrawn = undefined
      },
    }
  }

  onDraw(element: Element, paint: (now: number) => void): Disposable {
    const draw = (now: number): void => {
      this.#now = now
      this.#take()
      paint(now)
      const moved = this.#moved
      this.#moved = false
      this.#onDrawn?.(now, moved)
    }
    this.#draw = draw
    // A plot made anew has nothing on it yet.
    this.#stale = true
    const entry = this.#feed.onDraw(element, draw)
    return {
      dispose: () => {
        if (this.#draw === draw) this.#draw = undefined
        return entry.dispose()
      },
    }
  }

  options(palette: Palette, scale: HertzScale): PlotOptions {
    return plotOptions(palette, {
      scale,
      shiftDb: this.#shift,
      marks: () => this.#marks(),
      onMade: (plot) => {
        this.#plot = plot
      },
    })
  }

  /** Undefined while nothing changed. */
  readonly columns = (): PlotColumns | undefined => {
    if (!this.#stale) return undefined
    this.#stale = false
    const high = this.#top()
    return { ...this.#columns, ...this.#range, low: high - Number(this.#look.range), high }
  }

  /** What is shown now. */
  get reading(): SpectrumReading {
    const levels = this.#levels
    let highest = 0
    for (let i = 1; i < levels.length; i++) if (levels[i]! > levels[highest]!) highest = i
    const { at, against } = read(this.#pointed)
    return {
      highest: this.#feed.live && levels[highest]! > -Infinity ? this.#column(highest) : undefined,
      at: at === undefined ? undefined : this.#column(at),
      against: against === undefined ? undefined : this.#column(against),
    }
  }

  get #pointed(): Pick<Cursor, 'hover' | 'kept' | 'before'> {
    return this.#cursor ?? { hover: undefined, kept: undefined, before: undefined }
  }

  #column(place: number): ColumnReading {
    const shift = this.#shift
    return { hz: this.#frequencies[place]!, db: this.#levels[place]! + shift, hold: this.#holds[place]! + shift }
  }

  /** Copies the reading, because a plot keeps its data. */
  #take(): void {
    const reading = this.#feed.live ? this.#feed.reading() : undefined
    const { smoothing } = this.#look
    for (const [slot, levels, drawn] of [
      [this.#slots.db, this.#levels, this.#columns.data[1]],
      [this.#slots.hold, this.#holds, this.#columns.data[2]],
    ] as const) {
      if (!reading) levels.fill(-Infinity)
      else if (smoothing === 'off') for (let i = 0; i < levels.length; i++) levels[i] = reading[slot + i]!
      else {
        const width = columnsPerOctave(this.#whole.from, this.#whole.to, levels.length) / Number(smoothing)
        smooth(reading, slot, width, this.#sums, levels)
      }
      for (let i = 0; i < levels.length; i++) {
        // A plot has no place for -Infinity.
        const level = Math.max(levels[i]!, NOWHERE_DB)
        if (drawn[i] === level) continue
        drawn[i] = level
        this.#stale = true
      }
    }
  }

  #top(): number {
    if (this.#look.top !== 'auto') return Number(this.#look.top)
    let highest = -Infinity
    for (let i = 0; i < this.#levels.length; i++) highest = Math.max(highest, this.#levels[i]!, this.#holds[i]!)
    return this.#auto.update(highest + this.#shift, this.#now) - this.#shift
  }

  #marks(): Marks {
    const { hover, kept, before } = this.#pointed
    const point = (place: number): Point => ({ hz: this.#frequencies[place]!, db: this.#levels[place]! })
    const { at } = read(this.#pointed)
    const others = [kept, before].filter((place) => place !== undefined && place !== (hover ?? kept)) as number[]
    const marked = this.#look.harmonics === 'on' && at !== undefined
    return {
      ...(at === undefined ? {} : { at: point(at) }),
      kept: others.map(point),
      harmonics: marked ? harmonics(this.#frequencies[at]!, this.#range.to) : [],
    }
  }

  #placeAt(x: number, element: HTMLElement): number | undefined {
    const plot = this.#plot
    if (!plot) return undefined
    const left = plot.over.getBoundingClientRect().left - element.getBoundingClientRect().left
    if (x < left || x > left + plot.over.clientWidth) return undefined
    const hz = plot.posToVal(x - left, 'x')
    const last = this.#frequencies.length - 1
    return Math.min(last, Math.max(0, Math.round(last * shareOf(hz, this.#whole, 'log'))))
  }

  readonly #step = (from: number | undefined, { across, up, far }: Step): number | undefined => {
    if (up !== 0) return from
    const last = this.#frequencies.length - 1
    const start = from ?? (across > 0 ? -1 : last + 1)
    if (far) {
      const bandwidth = this.#feed.reading()?.[this.#slots.bandwidth] ?? 0
      const curve = { levels: this.#levels, frequencies: this.#frequencies, bandwidth }
      return nextPeak(curve, start, across < 0 ? -1 : 1) ?? from
    }
    return Math.min(last, Math.max(0, start + across))
  }

  /** Keys led out of what is shown: that goes along. */
  #follow(): void {
    const { kept } = this.#pointed
    if (kept === undefined) return
    const share = shareOf(this.#frequencies[kept]!, this.#range, this.#look.axis)
    if (share < 0) this.#setRange(pan(this.#range, this.#whole, this.#look.axis, share - 0.1))
    if (share > 1) this.#setRange(pan(this.#range, this.#whole, this.#look.axis, share - 0.9))
  }

  #wheel(event: WheelEvent): void {
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PX : 1
    const across = event.shiftKey ? event.deltaY : event.deltaX
    const { axis } = this.#look
    const before = this.#range
    if (event.shiftKey || Math.abs(across) > Math.abs(event.deltaY))
      this.#setRange(pan(before, this.#whole, axis, (across * unit) / Math.max(1, this.#plot?.over.clientWidth ?? 1)))
    else this.#zoom(WHEEL_ZOOM ** (event.deltaY * unit), this.#pointed.hover)
    // Where it goes no further the page scrolls.
    if (this.#range !== before) event.preventDefault()
  }

  #key(event: KeyboardEvent): void {
    const key = pressed<(typeof ZOOM_KEYS)[number]['action']>(ZOOM_KEYS, event)
    if (!key) return
    if (key === 'whole') this.#setRange(this.#whole)
    else this.#zoom(key === 'zoom-in' ? 1 / KEY_ZOOM : KEY_ZOOM, this.#pointed.kept)
    event.preventDefault()
  }

  #zoom(factor: number, around: number | undefined): void {
    const { axis } = this.#look
    const { from, to } = this.#range
    const middle = axis === 'log' ? Math.sqrt(from * to) : (from + to) / 2
    const hz = around === undefined ? middle : this.#frequencies[around]!
    this.#setRange(zoom(this.#range, this.#whole, axis, factor, hz))
  }

  #setRange(range: HertzRange): void {
    if (Math.abs(range.from / this.#range.from - 1) + Math.abs(range.to / this.#range.to - 1) < 1e-9) return
    this.#range = range
    this.#touch()
  }

  /** Draws soon, also where no sound comes in. */
  #touch(): void {
    this.#stale = true
    this.#moved = true
    this.#soon.ask()
  }
}
