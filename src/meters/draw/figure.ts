/** Writes moving figures into the page without a layout and no faster than they can be read. */
import { formatLevel } from './format.ts'

/** A figure that changes more often cannot be read; EBU Tech 3341 asks for at least 10 Hz. */
const PERIOD_MS = 100

/** True when figures are due again. Frames come about every 16 ms: half of that early is on time. */
export class FigurePace {
  #last = -Infinity

  due(now: number): boolean {
    if (now - this.#last < PERIOD_MS - 8) return false
    this.#last = now
    return true
  }
}

/** Shows a value, a level as a rule, and keeps it exactly in `data-value`; undefined is "no figure". */
export function showFigure(
  element: HTMLElement,
  value: number | undefined,
  format: (value: number | undefined) => string = formatLevel,
): void {
  const exact = value === undefined ? '' : String(value)
  if (element.dataset['value'] === exact) return
  element.dataset['value'] = exact
  showText(element, format(value))
}

/** Changes the text node in place: nothing is laid out but the element's own box. */
export function showText(element: HTMLElement, text: string): void {
  const { firstChild } = element
  if (!firstChild) element.append(text)
  else if (firstChild.nodeValue !== text) firstChild.nodeValue = text
}
