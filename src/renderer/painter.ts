/** The one animation loop: draws the views that can be seen and have news, then lets the next frame come. */
import { Emitter, type Disposable } from '#shared/lifecycle.ts'
import type { DrawSource, Feed } from '#meters/draw/view.ts'
import type { MeterDefinition, StreamShape } from '#meters/meter.ts'
import { sameShape, type FrameStore } from './frames.ts'
import { Holds } from './holds.ts'

interface Entry {
  readonly node: number
  readonly draw: (now: number) => void
  visible: boolean
  /** Something happened while it could not be seen, or it was never drawn. */
  stale: boolean
}

/**
 * What the loop measured, on `window.__farfield`, for diagnostics and benchmarks. Times in ms since 1970 by this
 * computer's clock, which is the clock of the capture times too when the node runs on the same computer.
 */
export interface Probe {
  /** Frames taken from the workstation. */
  readonly frames: number
  /** Passes of the loop that drew something. */
  readonly draws: number
  /** When the last pass ended. */
  readonly drawnAt: number
  /** Script time of the last pass, ms. */
  readonly scriptMs: number
  /** By node: capture time of the newest sound whose readings are drawn. */
  readonly captured: Readonly<Record<number, number>>
  /** Calls `listener` after each pass; returns the way to leave. */
  onDrawn(listener: (probe: Probe) => void): Disposable
}

declare global {
  interface Window {
    __farfield?: Probe
  }
}

export class Painter {
  readonly #frames: FrameStore
  readonly #onDrawn: () => void
  readonly #entries = new Map<Element, Entry>()
  readonly #seen: IntersectionObserver
  readonly #drawn = new Emitter<Probe>()
  readonly #captured: Record<number, number> = {}
  readonly #probe
  #scheduled = false

  /** `onDrawn` runs after each pass: the moment to ask for the next frame. */
  constructor(frames: FrameStore, onDrawn: () => void) {
    this.#frames = frames
    this.#onDrawn = onDrawn
    this.#probe = {
      frames: 0,
      draws: 0,
      drawnAt: 0,
      scriptMs: 0,
      captured: this.#captured,
      onDrawn: (listener: (probe: Probe) => void) => this.#drawn.on(listener),
    }
    window.__farfield = this.#probe
    this.#seen = new IntersectionObserver((changes) => {
      for (const change of changes) {
        const entry = this.#entries.get(change.target)
        if (entry) entry.visible = change.isIntersecting
      }
      this.wake()
    })
  }

  /** A frame was put into the store. */
  frameCame(): void {
    this.#probe.frames++
    this.wake()
  }

  /** Draws at the next animation frame. */
  wake(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    requestAnimationFrame((now) => this.#pass(now))
  }

  /** Brings what is in `part` up to date in this turn, also what cannot be seen now: somebody takes a picture of it. */
  drawNow(part: Element): void {
    const now = performance.now()
    for (const [element, entry] of this.#entries) {
      if (!part.contains(element)) continue
      entry.stale = false
      entry.draw(now)
    }
  }

  /** Draws in step with a node. */
  source(node: number): DrawSource {
    return {
      onDraw: (element, draw) => {
        this.#entries.set(element, { node, draw, visible: false, stale: true })
        this.#seen.observe(element)
        return {
          dispose: () => {
            this.#seen.unobserve(element)
            this.#entries.delete(element)
          },
        }
      },
    }
  }

  feed(
    node: number,
    meters: readonly MeterDefinition[],
    id: string,
    shape: StreamShape,
    spl: Pick<Feed, 'splOffset' | 'splEstimate'>,
  ): Feed {
    const frames = this.#frames
    const readingOf = (meter: string): Float32Array | undefined => {
      const track = frames.track(node)
      const place = meters.findIndex((one) => one.id === meter)
      return track && sameShape(track.shape, shape) ? track.readings[place] : undefined
    }
    return {
      ...this.source(node),
      ...spl,
      shape,
      memory: frames.track(node)?.memory ?? new Map<string, number>(),
      get live() {
        return frames.track(node)?.live ?? false
      },
      reading: () => readingOf(id),
      readingOf,
      held: (meter, slot) => {
        const place = meters.findIndex((one) => one.id === meter)
        const holds = frames.track(node)?.holds ?? new Holds()
        return holds.of(place, meters[place]!, shape, slot)
      },
    }
  }

  #pass(now: number): void {
    this.#scheduled = false
    const start = performance.now()
    const news = this.#frames.takeNews()
    for (const entry of this.#entries.values()) {
      if (news.has(entry.node)) entry.stale = true
      if (!entry.stale || !entry.visible) continue
      entry.stale = false
      entry.draw(now)
    }
    const end = performance.now()
    this.#onDrawn()
    if (news.size === 0) return
    for (const key of news) {
      const track = this.#frames.track(key)
      if (track) this.#captured[key] = track.capturedAt
      else delete this.#captured[key]
    }
    this.#probe.draws++
    this.#probe.drawnAt = performance.timeOrigin + end
    this.#probe.scriptMs = end - start
    this.#drawn.emit(this.#probe)
  }
}
