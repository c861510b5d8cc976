/** Wheel, pointer and keys over the picture of the history. */
import type uPlot from 'uplot'
import { DisposableStore, type Disposable } from '#shared/lifecycle.ts'
import { HISTORY_KEYS } from '#renderer/shortcuts/table.ts'
import { pressed } from '#shared/shortcut.ts'
import type { HistoryModel } from './model.ts'

const WHEEL_ZOOM = 1.0015
export const KEY_ZOOM = 2
export const KEY_PAN = 0.25
/** A shorter way is a click, not a drag. */
const DRAG_PX = 4
const LINE_PX = 40

/** Drag: zoom to the stretch. Shift and drag, or a sideways wheel: move. Wheel: zoom. Double click: zoom out. */
export function handle(element: HTMLElement, model: HistoryModel, plot: () => uPlot | undefined): Disposable {
  const store = new DisposableStore()
  const listen = <K extends keyof HTMLElementEventMap>(name: K, on: (event: HTMLElementEventMap[K]) => void): void => {
    element.addEventListener(name, on, { passive: false })
    store.defer(() => element.removeEventListener(name, on))
  }
  let drag: { from: number; x: number; moves: boolean; last: number } | undefined
  const timeAt = (x: number): number => {
    const made = plot()
    return made ? 1000 * made.posToVal(x - made.over.getBoundingClientRect().left, 'x') : 0
  }
  const width = (): number => Math.max(1, plot()?.over.clientWidth ?? 1)
  const select = (from: number, to: number): void => {
    const made = plot()
    if (!made) return
    const left = Math.max(0, made.valToPos(Math.min(from, to) / 1000, 'x'))
    const right = Math.min(made.over.clientWidth, made.valToPos(Math.max(from, to) / 1000, 'x'))
    made.setSelect({ left, top: 0, width: Math.max(0, right - left), height: made.over.clientHeight }, false)
  }

  listen('wheel', (event) => {
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PX : 1
    const across = event.shiftKey ? event.deltaY : event.deltaX
    if (Math.abs(across) > Math.abs(event.deltaY) || event.shiftKey) {
      event.preventDefault()
      model.pan((across * unit) / width())
      // Where it goes no further the page scrolls.
    } else if (model.zoom(WHEEL_ZOOM ** (event.deltaY * unit), timeAt(event.clientX))) event.preventDefault()
  })
  listen('pointerdown', (event) => {
    if (event.button !== 0) return
    const { clientX: x } = event
    drag = { from: timeAt(x), x, moves: event.shiftKey, last: x }
    element.setPointerCapture(event.pointerId)
  })
  listen('pointermove', (event) => {
    const at = timeAt(event.clientX)
    if (drag?.moves) {
      model.pan((drag.last - event.clientX) / width())
      drag.last = event.clientX
    } else if (drag && Math.abs(event.clientX - drag.x) > DRAG_PX) select(drag.from, at)
    model.point(at)
  })
  listen('pointerup', (event) => {
    const ended = drag
    drag = undefined
    select(0, 0)
    if (!ended || ended.moves || Math.abs(event.clientX - ended.x) <= DRAG_PX) return
    const to = timeAt(event.clientX)
    model.select(Math.min(ended.from, to), Math.max(ended.from, to))
  })
  listen('pointercancel', () => {
    drag = undefined
    select(0, 0)
  })
  listen('pointerleave', () => {
    if (!drag) model.point(undefined)
  })
  listen('dblclick', () => model.zoom(KEY_ZOOM))
  listen('keydown', (event) => {
    const action = pressed(HISTORY_KEYS, event)
    if (!action) return
    event.preventDefault()
    DOING[action](model)
  })
  return store
}

const DOING: Readonly<Record<(typeof HISTORY_KEYS)[number]['action'], (model: HistoryModel) => unknown>> = {
  earlier: (model) => model.pan(-KEY_PAN),
  later: (model) => model.pan(KEY_PAN),
  'zoom-in': (model) => model.zoom(1 / KEY_ZOOM),
  'zoom-out': (model) => model.zoom(KEY_ZOOM),
  'point-left': (model) => model.step(-1),
  'point-right': (model) => model.step(1),
  live: (model) => model.goLive(),
}
