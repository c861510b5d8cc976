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
        await handle.write(text)
        return new JournalFile(path, handle, state, text.length)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      }
    }
  }

  /** Goes on with a journal that was read: first without what a crash left torn. Rejects with the system's error. */
  static async reopen(path: string, state: JournalState): Promise<JournalFile> {
    const { handle, bytes } = await rewritten(path, state)
    return new JournalFile(path, handle, state, bytes)
  }

  /** The first error at the disk, if any: the take itself meets it too, and says so. */
  get error(): unknown {
    return this.#error
  }

  /** Never waits; lines reach the disk in order. */
  append(...lines: readonly Line[]): void {
    for (const line of lines) apply(this.state, line)
    const text = lines.map(lineOf).join('')
    this.#queue(async () => {
      await this.#handle.write(text)
      this.#bytes += text.length
      if (this.#bytes > COMPACT_BYTES) await this.#compact()
    })
  }

  /** Keeps it for another start. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.#chain
    await this.#handle.close()
  }

  /** The take is finished and needs it no more. */
  async remove(): Promise<void> {
    await this.close()
    await unlink(this.path).catch(() => undefined)
  }

  async #compact(): Promise<void> {
    const { handle, bytes } = await rewritten(this.path, this.state)
    await this.#handle.close()
    this.#handle = handle
    this.#bytes = bytes
  }

  #queue(work: () => Promise<void>): void {
    if (this.#closed) return
    this.#chain = this.#chain.then(work).catch((error: unknown) => {
      this.#error ??= error
    })
  }
}

/** Whole to a neighbour, then renamed: a crash leaves the old one or the new one. */
async function rewritten(path: string, state: JournalState): Promise<{ handle: FileHandle; bytes: number }> {
  const next = `${path}.new`
  const handle = await open(next, 'w')
  try {
    const text = linesOf(state)
    await handle.write(text)
    await handle.datasync()
    await rename(next, path)
    return { handle, bytes: text.length }
  } catch (error) {
    await handle.close()
    throw error
  }
}
