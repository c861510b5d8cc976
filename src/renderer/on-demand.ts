/** A picture that does not follow the sound: drawn once, and again when it is asked to. */
import type { Disposable } from '#shared/lifecycle.ts'
import type { DrawSource } from '#meters/draw/view.ts'

export class OnDemand implements DrawSource {
  readonly #draws = new Set<(now: number) => void>()
  #scheduled = false

  onDraw(_element: Element, draw: (now: number) => void): Disposable {
    this.#draws.add(draw)
    this.redraw()
    return { dispose: () => void this.#draws.delete(draw) }
  }

  /** At the next animation frame, however often it is asked until then. */
  redraw(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    requestAnimationFrame((now) => {
      this.#scheduled = false
      for (const draw of this.#draws) draw(now)
    })
  }
}
