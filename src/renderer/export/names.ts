/** Names of files that leave the program: every file system takes them, and they sort by node, thing and time. */

/** Longer names of nodes are cut; with the rest a name stays far below the 255 bytes that file systems take. */
const LONGEST = 60

/** "Attic_level_2026-11-21_09-12-33.png", in this computer's time. `at`: ms since 1970. */
export function fileName(node: string, what: string, at: number, kind: string): string {
  const date = new Date(at)
  const two = (n: number): string => String(n).padStart(2, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  const time = `${two(date.getHours())}-${two(date.getMinutes())}-${two(date.getSeconds())}`
  return `${plain(node) || 'node'}_${plain(what).toLowerCase()}_${day}_${time}.${kind}`
}

/** Letters and digits of every script; anything else is a line. Whole characters are cut off, at most as many bytes as are safe. */
function plain(name: string): string {
  const kept = name
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N}-]+/gu, '_')
    .replace(/^[_-]+|[_-]+$/g, '')
  let bytes = 0
  let out = ''
  for (const character of kept) {
    bytes += new TextEncoder().encode(character).length
    if (bytes > LONGEST) break
    out += character
  }
  return out
}
