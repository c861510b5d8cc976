/**
 * What a part of the page shows at one moment, kept to be drawn later: its elements, its canvases, where it was scrolled to.
 * It is drawn by the browser itself, as an SVG image that holds the elements and the page's own style sheets.
 */
import { atDensity } from '#meters/draw/density.ts'
import { dataUrl, pageStyle } from './page-style.ts'

/** Open menus, and what says of itself that it has no sense in a picture. */
const LEFT_OUT = '[data-no-picture], .menu-root, .unseen'
/** A button that only waits to be pressed has no sense either, but its room stays; one that says what is pressed stays. */
const UNSEEN = '.button:not([aria-pressed="true"])'
/** Longest side of a canvas that every browser can make, px. */
const LONGEST_PX = 16_000
const SVG = 'http://www.w3.org/2000/svg'

export interface Still {
  /** CSS px. */
  readonly width: number
  readonly height: number
  /** Pixels a CSS pixel. */
  readonly density: number
  readonly root: SVGSVGElement
  /** Canvases of the copy, each with what was painted on it. */
  readonly painted: readonly (readonly [place: HTMLElement, picture: HTMLCanvasElement])[]
}

/**
 * Copies the element in this turn, with canvases of `wanted` times as many pixels. Nothing of it is visible. `roll`: a part
 * of it that scrolls and is shown in its full height.
 */
export function takeStill(element: HTMLElement, wanted: number, roll?: HTMLElement): Still {
  const box = element.getBoundingClientRect()
  const { width } = box
  const height = box.height + (roll ? roll.scrollHeight - roll.clientHeight : 0)
  const density = Math.min(wanted, LONGEST_PX / Math.max(width, height))
  const painted: [HTMLElement, HTMLCanvasElement][] = []
  const copy = atDensity(element, density, () => copyOf(element, painted, roll))
  for (const left of copy.querySelectorAll(LEFT_OUT)) left.remove()
  for (const unseen of copy.querySelectorAll<HTMLElement>(UNSEEN)) set(unseen, { visibility: 'hidden' })
  set(copy, { position: 'absolute', left: '0', top: '0', width: `${width}px`, height: `${height}px`, margin: '0' })
  return { width, height, density, painted, root: framed(copy, element, width, height) }
}

/** Draws it. Rejects where the browser cannot. */
export async function drawStill({ root, painted, width, height, density }: Still): Promise<HTMLCanvasElement> {
  const pictures = painted.map(async ([place, picture]) => {
    if (picture.width > 0 && picture.height > 0)
      set(place, { background: `url("${await dataUrl(await pngOf(picture))}") 0 0 / 100% 100% no-repeat` })
  })
  await Promise.all(pictures)
  const style = document.createElementNS(SVG, 'style')
  style.textContent = await pageStyle()
  root.prepend(style)
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(xmlOf(root))}`
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = Math.ceil(width * density)
  canvas.height = Math.ceil(height * density)
  const context = canvas.getContext('2d')!
  context.scale(density, density)
  context.drawImage(image, 0, 0)
  return canvas
}

function copyOf(element: HTMLElement, painted: [HTMLElement, HTMLCanvasElement][], roll?: HTMLElement): HTMLElement {
  const copy = element.cloneNode(true) as HTMLElement
  const originals = [element, ...element.querySelectorAll<HTMLElement>('*')]
  const copies = [copy, ...copy.querySelectorAll<HTMLElement>('*')]
  originals.forEach((original, i) => {
    const twin = copies[i]!
    if (original instanceof HTMLCanvasElement) painted.push([asBox(original, twin), pictureOf(original)])
    if (original instanceof HTMLInputElement) twin.setAttribute('value', original.value)
    if (original === roll) set(twin, { flex: 'none', height: `${roll.offsetHeight}px`, overflow: 'visible' })
    else if (original.scrollTop !== 0 || original.scrollLeft !== 0) scrollTo(twin, original)
  })
  return copy
}

/** Where no script runs a canvas is a box like any other: it gets its size and its pixels as a ground. */
function asBox(canvas: HTMLCanvasElement, copy: HTMLElement): HTMLElement {
  const { display, width, height } = getComputedStyle(canvas)
  set(copy, { display: display === 'inline' ? 'inline-block' : display, width, height })
  return copy
}

/** Encoded aside, so that meters go on moving. */
export function pngOf(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), 'image/png')
  })
}

function pictureOf(canvas: HTMLCanvasElement): HTMLCanvasElement {
  const picture = document.createElement('canvas')
  picture.width = canvas.width
  picture.height = canvas.height
  if (picture.width > 0 && picture.height > 0) picture.getContext('2d')!.drawImage(canvas, 0, 0)
  return picture
}

/** An image cannot be scrolled: what is inside is moved instead. */
function scrollTo(copy: HTMLElement, { scrollLeft, scrollTop }: HTMLElement): void {
  set(copy, { overflow: 'hidden' })
  for (const child of copy.children)
    if (child instanceof HTMLElement) set(child, { translate: `${-scrollLeft}px ${-scrollTop}px` })
}

/** The elements above it, which style sheets ask for, but without boxes of their own; their filters are kept. */
function framed(copy: HTMLElement, element: HTMLElement, width: number, height: number): SVGSVGElement {
  const filters: string[] = []
  let inner = copy
  for (let above = element.parentElement; above && above !== document.documentElement; above = above.parentElement) {
    const shell = above.cloneNode(false) as HTMLElement
    set(shell, { display: 'contents' })
    shell.append(inner)
    inner = shell
    const { filter } = getComputedStyle(above)
    if (filter !== 'none') filters.push(filter)
  }
  if (filters.length > 0) set(copy, { filter: filters.join(' ') })
  const page = document.documentElement
  const root = document.createElementNS(SVG, 'svg')
  Object.assign(root.dataset, page.dataset)
  // As wide as the window, so that style sheets which ask for its width answer as they do there.
  const size = { width: Math.max(width, window.innerWidth), height: Math.max(height, window.innerHeight) }
  for (const [name, value] of Object.entries(size)) root.setAttribute(name, String(value))
  root.style.fontSize = getComputedStyle(page).fontSize
  const inside = document.createElementNS(SVG, 'foreignObject')
  for (const [name, value] of Object.entries(size)) inside.setAttribute(name, String(value))
  inside.append(inner)
  root.append(inside)
  return root
}

function set(element: HTMLElement, styles: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(styles)) element.style.setProperty(name, value, 'important')
}

/** Characters that a name may have and XML may not are left out. */
function xmlOf(root: SVGSVGElement): string {
  const text = new XMLSerializer().serializeToString(root).toWellFormed()
  // oxlint-disable-next-line no-control-regex
  return text.replace(/[\0-\x08\v\f\x0e-\x1f\ufffe\uffff]/g, '')
}
