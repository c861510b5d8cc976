/**
 * A vectorscope: each pair of samples a point, mid up and side across, so that a channel alone lies on a diagonal. Points fade.
 * The diamond is full scale, or less by the zoom.
 */
import type { Disposable } from '#shared/lifecycle.ts'
import { density, onResize } from '#meters/draw/density.ts'
import type { Palette } from '#meters/draw/theme.ts'
import type { Feed } from '#meters/draw/view.ts'
import { slotAt } from '#meters/meter.ts'
import { correlationMeter, COUNT_MODULUS, PAIRS } from './meter.ts'

/** The first chooses itself. */
export const ZOOMS = ['auto', '0 dB', '+20 dB', '+40 dB'] as const
export type Zoom = (typeof ZOOMS)[number]

/** A point is at a third of its strength after so long, ms. */
const FADE_MS = 400
/** Fading by little at a time would stop before it is complete: colours have 256 steps. */
const LEAST_FADE_MS = 48
/** By the zoom that chooses itself: one of these for all that was as loud in so long, ms; and at most so much, dB. */
const STEP_DB = 6
const CALM_MS = 3000
const MOST_ZOOM_DB = 60
/** Room for labels around the diamond, and size of a point, CSS px. */
const ROOM = 15
const POINT = 1.5

export class Scope implements Disposable {
  readonly #feed: Feed
  readonly #palette: Palette
  readonly #chosen: number | undefined
  readonly #grid: HTMLCanvasElement
  readonly #points: HTMLCanvasElement
  readonly #at: Readonly<Record<'count' | 'left' | 'right' | 'leftSamples' | 'rightSamples', number>>
  readonly #drawing: Disposable
  readonly #resized: Disposable
  #count: number | undefined
  #fadedAt = 0
  #loudAt = 0
  #radius = 1
  #x = 0
  #y = 0
  #names = ''
  /** Of the points now, dB. */
  zoom = 0

  /** `drawn` runs after each change of the picture. */
  constructor(box: HTMLElement, feed: Feed, palette: Palette, zoom: Zoom) {
    this.#feed = feed
    this.#palette = palette
    this.#chosen = zoom === 'auto' ? undefined : Number.parseInt(zoom, 10)
    this.zoom = this.#chosen ?? MOST_ZOOM_DB
    const [grid, points] = [...box.querySelectorAll('canvas')] as [HTMLCanvasElement, HTMLCanvasElement]
    this.#grid = grid
    this.#points = points
    const layout = correlationMeter.layout(feed.shape)
    const at = (name: string): number => slotAt(layout, name).at
    this.#at = {
      count: at('count'),
      left: at('left'),
      right: at('right'),
      leftSamples: at('leftSamples'),
      rightSamples: at('rightSamples'),
    }
    this.#resized = onResize(box, () => this.#resize())
    this.#resize()
    this.#drawing = feed.onDraw(points, (now) => this.#draw(now))
  }

  dispose(): void {
    void this.#drawing.dispose()
    void this.#resized.dispose()
  }

  #draw(now: number): void {
    const reading = this.#feed.live ? this.#feed.reading() : undefined
    if (!reading) return
    const names = `${reading[this.#at.left]! + 1} ${reading[this.#at.right]! + 1}`
    if (names !== this.#names) {
      this.#names = names
      this.#paintGrid()
    }
    const count = reading[this.#at.count]!
    const passed = this.#count === undefined ? PAIRS : (count - this.#count + COUNT_MODULUS) % COUNT_MODULUS
    this.#count = count
    const fresh = Math.min(passed, PAIRS)
    if (this.#chosen === undefined) this.#adjust(reading, count, fresh, now)
    this.#fade(now)
    this.#paintPoints(reading, count, fresh)
  }

  /** Zooms out at once, and in again when it was quiet for a while. */
  #adjust(reading: Float32Array, count: number, fresh: number, now: number): void {
    let largest = 0
    for (let i = 1; i <= fresh; i++) {
      const place = (count - i + COUNT_MODULUS) % PAIRS
      const left = reading[this.#at.leftSamples + place]!
      const right = reading[this.#at.rightSamples + place]!
      largest = Math.max(largest, Math.abs(left), Math.abs(right))
    }
    const room = -20 * Math.log10(largest)
    const fits = Math.max(0, Math.min(MOST_ZOOM_DB, STEP_DB * Math.floor(room / STEP_DB)))
    if (fits <= this.zoom) this.#loudAt = now
    if (fits < this.zoom) this.#zoomTo(fits)
    else if (now - this.#loudAt > CALM_MS) {
      this.#loudAt = now
      this.#zoomTo(Math.min(fits, this.zoom + STEP_DB))
    }
  }

  /** Points of another zoom would lie in the wrong place. */
  #zoomTo(zoom: number): void {
    if (zoom === this.zoom) return
    this.zoom = zoom
    this.#points.getContext('2d')!.clearRect(0, 0, this.#points.width, this.#points.height)
  }

  #fade(now: number): void {
    const passed = now - this.#fadedAt
    if (passed < LEAST_FADE_MS) return
    this.#fadedAt = now
    const g = this.#points.getContext('2d')!
    g.globalCompositeOperation = 'destination-out'
    g.fillStyle = `rgb(0 0 0 / ${1 - Math.exp(-passed / FADE_MS)})`
    g.fillRect(0, 0, this.#points.width, this.#points.height)
    g.globalCompositeOperation = 'source-over'
  }

  #paintPoints(reading: Float32Array, count: number, fresh: number): void {
    const g = this.#points.getContext('2d')!
    const scale = (this.#radius / 2) * 10 ** (this.zoom / 20)
    g.fillStyle = this.#palette.accent
    for (let i = 1; i <= fresh; i++) {
      const place = (count - i + COUNT_MODULUS) % PAIRS
      const left = reading[this.#at.leftSamples + place]!
      const right = reading[this.#at.rightSamples + place]!
      const x = this.#x + (right - left) * scale
      const y = this.#y - (left + right) * scale
      g.fillRect(x - POINT / 2, y - POINT / 2, POINT, POINT)
    }
  }

  #resize(): void {
    const { clientWidth, clientHeight } = this.#grid.parentElement!
    sizeTo(this.#grid, clientWidth, clientHeight, density())
    // Never finer than the screen: what was drawn before the newest points cannot be drawn again.
    sizeTo(this.#points, clientWidth, clientHeight, window.devicePixelRatio)
    this.#x = clientWidth / 2
    this.#y = clientHeight / 2
    this.#radius = Math.max(1, Math.min(clientWidth, clientHeight) / 2 - ROOM)
    this.#paintGrid()
  }

  #paintGrid(): void {
    const g = this.#grid.getContext('2d')!
    const { grid, track, muted, font } = this.#palette
    const [x, y, r] = [this.#x, this.#y, this.#radius]
    g.clearRect(0, 0, this.#grid.width, this.#grid.height)
    g.strokeStyle = track
    g.lineWidth = 1
    const line = (...points: readonly (readonly [number, number])[]): void => {
      g.beginPath()
      for (const [side, mid] of points) g.lineTo(x + side * r, y - mid * r)
      g.stroke()
    }
    line([0, 1], [1, 0], [0, -1], [-1, 0], [0, 1])
    g.strokeStyle = grid
    line([0, 1], [0, -1])
    line([-1, 0], [1, 0])
    line([-0.5, 0.5], [0.5, -0.5])
    line([0.5, 0.5], [-0.5, -0.5])
    g.font = font
    g.fillStyle = muted
    g.textAlign = 'center'
    g.textBaseline = 'middle'
    const [left = '', right = ''] = this.#names.split(' ')
    const name = (text: string, side: number, mid: number): void => g.fillText(text, x + side * r, y - mid * r)
    g.fillText('M', x, y - r - 8)
    g.fillText('S', x + r + 8, y)
    name(`L ${left}`, -0.62, 0.62)
    name(`R ${right}`, 0.62, 0.62)
  }
}

/** What is on it stays where it has that size already. */
function sizeTo(canvas: HTMLCanvasElement, cssWidth: number, cssHeight: number, ratio: number): void {
  const [width, height] = [Math.round(cssWidth * ratio), Math.round(cssHeight * ratio)]
  if (canvas.width === width && canvas.height === height) return
  canvas.width = width
  canvas.height = height
  canvas.getContext('2d')!.setTransform(ratio, 0, 0, ratio, 0, 0)
}
