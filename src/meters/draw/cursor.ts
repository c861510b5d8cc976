/**
 * A cursor on a picture. It follows the pointer; a click keeps it, and keys move what is kept. The one that was kept before
 * stays as well: levels are compared with it.
 */
import { DisposableStore, type Disposable } from '#shared/lifecycle.ts'
import { pressed } from '#shared/shortcut.ts'
import { CURSOR_KEYS } from './keys.ts'

/** What a press of an arrow key asks for. Up is towards higher values. */
export interface Step {
  readonly across: -1 | 0 | 1
  readonly up: -1 | 0 | 1
  /** With Shift: to the next that matters. */
  readonly far: boolean
}

/** What there is to point at: places, numbered as the picture likes. */
export interface Field {
  /** At CSS px of the element; undefined where nothing is. */
  placeAt(x: number, y: number): number | undefined
  /** Where a step leads; from nowhere, where keys begin. */
  step(from: number | undefined, step: Step): number | undefined
}

export interface Pointed {
  /** Under the pointer. */
  readonly hover: number | undefined
  /** Kept last. */
  readonly kept: number | undefined
  /** Kept before that. */
  readonly before: number | undefined
}

/** What is read, and what it is compared with. */
export function read({ hover, kept, before }: Pointed): { readonly at?: number; readonly against?: number } {
  const at = hover ?? kept
  const against = hover === undefined ? before : kept
  return { ...(at === undefined ? {} : { at }), ...(at === undefined || against === undefined ? {} : { against }) }
}

type Key = (typeof CURSOR_KEYS)[number]['action']

const STEPS: Readonly<Record<Exclude<Key, 'keep' | 'release'>, Step>> = {
  left: { across: -1, up: 0, far: false },
  right: { across: 1, up: 0, far: false },
  up: { across: 0, up: 1, far: false },
  down: { across: 0, up: -1, far: false },
  'far-left': { across: -1, up: 0, far: true },
  'far-right': { across: 1, up: 0, far: true },
  'far-up': { across: 0, up: 1, far: true },
  'far-down': { across: 0, up: -1, far: true },
}

/** A longer way is a drag, not a click. */
const CLICK_PX = 4

export class Cursor implements Disposable, Pointed {
  kept: number | undefined
  before: number | undefined
  readonly #field: Field
  readonly #onChange: (byKeys: boolean) => void
  readonly #store = new DisposableStore()
  /** Where the pointer is: what lies under it may move. */
  #point: { readonly x: number; readonly y: number } | undefined

  /** `element` can have the focus. */
  constructor(element: HTMLElement, field: Field, onChange: (byKeys: boolean) => void) {
    this.#field = field
    this.#onChange = onChange
    const listen = <K extends keyof HTMLElementEventMap>(
      name: K,
      on: (event: HTMLElementEventMap[K]) => void,
    ): void => {
      element.addEventListener(name, on)
      this.#store.defer(() => element.removeEventListener(name, on))
    }
    let pressed: { readonly x: number; readonly y: number } | undefined
    const pointOf = ({ clientX, clientY }: MouseEvent): { readonly x: number; readonly y: number } => {
      const { left, top } = element.getBoundingClientRect()
      return { x: clientX - left, y: clientY - top }
    }
    listen('pointermove', (event) => this.#hover(pointOf(event)))
    listen('pointerleave', () => this.#hover(undefined))
    listen('pointerdown', (event) => {
      pressed = event.button === 0 ? pointOf(event) : undefined
    })
    listen('pointerup', (event) => {
      const point = pointOf(event)
      if (pressed && Math.hypot(point.x - pressed.x, point.y - pressed.y) <= CLICK_PX) this.#click(point)
      pressed = undefined
    })
    listen('keydown', (event) => this.#key(event))
  }

  get hover(): number | undefined {
    return this.#point && this.#field.placeAt(this.#point.x, this.#point.y)
  }

  dispose(): void {
    void this.#store.dispose()
  }

  /** Nothing is kept any more. */
  release(): void {
    this.kept = undefined
    this.before = undefined
  }

  #hover(point: { readonly x: number; readonly y: number } | undefined): void {
    this.#point = point
    this.#onChange(false)
  }

  #click({ x, y }: { readonly x: number; readonly y: number }): void {
    const place = this.#field.placeAt(x, y)
    if (place === undefined) return
    this.before = this.kept
    this.kept = place
    this.#onChange(false)
  }

  #key(event: KeyboardEvent): void {
    const key = pressed<Key>(CURSOR_KEYS, event)
    if (!key) return
    if (key === 'release' || key === 'keep') {
      if (this.kept === undefined) return
      if (key === 'release') this.release()
      else this.before = this.kept
    } else {
      const place = this.#field.step(this.kept ?? this.hover, STEPS[key])
      // The pointer lies somewhere; what the keys move is what counts now.
      this.#point = undefined
      this.kept = place ?? this.kept
    }
    event.preventDefault()
    this.#onChange(true)
  }
}
