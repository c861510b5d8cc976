/** The journal of a take on the disk: appended in order, made short again when it has grown long. */
import { open, rename, unlink, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { apply, headLine, lineOf, linesOf, type JournalState, type Line, type TakeHead } from './journal.ts'
import { partName } from './names.ts'

export const JOURNAL_ENDING = '.take'
/** A line a second is 8 MB a day; a start after a crash reads all of it. */
const COMPACT_BYTES = 1 << 20

export class JournalFile {
  readonly path: string
  readonly state: JournalState
  #handle: FileHandle
  #bytes: number
  #chain: Promise<void> = Promise.resolve()
  /** Lines that are not on the disk yet. */
  #waiting: string[] = []
  /** A line may have been written in part: nothing behind it would be believed. */
  #torn = false
  #closed = false
  #error: unknown

  private constructor(path: string, handle: FileHandle, state: JournalState, bytes: number) {
    this.path = path
    this.#handle = handle
    this.state = state
    this.#bytes = bytes
  }

  /** Begins `stem.take` in `folder`, or with the next free number. Rejects with the system's error. */
  static async create(folder: string, take: TakeHead): Promise<JournalFile> {
    const state: JournalState = { take, parts: [], markers: [], seenAt: take.startedAt, resumed: 0 }
    for (let n = 1; ; n++) {
      const path = join(folder, `${partName(take.stem, 1)}${n === 1 ? '' : `_${n}`}${JOURNAL_ENDING}`)
      try {
        const handle = await open(path, 'wx')
        const text = headLine(take)
        await handle.writeFile(text)
        return new JournalFile(path, handle, state, text.length)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      }
    }
  }

  /** Goes on with a journal that was read: first without what a crash left torn. Rejects with the system's error. */
  static async reopen(path: string, state: JournalState): Promise<JournalFile> {
    const { handle, bytes } = await rewritten(path, linesOf(state))
    return new JournalFile(path, handle, state, bytes)
  }

  /** The first error at the disk, if any: the take itself meets it too, and says so. */
  get error(): unknown {
    return this.#error
  }

  /** Never waits; lines reach the disk in order. */
  append(...lines: readonly Line[]): void {
    for (const line of lines) apply(this.state, line)
    this.#waiting.push(...lines.map(lineOf))
    this.#queue(() => this.#write())
  }

  /** Keeps it for another start. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.#chain
    // What it has to tell was told with the lines.
    await this.#handle.close().catch(() => undefined)
  }

  /** The take is finished and needs it no more. */
  async remove(): Promise<void> {
    await this.close()
    await unlink(this.path).catch(() => undefined)
  }

  async #write(): Promise<void> {
    if (this.#waiting.length === 0) return
    if (this.#torn || this.#bytes > COMPACT_BYTES) return this.#compact()
    const text = this.#waiting.splice(0).join('')
    try {
      await this.#handle.writeFile(text)
      this.#bytes += text.length
    } catch (error) {
      this.#torn = true
      throw error
    }
  }

  /** The state as it is now has the lines that wait: written again behind it they would contradict it. */
  async #compact(): Promise<void> {
    const text = linesOf(this.state)
    const waiting = this.#waiting.splice(0)
    try {
      const { handle, bytes } = await rewritten(this.path, text)
      const before = this.#handle
      this.#handle = handle
      this.#bytes = bytes
      this.#torn = false
      await before.close().catch(() => undefined)
    } catch (error) {
      // They are to be written with the next ones.
      this.#waiting.unshift(...waiting)
      throw error
    }
  }

  #queue(work: () => Promise<void>): void {
    if (this.#closed) return
    this.#chain = this.#chain.then(work).catch((error: unknown) => {
      this.#error ??= error
    })
  }
}

/** Whole to a neighbour, then renamed: a crash leaves the old one or the new one. */
async function rewritten(path: string, text: string): Promise<{ handle: FileHandle; bytes: number }> {
  const next = `${path}.new`
  const handle = await open(next, 'w')
  try {
    await handle.writeFile(text)
    await handle.datasync()
    await rename(next, path)
    return { handle, bytes: text.length }
  } catch (error) {
    await handle.close()
    throw error
  }
}
