/** File names that every file system takes, FAT on a camera card included. */
import { access } from 'node:fs/promises'
import { join } from 'node:path'

/** Device names that Windows keeps for itself, with any extension. */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)$/i
const MAX_NAME = 80

/** A stranger's node name as part of a file name: no separators, no dots at the ends, never empty. */
export function safeName(name: string): string {
  const kept = name
    .normalize('NFC')
    .replace(/[^\p{L}\p{N} ._-]+/gu, '_')
    .slice(0, MAX_NAME)
    .replace(/^[. ]+|[. ]+$/g, '')
  return kept === '' || RESERVED.test(kept) ? `node_${kept}` : kept
}

/** "attic_2026-03-01_14-05-09", in local time: what a person looks for in a folder. */
export function takeName(node: string, at: Date): string {
  const two = (n: number): string => String(n).padStart(2, '0')
  const date = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-')
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join('-')
  return `${safeName(node)}_${date}_${time}`
}

/** `stem.wav`, or `stem_2.wav` and so on where that name or its unfinished form is taken. */
export async function freeName(folder: string, stem: string): Promise<string> {
  for (let n = 1; ; n++) {
    const name = n === 1 ? `${stem}.wav` : `${stem}_${n}.wav`
    const taken = await Promise.all([exists(join(folder, name)), exists(join(folder, `${name}.part`))])
    if (!taken.includes(true)) return name
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path)
    return true
  } catch {
    return false
  }
}
