/** File names that every file system takes, FAT on a camera card included. */
import { join } from 'node:path'
import { fail, ok, type Result } from '#shared/result.ts'

/** Device names that Windows keeps for itself, with any extension; it reads raised digits as digits. */
const RESERVED = /^(?:con|prn|aux|nul|conin\$|conout\$|com[\d¹²³]|lpt[\d¹²³])(?:[ .]|$)/i
/** UTF-8. A file name has at most 255 bytes on every usual file system. Of a part that a stranger chose: */
const MAX_NAME_BYTES = 150
/** Of all but the number of the file and its endings, the longest of which a claim on a journal has. */
const MAX_STEM_BYTES = 180

const PATTERN = '{node}_{date}_{time}'
const PART = '{part}'
const PLACES = ['node', 'date', 'time', 'id', 'part'] as const

export interface NameFacts {
  readonly node: string
  readonly nodeId?: string
  /** Of the take; date and time are those of this computer's time zone. */
  readonly at: Date
}

/** A stranger's node name as part of a file name: no separators, no dots at the ends, no leading dash, never empty. */
export function safeName(name: string): string {
  const kept = clip(tame(name), MAX_NAME_BYTES).replace(/^[. -]+|[. ]+$/g, '')
  return kept === '' || RESERVED.test(kept) ? `node_${kept}` : kept
}

/** "attic_2026-03-01_14-05-09", in local time: what a person looks for in a folder. */
export function takeName(node: string, at: Date): string {
  return stemOf(PATTERN, { node, at })
}

/**
 * First part of the names of a take's files, by a pattern such as `{node}_{date}_{time}` that `checkPattern` accepted, or
 * the program's own when it is empty. `{part}` is left for `partName`.
 */
export function stemOf(pattern: string, { node, nodeId, at }: NameFacts): string {
  const two = (n: number): string => String(n).padStart(2, '0')
  const values: Readonly<Record<string, string>> = {
    node: safeName(node),
    date: [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-'),
    time: [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join('-'),
    id: safeName(nodeId ?? 'unknown'),
  }
  const pieces = (pattern === '' ? PATTERN : pattern).split(/(\{\w+\})/)
  const filled = pieces.map((piece) => (piece === PART ? PART : (values[piece.slice(1, -1)] ?? tame(piece))))
  const stem = clip(filled.join('').replace(/^[. -]+/, ''), MAX_STEM_BYTES).replace(/[. ]+$/, '')
  return stem === '' || RESERVED.test(stem) ? `take_${stem}` : stem
}

/** Of file number `part`, from 1, without its ending: the number stands where the pattern wants it, or behind from 2 on. */
export function partName(stem: string, part: number): string {
  if (stem.includes(PART)) return stem.replaceAll(PART, String(part))
  return part === 1 ? stem : `${stem}_part${part}`
}

/** Fault: `bad-argument`, which names what is not understood. */
export function checkPattern(pattern: string): Result<null> {
  if (Buffer.byteLength(pattern) > MAX_NAME_BYTES)
    return fail('bad-argument', `The name pattern is too long; use at most ${MAX_NAME_BYTES} bytes.`)
  const known = PLACES.map((place) => `{${place}}`)
  const odd = pattern.match(/\{[^{}]*\}?|\}/g)?.find((piece) => !known.includes(piece))
  if (odd !== undefined)
    return fail('bad-argument', `The name pattern has ${odd}, which means nothing. Use ${known.join(', ')}.`)
  const bad = pattern.match(/[/\\:*?"<>|\p{Cc}]/u)?.[0]
  if (bad !== undefined)
    return fail(
      'bad-argument',
      `The name pattern has ${JSON.stringify(bad)}, which file names cannot hold everywhere. Use letters, digits, spaces, dots, dashes and underscores.`,
    )
  return ok(null)
}

/** The folder of one node inside `base`. */
export function nodeFolder(base: string, node: string): string {
  return join(base, safeName(node))
}

/** `stem.wav`, `stem_2.wav` and so on: what to try when the name is taken. */
export function numbered(stem: string, n: number): string {
  return n === 1 ? `${stem}.wav` : `${stem}_${n}.wav`
}

/** Only characters that every file system takes. Composed, because HFS+ decomposes and others tell the two apart. */
function tame(text: string): string {
  return text
    .toWellFormed()
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N} ._-]+/gu, '_')
}

/** Whole characters that fit. A place for the number is not cut. */
function clip(name: string, most: number): string {
  let bytes = 0
  let kept = ''
  for (const [character] of name.matchAll(/\{part\}|[^]/gu)) {
    bytes += Buffer.byteLength(character)
    if (bytes > most) break
    kept += character
  }
  return kept
}
