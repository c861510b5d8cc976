/** Where the window was when it was last closed. A missing or damaged file means the default place. */
import { readFileSync, writeFileSync } from 'node:fs'

export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface WindowPlace extends Partial<Rectangle> {
  readonly width: number
  readonly height: number
  readonly maximized: boolean
}

/** Pixels of the window that must lie on a screen, so that it can be seen and dragged. */
const VISIBLE = 64

/** `screens` are the work areas of the displays there are now: one of them may have been unplugged since. */
export function readPlace(file: string, screens: readonly Rectangle[], fallback: WindowPlace): WindowPlace {
  let saved: Record<string, unknown>
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (typeof parsed !== 'object' || parsed === null) return fallback
    saved = parsed as Record<string, unknown>
  } catch {
    return fallback
  }
  const { x, y, width, height } = saved
  if (!isPixels(x) || !isPixels(y) || !isPixels(width) || !isPixels(height)) return fallback
  const place = { x, y, width, height, maximized: saved['maximized'] === true }
  return screens.some((screen) => isVisible(place, screen)) ? place : { ...fallback, maximized: place.maximized }
}

/** Not being able to remember the place is no reason to disturb anybody. */
export function writePlace(file: string, place: WindowPlace): void {
  try {
    writeFileSync(file, `${JSON.stringify(place)}\n`)
  } catch {
    return
  }
}

function isVisible(place: Rectangle, screen: Rectangle): boolean {
  const across = Math.min(place.x + place.width, screen.x + screen.width) - Math.max(place.x, screen.x)
  const topOnScreen = place.y >= screen.y && place.y + VISIBLE <= screen.y + screen.height
  return across >= VISIBLE && topOnScreen
}

function isPixels(value: unknown): value is number {
  return Number.isInteger(value) && Math.abs(value as number) < 100_000
}
