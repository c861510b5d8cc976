/** What a PNG file says beside its pixels (W3C PNG, third edition): words and density. */

/** Signature and header chunk; what is added stands behind them. */
const HEAD_BYTES = 8 + 25
const METRES_PER_INCH = 0.0254
/** CSS defines a pixel as 1/96 inch. */
const CSS_DPI = 96

export interface PngWords {
  /** By keyword: `Title`, `Description`, `Creation Time`, `Software` (clause 11.3.3.1), or one of our own. */
  readonly text: Readonly<Record<string, string>>
  /** Pixels a CSS pixel. */
  readonly density: number
}

/** `png` with the words as iTXt chunks (UTF-8) and its density as pHYs. Throws for bytes that are no PNG, which is our own bug. */
export function describePng(png: Uint8Array, { text, density }: PngWords): Uint8Array<ArrayBuffer> {
  if (String.fromCharCode(...png.subarray(1, 4)) !== 'PNG') throw new Error('not a PNG')
  const chunks = [pHYs(density), ...Object.entries(text).map(([keyword, words]) => iTXt(keyword, words))]
  const out = new Uint8Array(png.length + chunks.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of [png.subarray(0, HEAD_BYTES), ...chunks, png.subarray(HEAD_BYTES)]) {
    out.set(part, at)
    at += part.length
  }
  return out
}

function pHYs(density: number): Uint8Array {
  const data = new Uint8Array(9)
  const perMetre = Math.round((CSS_DPI * density) / METRES_PER_INCH)
  new DataView(data.buffer).setUint32(0, perMetre)
  new DataView(data.buffer).setUint32(4, perMetre)
  data[8] = 1
  return chunk('pHYs', data)
}

/** Keyword, end, not compressed, no language, no translation, text. */
function iTXt(keyword: string, words: string): Uint8Array {
  return chunk('iTXt', new TextEncoder().encode(`${keyword}\0\0\0\0\0${words.replaceAll('\0', '')}`))
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const out = new Uint8Array(12 + data.length)
  const view = new DataView(out.buffer)
  view.setUint32(0, data.length)
  for (let i = 0; i < 4; i++) out[4 + i] = type.charCodeAt(i)
  out.set(data, 8)
  view.setUint32(8 + data.length, crc32(out.subarray(4, 8 + data.length)))
  return out
}

/** ISO 3309, as PNG's annex D has it. */
function crc32(bytes: Uint8Array): number {
  let crc = ~0
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ~crc >>> 0
}
