/** The moving parts of a tile: a bar, a figure and the last minute as a line. */
import { density, onResize } from '#meters/draw/density.ts'
import { FigurePace, showFigure } from '#meters/draw/figure.ts'
import type { Palette } from '#meters/draw/theme.ts'
import type { Feed } from '#meters/draw/view.ts'
import { slotAt, type Slot } from '#meters/meter.ts'
import { levelMeter } from '#meters/level/meter.ts'
import { loudnessMeter } from '#meters/loudness/meter.ts'
import { soundLevelMeter } from '#meters/sound-level/meter.ts'
import type { NodeTrack } from '#renderer/frames.ts'
import { HISTORY_FLOOR, HISTORY_SECONDS, type Span } from '#renderer/last-minute/history.ts'
import type { Disposable } from '#shared/lifecycle.ts'

const LOWEST_DB = -60
/** Of the line: what is softer lies on its floor. */
const LOWEST_LUFS = -70
/** A line of a minute over some 200 pixels moves one pixel in 300 ms. */
const LINE_MS = 300
/** Of what was lost: seen at once, and quieter than a figure. */
const LOST_ALPHA = 0.4
/** Nothing was heard for so long: two lines, not one. */
const BREAK_SECONDS = 1

export function drawTile(
  box: HTMLElement,
  feed: Feed,
  palette: Palette,
  track: () => NodeTrack | undefined,
): Disposable {
  const find = (name: string): HTMLElement => box.querySelector<HTMLElement>(`[data-part="${name}"]`)!
  const [bar, peak, figure] = [find('bar'), find('peak'), find('figure')]
  const line = new Line(find('line') as HTMLCanvasElement, palette)
  const highest = highestOf(feed)
  const pace = new FigurePace()
  let lineAt = -Infinity
  const drawing = feed.onDraw(box, (now) => {
    const live = feed.live
    bar.style.transform = `scaleX(${share(live ? highest.rms() : undefined)})`
    peak.style.transform = `translateX(${100 * share(live ? highest.peak() : undefined)}%)`
    if (!live || pace.due(now)) showFigure(figure, live ? highest.shown() : undefined)
    if (live && now - lineAt < LINE_MS) return
    lineAt = now
    line.draw(track())
  })
  return {
    dispose: () => {
      void drawing.dispose()
      line.dispose()
    },
  }
}

function share(db: number | undefined): number {
  return Math.min(1, Math.max(0, 1 - (db ?? -Infinity) / LOWEST_DB))
}

/** Of the loudest channel. `shown`: LAeq of a second in dB SPL where that is known, else short-term loudness. */
function highestOf(feed: Feed) {
  const of = (meter: string, layout: readonly Slot[], slot: string): (() => number | undefined) => {
    const { at, length } = slotAt(layout, slot)
    return () => {
      const reading = feed.readingOf(meter)
      return reading && Math.max(...reading.subarray(at, at + length))
    }
  }
  const { shape, splOffset } = feed
  const [level, loudness, sound] = [levelMeter, loudnessMeter, soundLevelMeter].map((meter) => meter.layout(shape)) as [
    readonly Slot[],
    readonly Slot[],
    readonly Slot[],
  ]
  const pressure = of(soundLevelMeter.id, sound, 'LAeq1s')
  const shortTerm = of(loudnessMeter.id, loudness, 'shortTerm')
  return {
    rms: of(levelMeter.id, level, 'rms'),
    peak: of(levelMeter.id, level, 'peak'),
    shown: (): number | undefined => {
      if (splOffset === undefined) return shortTerm()
      const db = pressure()
      return db === undefined ? undefined : db + splOffset
    },
  }
}

function isWithin(spans: readonly Span[], time: number): boolean {
  return spans.some(({ from, to }) => time >= from && time <= to)
}

/** The last minute on a canvas: loudness as a line, what was lost as a stripe. */
class Line {
  readonly #canvas: HTMLCanvasElement
  readonly #palette: Palette
  readonly #resized: Disposable
  #width = 0
  #height = 0
  #track: NodeTrack | undefined

  constructor(canvas: HTMLCanvasElement, palette: Palette) {
    this.#canvas = canvas
    this.#palette = palette
    this.#resized = onResize(canvas, () => {
      this.#width = canvas.width = Math.round(canvas.clientWidth * density())
      this.#height = canvas.height = Math.round(canvas.clientHeight * density())
      this.draw(this.#track)
    })
  }

  draw(track: NodeTrack | undefined): void {
    this.#track = track
    const g = this.#canvas.getContext('2d')!
    const [width, height] = [this.#width, this.#height]
    g.clearRect(0, 0, width, height)
    const history = track?.history
    if (!history || history.newest === -Infinity || width === 0) return
    const x = (time: number): number => width * (1 + (time - history.newest) / HISTORY_SECONDS)
    const y = (lufs: number): number => (height - 2) * Math.min(1, Math.max(0, lufs / LOWEST_LUFS)) + 1
    g.fillStyle = this.#palette.warn
    g.globalAlpha = LOST_ALPHA
    for (const { from, to, kind } of history.spans)
      if (kind === 'lost') g.fillRect(x(from), 0, Math.max(2 * density(), x(to) - x(from)), height)
    g.globalAlpha = 1
    const [times, loudness] = history.columns()
    g.beginPath()
    // One point a pixel: the loudest of those that fall on it.
    let column = -1
    let loudest = -Infinity
    let before = Number.NaN
    for (let i = 0; i < times.length; i++) {
      const time = times[i]!
      // In a gap, and until there is loudness again after it: no line, and not one on the floor.
      if (loudness[i]! <= HISTORY_FLOOR && isWithin(history.spans, time)) continue
      const at = Math.round(x(time))
      if (at !== column) {
        if (column >= 0) g.lineTo(column, y(loudest))
        if (time - before > BREAK_SECONDS) g.moveTo(at, y(loudness[i]!))
        column = at
        loudest = -Infinity
      }
      loudest = Math.max(loudest, loudness[i]!)
      before = time
    }
    if (column >= 0) g.lineTo(column, y(loudest))
    g.strokeStyle = track.live ? this.#palette.accent : this.#palette.muted
    g.lineWidth = 1.5 * density()
    g.lineJoin = 'round'
    g.stroke()
  }

  dispose(): void {
    void this.#resized.dispose()
  }
}
