import { join } from 'node:path'
import { ok, type Result } from '#shared/result.ts'
/** File names that every file system takes, FAT on a camera card included. */
/** Device names that Windows keeps for itself, with any extension. */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i
/** UTF-8. A file name has at most 255 bytes on every usual file system; the time, a number and `.wav.part` follow. */
const MAX_NAME_BYTES = 150

/** A stranger's node name as part of a file name: no separators, no dots at the ends, never empty. */
export function safeName(name: string): string {
  const kept = clip(name.normalize('NFC').replace(/[^\p{L}\p{M}\p{N} ._-]+/gu, '_')).replace(/^[. ]+|[. ]+$/g, '')
  return kept === '' || RESERVED.test(kept) ? `node_${kept}` : kept
}

/** "attic_2026-03-01_14-05-09", in local time: what a person looks for in a folder. */
export function takeName(node: string, at: Date): string {
  const two = (n: number): string => String(n).padStart(2, '0')
  const date = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-')
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join('-')
  return `${safeName(node)}_${date}_${time}`
}

/** `stem.wav`, `stem_2.wav` and so on: what to try when the name is taken. */
export function numbered(stem: string, n: number): string {
  return n === 1 ? `${stem}.wav` : `${stem}_${n}.wav`
}

/** Whole characters that fit. */
function clip(name: string): string {
  let bytes = 0
  let kept = ''
  for (const character of name) {
    bytes += Buffer.byteLength(character)
    if (bytes > MAX_NAME_BYTES) break
    kept += character
  }
  return kept
}

export function stemOf(_pattern: string, { node, at }: { node: string; nodeId?: string; at: Date }): string {
  return takeName(node, at)
}
export function partName(stem: string, part: number): string {
  return part === 1 ? stem : `${stem}_part${part}`
}
export function checkPattern(_pattern: string): Result<null> {
  return ok(null)
}
export function nodeFolder(base: string, node: string): string {
  return join(base, safeName(node))
}
