/** How finely canvases are painted: as the screen shows it, or finer for the moment in which a picture is taken. */
import { Emitter, type Disposable } from '#shared/lifecycle.ts'

const changed = new Emitter<Element>()
let asked: number | undefined

/** Canvas pixels a CSS pixel. */
export function density(): number {
  return asked ?? window.devicePixelRatio
}

/** Gives a canvas the pixels of the box that it lies in; its coordinates are CSS pixels. What was on it is gone. */
export function fit(canvas: HTMLCanvasElement): { readonly width: number; readonly height: number } {
  const { clientWidth: width, clientHeight: height } = canvas.parentElement!
  const ratio = density()
  canvas.width = Math.round(width * ratio)
  canvas.height = Math.round(height * ratio)
  canvas.getContext('2d')!.setTransform(ratio, 0, 0, ratio, 0, 0)
  return { width, height }
}

/** What is painted in `part` is painted anew at `ratio` before `work` and as it was after it, in one turn: nobody sees it. */
export function atDensity<T>(part: Element, ratio: number, work: () => T): T {
  asked = ratio
  try {
    changed.emit(part)
    return work()
  } finally {
    asked = undefined
    changed.emit(part)
  }
}

/** Calls `resize` whenever the size of the element has changed, or the density. */
export function onResize(element: Element, resize: () => void): Disposable {
  const sized = new ResizeObserver(resize)
  sized.observe(element)
  const entry = changed.on((part) => part.contains(element) && resize())
  return {
    dispose: () => {
      sized.disconnect()
      void entry.dispose()
    },
  }
}
