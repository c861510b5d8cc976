/** The page's style sheets in one text, with the faces that are in use inside of it: an image may load nothing. */

/** Nothing moves in a picture, and nothing scrolls. */
const STILL = '* { animation: none !important; transition: none !important; scrollbar-width: none !important; }'

const FACE = /@font-face\s*\{[^}]*\}/g
const FILE = /url\(["']?([^"')]+)["']?\)/g

/** What was fetched, by address: style sheets as they are, the files that they name as data: URLs. */
const fetched = new Map<string, Promise<string>>()

/** Rejects where a file cannot be fetched any more. */
export async function pageStyle(): Promise<string> {
  return [...(await Promise.all([...document.styleSheets].map(withFaces))), STILL].join('\n')
}

/** The text as it was written: what a browser makes of its rules leaves out shorthands with variables. */
async function withFaces(sheet: CSSStyleSheet): Promise<string> {
  const { href } = sheet
  const text = href === null ? (sheet.ownerNode?.textContent ?? '') : await once(href, (answer) => answer.text())
  const rules = [...sheet.cssRules].filter((rule) => rule instanceof CSSFontFaceRule)
  const faces = text.match(FACE) ?? []
  const ready = await Promise.all(rules.map(async (rule, i) => (isInUse(rule) ? withFiles(faces[i]!, href) : '')))
  return text.replace(FACE, () => ready.shift() ?? '')
}

/** A face comes in pieces by range of characters; the browser has loaded those that the page needs. */
function isInUse({ style }: CSSFontFaceRule): boolean {
  const plain = (text: string): string => text.replace(/["'\s]/g, '').toLowerCase()
  const family = plain(style.getPropertyValue('font-family'))
  const range = plain(style.getPropertyValue('unicode-range'))
  return [...document.fonts].some(
    (face) => face.status === 'loaded' && plain(face.family) === family && plain(face.unicodeRange) === range,
  )
}

async function withFiles(face: string, base: string | null): Promise<string> {
  const addresses = [...face.matchAll(FILE)].map(([, address]) => new URL(address!, base ?? document.baseURI).href)
  const files = await Promise.all(
    addresses.map((address) => once(address, async (answer) => dataUrl(await answer.blob()))),
  )
  return face.replace(FILE, () => `url("${files.shift()}")`)
}

function once(address: string, read: (answer: Response) => Promise<string>): Promise<string> {
  const known = fetched.get(address) ?? fetchOf(address, read)
  fetched.set(address, known)
  known.catch(() => fetched.delete(address))
  return known
}

async function fetchOf(address: string, read: (answer: Response) => Promise<string>): Promise<string> {
  const answer = await fetch(address)
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`)
  return read(answer)
}

export function dataUrl(bytes: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(reader.result as string)
    reader.onerror = () => reject(reader.error ?? new Error('not read'))
    reader.readAsDataURL(bytes)
  })
}
