/** Says in a live region where the keys have led: the last of it, once they rest. */
import type { Disposable } from '#shared/lifecycle.ts'
import { showText } from './figure.ts'

/** While a key is held down nobody wants to hear each place. */
const REST_MS = 300

export class Said implements Disposable {
  readonly #element: HTMLElement
  #timer: ReturnType<typeof setTimeout> | undefined

  /** `element` is a live region, polite. */
  constructor(element: HTMLElement) {
    this.#element = element
  }

  /** `words` are asked for when they are said. */
  say(words: () => string): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => showText(this.#element, words()), REST_MS)
  }

  dispose(): void {
    clearTimeout(this.#timer)
  }
}
