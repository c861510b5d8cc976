/**
 * Who writes a take. A process that died leaves its claim behind; it is told from a living one by its number and the moment
 * it began, because numbers are used again. A living owner is never robbed, also not one on another computer that
 * records to the same shared folder.
 */
import { randomUUID } from 'node:crypto'
import { readFile, rename, stat, unlink, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'

export interface Owner {
  readonly host: string
  /** Of this boot of the computer; empty where the system does not say. */
  readonly boot: string
  readonly pid: number
  /** When the process began, in the system's own unit; empty where it does not say. */
  readonly began: string
}

/** A take of another computer whose journal grew within this time is alive; a journal grows each second. */
const FOREIGN_MS = 15_000
/** Writing a claim takes less. */
const TORN_MS = 2000

export interface Claim {
  release(): Promise<void>
}

export async function ourselves(): Promise<Owner> {
  return { host: hostname(), boot: await bootId(), pid: process.pid, began: (await beganAt(process.pid)) ?? '' }
}

/**
 * Claims the take of `journal`, with a file `journal`.owner beside it. Undefined when it has a living owner, this
 * process included. Rejects with the system's error.
 */
export async function claim(journal: string): Promise<Claim | undefined> {
  const path = `${journal}.owner`
  if (await created(path)) return held(path)
  const seen = await readFile(path, 'utf8').catch(() => undefined)
  if (seen === undefined || (await isAlive(seen, path, journal))) return undefined
  // Of many who rename the dead claim away, one succeeds.
  const aside = `${path}.${randomUUID()}`
  if (!(await renamed(path, aside))) return undefined
  if ((await readFile(aside, 'utf8')) !== seen) {
    // Somebody claimed it since we looked: it stays theirs.
    await renamed(aside, path)
    return undefined
  }
  await unlink(aside)
  return (await created(path)) ? held(path) : undefined
}

/** Whether the take of `journal` has a living owner. */
export async function isClaimed(journal: string): Promise<boolean> {
  const path = `${journal}.owner`
  const text = await readFile(path, 'utf8').catch(() => undefined)
  return text !== undefined && isAlive(text, path, journal)
}

function held(path: string): Claim {
  return { release: () => unlink(path).catch(() => undefined) }
}

/** False when there is one already. Not with a link, which camera cards do not know. */
async function created(path: string): Promise<boolean> {
  try {
    await writeFile(path, JSON.stringify(await ourselves()), { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

async function renamed(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}

/** `text` is what an owner wrote of itself in `path`. One that cannot be read is being written now, or was torn. */
async function isAlive(text: string, path: string, journal: string): Promise<boolean> {
  const owner = parseOwner(text)
  if (!owner) return isNewer(path, TORN_MS)
  if (owner.host !== hostname()) return isNewer(journal, FOREIGN_MS)
  if (owner.boot !== (await bootId())) return false
  const began = await beganAt(owner.pid)
  return began !== undefined && (began === '' || owner.began === '' || began === owner.began)
}

async function isNewer(path: string, ms: number): Promise<boolean> {
  const at = await stat(path).catch(() => undefined)
  return at !== undefined && Date.now() - at.mtimeMs < ms
}

export function parseOwner(text: string): Owner | undefined {
  try {
    const { host, boot, pid, began } = JSON.parse(text) as Record<string, unknown>
    return typeof host === 'string' &&
      typeof boot === 'string' &&
      typeof began === 'string' &&
      typeof pid === 'number' &&
      Number.isInteger(pid) &&
      pid > 0
      ? { host, boot, pid, began }
      : undefined
  } catch {
    return undefined
  }
}

async function bootId(): Promise<string> {
  return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')).trim()
}

/** Undefined when there is no such process; empty where the system does not tell. */
async function beganAt(pid: number): Promise<string | undefined> {
  const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  // The name of the program, in brackets, may hold anything; the 20th field behind it is the start time.
  if (line !== undefined) return line.slice(line.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  if (process.platform === 'linux') return undefined
  try {
    process.kill(pid, 0)
    return ''
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? '' : undefined
  }
}
