/** A picture of a part of the page with a strip below it that says whose, what, when and how calibrated. */
import { describePng } from './png.ts'
import { drawStill, pngOf, takeStill, type Still } from './still.ts'
import type { Caption } from './words.ts'

/** Pixels a CSS pixel. */
const DENSITY = 2
/** CSS px. */
const PAD = 12
const TITLE_PX = 15
const LINE_PX = 12
const LEADING = 1.5
const NARROWEST = 480

/** Taken in this turn; drawn afterwards. */
export function pictureStill(element: HTMLElement): Still {
  return takeStill(element, DENSITY)
}

/** The same of a view of panels or tiles: all of it, also what would have to be scrolled to. */
export function viewStill(view: HTMLElement): Still {
  const roll = [...view.querySelectorAll<HTMLElement>('*')].find(
    (part) =>
      part.scrollHeight > part.clientHeight &&
      /auto|scroll/.test(getComputedStyle(part).overflowY) &&
      !part.closest('section'),
  )
  return takeStill(view, DENSITY, roll)
}

/** PNG with the caption under it and in it. Rejects where the browser cannot draw it. */
export async function pictureOf(still: Still, caption: Caption, at: number, version: string): Promise<Blob> {
  const drawn = await drawStill(still)
  const canvas = withStrip(drawn, still, caption)
  const png = await pngOf(canvas)
  const text = {
    Title: caption.title,
    Description: [caption.title, ...caption.lines].join('\n'),
    'Creation Time': new Date(at).toISOString(),
    Software: `Farfield ${version}`,
  }
  const bytes = describePng(new Uint8Array(await png.arrayBuffer()), { text, density: still.density })
  return new Blob([bytes], { type: 'image/png' })
}

function withStrip(picture: HTMLCanvasElement, { width, height, density }: Still, caption: Caption): HTMLCanvasElement {
  const style = getComputedStyle(document.documentElement)
  const read = (name: string): string => style.getPropertyValue(name).trim()
  const canvas = document.createElement('canvas')
  const g = canvas.getContext('2d')!
  const font = (size: number, weight: number): string => `${weight} ${size}px ${read('--font')}`
  const room = Math.max(width, NARROWEST)
  g.font = font(LINE_PX, 400)
  const lines = caption.lines.flatMap((line) => wrapped(line, room, (text) => g.measureText(text).width))
  g.font = font(TITLE_PX, 600)
  const titles = wrapped(caption.title, room, (text) => g.measureText(text).width)
  const strip = LEADING * (titles.length * TITLE_PX + lines.length * LINE_PX)
  canvas.width = Math.round((room + 2 * PAD) * density)
  canvas.height = Math.round((height + strip + 3 * PAD) * density)
  g.scale(density, density)
  g.fillStyle = read('--bg')
  g.fillRect(0, 0, canvas.width, canvas.height)
  // Pixel by pixel: a width of CSS pixels need not be a whole number of them.
  g.drawImage(picture, PAD, PAD, picture.width / density, picture.height / density)
  g.textBaseline = 'middle'
  let y = height + 2 * PAD
  const write = (text: string, size: number, weight: number, colour: string): void => {
    g.font = font(size, weight)
    g.fillStyle = read(colour)
    g.fillText(text, PAD, y + (LEADING * size) / 2)
    y += LEADING * size
  }
  for (const title of titles) write(title, TITLE_PX, 600, '--text')
  for (const line of lines) write(line, LINE_PX, 400, '--muted')
  return canvas
}

/** Lines no wider than `room`; broken between words, and a word by itself where it is too long. */
export function wrapped(text: string, room: number, widthOf: (text: string) => number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (widthOf(longer) <= room) {
      line = longer
      continue
    }
    if (line !== '') lines.push(line)
    line = ''
    for (const character of word) {
      if (line !== '' && widthOf(line + character) > room) {
        lines.push(line)
        line = ''
      }
      line += character
    }
  }
  return [...lines, line]
}
