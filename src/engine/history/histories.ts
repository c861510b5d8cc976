/** The history of every node: fed with what its meters say, asked by screens, kept on the disk. */
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { NodeReadings } from '#contract/frame.ts'
import type { HistoryPage, HistoryQuery } from '#contract/history.ts'
import type { StreamShape } from '#meters/meter.ts'
import { HistoryFiles, historyFolder } from './files.ts'
import { NodeHistory } from './node-history.ts'

/** A crash costs so much of it. */
const WRITE_EVERY_MS = 5000
/** Folders of nodes that were seen longest ago are deleted. */
const MAX_FOLDERS = 64

interface Kept {
  readonly history: NodeHistory
  readonly files: HistoryFiles | undefined
  readonly loaded: Promise<void>
}

export class Histories {
  readonly #base: string | undefined
  readonly #failed: (message: string) => void
  /** By the node's id, which outlives the program. */
  readonly #kept = new Map<string, Kept>()
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> = Promise.resolve()
  #complained = false

  /** `base`: folder for the histories; undefined keeps them in memory only. `failed`: told once when it cannot be written. */
  constructor(base: string | undefined, failed: (message: string) => void) {
    this.#base = base
    this.#failed = failed
    if (base === undefined) return
    void forgetOldest(base)
    this.#timer = setInterval(() => void this.#write(), WRITE_EVERY_MS)
  }

  take(node: string, shape: StreamShape, reading: NodeReadings): void {
    const { history } = this.#of(node)
    history.shape(shape)
    history.take(reading)
  }

  /** Sound of [from, to), ms since 1970, was sent and not heard. */
  lose(node: string, from: number, to: number): void {
    this.#kept.get(node)?.history.lose(from, to)
  }

  /** Of a node that has never answered there is nothing. */
  async query(node: string | undefined, query: Omit<HistoryQuery, 'node'>): Promise<HistoryPage> {
    if (node === undefined) return new NodeHistory().query(query)
    const { history, loaded } = this.#of(node)
    await loaded
    return history.query(query)
  }

  async dispose(): Promise<void> {
    clearInterval(this.#timer)
    for (const { history } of this.#kept.values()) history.flush()
    await this.#write()
  }

  #of(node: string): Kept {
    let kept = this.#kept.get(node)
    if (!kept) {
      const history = new NodeHistory()
      const files = this.#base === undefined ? undefined : new HistoryFiles(historyFolder(this.#base, node), history)
      history.onSecond = (second) => files?.add(second)
      kept = { history, files, loaded: files?.load() ?? Promise.resolve() }
      this.#kept.set(node, kept)
    }
    return kept
  }

  #write(): Promise<void> {
    this.#writing = this.#writing.then(async () => {
      try {
        for (const { files, loaded } of this.#kept.values()) {
          await loaded
          await files?.write()
        }
        this.#complained = false
      } catch (error) {
        if (!this.#complained) this.#failed((error as NodeJS.ErrnoException).code ?? String(error))
        this.#complained = true
      }
    })
    return this.#writing
  }
}

async function forgetOldest(base: string): Promise<void> {
  const names = await readdir(base).catch(() => [])
  if (names.length <= MAX_FOLDERS) return
  const folders = await Promise.all(
    names.map(async (name) => ({ name, at: (await stat(join(base, name)).catch(() => undefined))?.mtimeMs ?? 0 })),
  )
  folders.sort((a, b) => a.at - b.at)
  for (const { name } of folders.slice(0, folders.length - MAX_FOLDERS))
    await rm(join(base, name), { recursive: true, force: true }).catch(() => undefined)
}
