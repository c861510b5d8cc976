/** How finely canvases are painted: as the screen shows it, or finer for the moment in which a picture is taken. */
import { Emitter, type Disposable } from '#shared/lifecycle.ts'

const changed = new Emitter<void>()
let asked: number | undefined

/** Canvas pixels a CSS pixel. */
export function density(): number {
  return asked ?? window.devicePixelRatio
}

/** Everything that was painted is painted anew at `ratio` before `work` and as it was after it, in one turn: nobody sees it. */
export function atDensity<T>(ratio: number, work: () => T): T {
  asked = ratio
  try {
    changed.emit()
    return work()
  } finally {
    asked = undefined
    changed.emit()
  }
}

/** Calls `resize` whenever the size of the element has changed, or the density. */
export function onResize(element: Element, resize: () => void): Disposable {
  const sized = new ResizeObserver(resize)
  sized.observe(element)
  const entry = changed.on(resize)
  return {
    dispose: () => {
      sized.disconnect()
      void entry.dispose()
    },
  }
}
