/** Draws at the next animation frame, once, however often it is asked: for what a hand moves while no sound comes in. */
import type { Disposable } from '#shared/lifecycle.ts'

export class Soon implements Disposable {
  readonly #draw: (now: number) => void
  #scheduled: number | undefined

  constructor(draw: (now: number) => void) {
    this.#draw = draw
  }

  ask(): void {
    this.#scheduled ??= requestAnimationFrame((now) => {
      this.#scheduled = undefined
      this.#draw(now)
    })
  }

  /** What was asked for and has not come does not come. */
  dispose(): void {
    if (this.#scheduled !== undefined) cancelAnimationFrame(this.#scheduled)
    this.#scheduled = undefined
  }
}
