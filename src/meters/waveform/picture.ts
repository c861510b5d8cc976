/**
 * Paints the waveform of one node: a lane a channel, newest at the right. What is new is painted into a ring of pixels, and
 * each time the ring is laid onto the screen: the work does not grow with the span.
 */
import type { Disposable } from '#shared/lifecycle.ts'
import { density, fit, onResize } from '#meters/draw/density.ts'
import { hatchOf } from '#meters/draw/hatch.ts'
import type { Palette } from '#meters/draw/theme.ts'
import type { Feed } from '#meters/draw/view.ts'
import type { Axis } from './axis.ts'
import type { Outline, WaveformHistory } from './history.ts'
import { COLUMNS_PER_SECOND } from './meter.ts'

/** Room for labels, CSS px. */
const LEFT = 58
const RIGHT = 14
const BOTTOM = 20
const TOP = 4
/** Room for half a label above a channel and half a label below the one before it, where there is room for it. */
const LANE_GAP = 16
/** Height of a label, CSS px. */
const LABEL_PX = 14
/** A lost block of 10 ms must be seen, and a single clipped sample. */
const NARROWEST_PX = 3
/** The time marks of each span, s. */
const MARKS_S: Readonly<Record<number, readonly number[]>> = {
  2: [0, 0.5, 1, 1.5],
  10: [0, 2, 4, 6, 8],
  30: [0, 5, 10, 15, 20, 25],
}

export interface Look {
  readonly palette: Palette
  readonly axis: Axis
  readonly seconds: number
}

export class Picture implements Disposable {
  readonly #history: WaveformHistory
  readonly #look: Look
  readonly #canvas: HTMLCanvasElement
  readonly #context: CanvasRenderingContext2D
  /** A ring of bins, each `#pitch` pixels wide and `#columns` columns long; one of the two is 1. */
  readonly #image = document.createElement('canvas')
  readonly #imageContext: CanvasRenderingContext2D
  readonly #hatch: CanvasPattern | string
  readonly #outline: Outline = { least: 0, largest: 0, clipped: false }
  readonly #before: Outline = { least: 0, largest: 0, clipped: false }
  readonly #drawing: Disposable
  readonly #resized: Disposable
  #bins = 1
  #pitch = 1
  #columns = 1
  #width = 1
  #height = 1
  #ratio = 1

  /** `moved` runs after the history took something new. */
  constructor(
    canvas: HTMLCanvasElement,
    feed: Feed,
    history: WaveformHistory,
    look: Look,
    moved: (now: number) => void,
  ) {
    this.#history = history
    this.#look = look
    this.#canvas = canvas
    this.#context = canvas.getContext('2d')!
    this.#imageContext = this.#image.getContext('2d')!
    this.#hatch = hatchOf(look.palette.warn)(this.#imageContext)
    this.#resized = onResize(canvas.parentElement!, () => this.#resize())
    this.#resize()
    this.#drawing = feed.onDraw(canvas, (now) => {
      const reading = feed.live ? feed.reading() : undefined
      const passed = reading ? history.take(reading) : 0
      if (passed > 0) {
        this.#paintColumns(history.next - passed)
        this.#paint()
      }
      moved(now)
    })
  }

  dispose(): void {
    void this.#drawing.dispose()
    void this.#resized.dispose()
  }

  #resize(): void {
    const { width, height } = fit(this.#canvas)
    const ratio = (this.#ratio = density())
    this.#width = Math.max(1, width - LEFT - RIGHT)
    this.#height = Math.max(1, height - TOP - BOTTOM)
    const columns = this.#look.seconds * COLUMNS_PER_SECOND
    this.#columns = Math.max(1, Math.floor(columns / (this.#width * ratio)))
    this.#bins = Math.ceil(columns / this.#columns)
    this.#pitch = Math.max(1, Math.round((this.#width * ratio) / this.#bins))
    this.#image.width = this.#bins * this.#pitch
    this.#image.height = Math.max(1, Math.round(this.#height * ratio))
    this.#paintColumns(Math.max(0, this.#history.next - columns))
    this.#paint()
  }

  /** Paints the bins of the columns from `first` on. */
  #paintColumns(first: number): void {
    const { next } = this.#history
    const newest = Math.ceil(next / this.#columns) - 1
    const oldest = Math.max(Math.floor(first / this.#columns), newest - this.#bins + 1)
    for (let bin = oldest; bin <= newest; bin++) this.#paintBin(bin)
  }

  #paintBin(bin: number): void {
    const g = this.#imageContext
    const history = this.#history
    const { palette } = this.#look
    const x = (bin % this.#bins) * this.#pitch
    const { height } = this.#image
    g.clearRect(x, 0, this.#pitch, height)
    const [from, to] = [bin * this.#columns, (bin + 1) * this.#columns]
    // What must be seen goes on for a few pixels.
    const more = Math.max(0, Math.ceil((NARROWEST_PX * this.#ratio) / this.#pitch) - 1) * this.#columns
    let lost = false
    for (let column = from - more; column < to; column++) lost ||= history.lost(column) > 0
    if (lost) {
      g.fillStyle = this.#hatch
      g.fillRect(x, 0, this.#pitch, height)
    }
    // A hole that no reading told of: it was heard all the same.
    else if (from >= 0 && !this.#known(from, to)) {
      g.fillStyle = palette.track
      g.fillRect(x, 0, this.#pitch, height)
    }
    for (let c = 0; c < history.channels; c++) {
      history.outline(c, from - more, to, this.#before)
      const { clipped } = this.#before
      history.outline(c, from - 1, from, this.#before)
      history.outline(c, from, to, this.#outline)
      this.#paintOutline(c, x, clipped ? palette.bad : palette.accent)
      if (!clipped) continue
      const { top, half } = this.#lane(c)
      const mark = Math.min(half, 4 * this.#ratio)
      g.fillRect(x, top, this.#pitch, mark)
      g.fillRect(x, top + 2 * half - mark, this.#pitch, mark)
    }
  }

  #known(from: number, to: number): boolean {
    for (let c = 0; c < this.#history.channels; c++) {
      this.#history.outline(c, from, to, this.#outline)
      if (this.#outline.largest > -Infinity) return true
    }
    return false
  }

  /** One stroke from least to largest, long enough to meet the one before it. */
  #paintOutline(channel: number, x: number, style: string): void {
    const g = this.#imageContext
    g.fillStyle = style
    const { least, largest } = this.#outline
    if (largest === -Infinity) return
    const { axis } = this.#look
    const { top, half } = this.#lane(channel)
    const joins = this.#before.largest > -Infinity
    const high = joins ? Math.max(largest, Math.min(this.#before.least, 1)) : largest
    const low = joins ? Math.min(least, Math.max(this.#before.largest, -1)) : least
    const y0 = top + half * (1 - axis.share(high))
    const y1 = top + half * (1 - axis.share(low))
    const thick = Math.max(this.#ratio, y1 - y0)
    g.fillRect(x, Math.min(y0, top + 2 * half - thick), this.#pitch, thick)
  }

  /** Of a channel in the image: its upper edge, and the way from there to its middle, px. */
  #lane(channel: number): { readonly top: number; readonly half: number; readonly gap: number } {
    const room = this.#image.height / this.#history.channels
    const gap = Math.min(LANE_GAP * this.#ratio, room / 4)
    return { top: channel * room + gap / 2, half: (room - gap) / 2, gap }
  }

  #paint(): void {
    const g = this.#context
    g.clearRect(0, 0, this.#canvas.width, this.#canvas.height)
    this.#paintAxes()
    const { next } = this.#history
    if (next === 0) return
    const newest = Math.ceil(next / this.#columns) - 1
    /** Where the ring begins: the bin after the newest is the oldest. */
    const at = ((newest + 1) % this.#bins) * this.#pitch
    const { width, height } = this.#image
    const seam = (this.#width * (width - at)) / width
    g.drawImage(this.#image, at, 0, width - at, height, LEFT, TOP, seam, this.#height)
    if (at > 0) g.drawImage(this.#image, 0, 0, at, height, LEFT + seam, TOP, this.#width - seam, this.#height)
  }

  #paintAxes(): void {
    const g = this.#context
    const { palette, axis, seconds } = this.#look
    const [width, height] = [this.#width, this.#height]
    g.font = palette.font
    g.textBaseline = 'middle'
    for (let c = 0; c < this.#history.channels; c++) {
      const lane = this.#lane(c)
      const [top, half] = [TOP + lane.top / this.#ratio, lane.half / this.#ratio]
      g.fillStyle = palette.grid
      const lines = half >= LABEL_PX / 2 ? axis.marks : []
      for (const { share } of lines) g.fillRect(LEFT, Math.round(top + half * (1 - share)), width, 1)
      g.fillStyle = palette.muted
      g.textAlign = 'right'
      // Where there is no room for all labels there is for the ends and the middle, or for the ends.
      const last = axis.marks.length - 1
      const step = 2 * half >= LABEL_PX * last ? 1 : half >= LABEL_PX ? last / 2 : half >= LABEL_PX / 2 ? last : 0
      // Each stands at its line; ends that would touch those of the next channel are left out.
      const apart = lane.gap / this.#ratio >= LABEL_PX - 2
      const labelled = step > 0 ? axis.marks.filter((_, i) => i % step === 0 && (apart || (i > 0 && i < last))) : []
      for (const { share, text } of labelled) g.fillText(text, LEFT - 6, top + half * (1 - share))
      g.fillStyle = palette.text
      g.textAlign = 'left'
      g.fillText(String(c + 1), 2, top + half)
    }
    g.fillStyle = palette.muted
    g.textAlign = 'center'
    g.textBaseline = 'top'
    for (const s of MARKS_S[seconds] ?? [0]) {
      g.fillText(s === 0 ? 'now' : `−${s} s`, LEFT + width * (1 - s / seconds), TOP + height + 4)
    }
  }
}
