/**
 * The history of one node on the disk: a folder with a file for each hour, `<hour since 1970>-<channels>.history`, in which
 * records of equal length follow each other. It is appended to, so a crash costs the last seconds and a torn record at the
 * end; files of more than a day ago are deleted.
 */
import { createHash } from 'node:crypto'
import { open, readdir, readFile, rm, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder } from '#engine/folder.ts'
import { MAX_CHANNELS } from './source.ts'
import type { NodeHistory } from './node-history.ts'
import { SECONDS } from './pyramid.ts'
import { readRecord, recordSize, writeRecord } from './record.ts'

const HOUR = 3600
const HOURS_KEPT = Math.ceil(SECONDS / HOUR) + 1
const NAME = /^(\d{1,7})-(\d{1,2})\.history$/
/** Two hours, of a disk that does not take them, or of a gap: the oldest are dropped. */
const MAX_WAITING_SECONDS = 7200

interface HourFile {
  readonly name: string
  readonly hour: number
  readonly channels: number
}

/** A name that every file system takes, and no two nodes share. */
export function historyFolder(base: string, node: string): string {
  const plain = node.replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, 40)
  return join(base, `${plain}-${createHash('sha256').update(node).digest('hex').slice(0, 12)}`)
}

export class HistoryFiles {
  readonly #folder: string
  readonly #history: NodeHistory
  /** Seconds that are complete and not on the disk. */
  #waiting: number[] = []
  #checked = ''
  #pruned = -1
  dropped = 0

  constructor(folder: string, history: NodeHistory) {
    this.#folder = folder
    this.#history = history
  }

  /** Reads what there is, file by file, so that live sound does not wait for it. What cannot be read is left out. */
  async load(): Promise<void> {
    const files = await this.#list()
    const newest = files.at(-1)?.hour ?? 0
    for (const { name, hour, channels } of files) {
      if (hour <= newest - HOURS_KEPT) continue
      const bytes = await readFile(join(this.#folder, name)).catch(() => undefined)
      if (!bytes) continue
      this.#history.grow(channels)
      const size = recordSize(channels)
      for (let at = 0; at + size <= bytes.length; at += size) readRecord(this.#history, channels, bytes, at)
    }
  }

  add(second: number): void {
    if (this.#waiting.length >= MAX_WAITING_SECONDS) {
      this.#waiting.shift()
      this.dropped++
    }
    this.#waiting.push(second)
  }

  /** Writes what waits. Rejects with the system's error; what was not written waits on. */
  async write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const hour = Math.floor(this.#waiting[0]! / HOUR)
      const seconds = this.#waiting.filter((second) => Math.floor(second / HOUR) === hour)
      const { channels } = this.#history.pyramid
      const size = recordSize(channels)
      const bytes = Buffer.alloc(size * seconds.length)
      seconds.forEach((second, i) => writeRecord(this.#history, second, bytes, i * size))
      await this.#append(`${hour}-${channels}.history`, bytes, size)
      const written = new Set(seconds)
      this.#waiting = this.#waiting.filter((second) => !written.has(second))
      if (hour !== this.#pruned) await this.#prune(hour)
      this.#pruned = hour
    }
  }

  async #append(name: string, bytes: Buffer, size: number): Promise<void> {
    const path = join(this.#folder, name)
    if (this.#checked !== name) {
      await makeFolder(this.#folder)
      await mend(path, size)
      this.#checked = name
    }
    const file = await open(path, 'a', 0o600)
    try {
      await file.writeFile(bytes)
    } catch (error) {
      // Part of it may be there: the next attempt begins on a whole record.
      this.#checked = ''
      throw error
    } finally {
      await file.close()
    }
  }

  async #prune(hour: number): Promise<void> {
    for (const file of await this.#list())
      if (file.hour <= hour - HOURS_KEPT) await rm(join(this.#folder, file.name), { force: true })
  }

  /** Oldest first. */
  async #list(): Promise<HourFile[]> {
    const names = await readdir(this.#folder).catch(() => [])
    const files = names.flatMap((name) => {
      const [, hour, channels] = NAME.exec(name) ?? []
      const file = { name, hour: Number(hour), channels: Number(channels) }
      return hour !== undefined && file.channels >= 1 && file.channels <= MAX_CHANNELS ? [file] : []
    })
    return files.sort((a, b) => a.hour - b.hour)
  }
}

/** Cuts off a record that a crash has torn. */
async function mend(path: string, size: number): Promise<void> {
  const { size: bytes } = await stat(path).catch(() => ({ size: 0 }))
  if (bytes % size !== 0) await truncate(path, bytes - (bytes % size))
}
