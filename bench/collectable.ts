/** Programs whose garbage is collected on demand, and that say what they still hold then. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const SIGUSR2_CAUGHT = 1n << 11n

/** Environment of programs that are to be so; what they hold is kept in `folder`. */
export function collectable(folder: string): Readonly<Record<string, string>> {
  const hook = new URL('collect-on-signal.mjs', import.meta.url).href
  return { NODE_OPTIONS: `--import=${hook}`, FARFIELD_HELD: folder }
}

/** False while the program is not ready for that. */
export function collect(pid: number): boolean {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const caught = BigInt(`0x${/^SigCgt:\s+([0-9a-f]+)/m.exec(status)![1]}`)
  if (!(caught & SIGUSR2_CAUGHT)) return false
  process.kill(pid, 'SIGUSR2')
  return true
}

/** Objects and buffers of all threads after the last collection, MB of 10^6 bytes; NaN before the first. */
export function heldMb(folder: string, pid: number): number {
  const threads = readdirSync(folder).filter((name) => name.startsWith(`${pid}-`))
  if (threads.length === 0) return NaN
  return threads.reduce((sum, name) => sum + Number(readFileSync(join(folder, name), 'utf8')), 0) / 1e6
}
