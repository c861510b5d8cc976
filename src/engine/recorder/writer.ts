/**
 * Puts the sound of one take on the disk: one writer, a bounded queue before it, a flush each second beside it. No screen
 * and no meter waits for it, and a flush that takes long holds up nothing but the next one.
 */
import { BoundedQueue } from '#shared/queue.ts'
import { frameBytes } from '#shared/pcm.ts'
import type { Part } from './part.ts'

/** Sound that may wait for a slow disk: about 160 s of 48 kHz stereo s32. Beyond it a block is a hole, to be asked for again. */
export const MAX_QUEUED_BYTES = 64 << 20
/** Contiguous blocks written with one call at most; bounds the latency of a stop. */
const MAX_BATCH = 64

interface Waiting {
  readonly part: Part
  readonly from: bigint
  readonly samples: Buffer
}

export interface WriterEvents {
  /** Makes the file of a part that has none. Rejects with the system's error. */
  open(part: Part): Promise<void>
  /** The disk refused; what was written is in `part.written`. */
  failed(error: unknown): void
  /** What `part.written` said when the flush began is safe. */
  safe(part: Part, written: Part['written']): void
}

export class Writer {
  readonly #events: WriterEvents
  readonly #queue = new BoundedQueue<Waiting>(MAX_QUEUED_BYTES, 'drop-newest', (w) => w.samples.length)
  #writing: Promise<void> | undefined
  #flushing: Promise<void> | undefined
  #checking: Promise<void> | undefined

  constructor(events: WriterEvents) {
    this.#events = events
  }

  get queuedBytes(): number {
    return this.#queue.size
  }
  /** Blocks refused because the disk was too slow. */
  get refused(): number {
    return this.#queue.dropped
  }

  /** False when there is no room for it. Never waits. */
  push(part: Part, from: bigint, samples: Buffer): boolean {
    if (this.#queue.push({ part, from, samples }).length > 0) return false
    this.#writing ??= this.#write()
    return true
  }

  /** Resolves when all that was pushed is written, or could not be. */
  async idle(): Promise<void> {
    while (this.#writing) await this.#writing
    await this.#checking
  }

  clear(): void {
    this.#queue.clear()
  }

  /** Makes safe what has been written. One at a time: a call during a flush is answered by that one. */
  flush(parts: readonly Part[]): Promise<void> {
    return (this.#flushing ??= this.#flush(parts).finally(() => (this.#flushing = undefined)))
  }

  /** Looks whether the files are still there, without waiting for the disk: a call during a look is answered by that one. */
  check(parts: readonly Part[]): Promise<void> {
    return (this.#checking ??= this.#check(parts).finally(() => (this.#checking = undefined)))
  }

  async #check(parts: readonly Part[]): Promise<void> {
    for (const part of parts) {
      if (!part.file || part.state !== 'open') continue
      try {
        await part.file.check()
      } catch (error) {
        if (part.state === 'open') this.#events.failed(error)
      }
    }
  }

  async #flush(parts: readonly Part[]): Promise<void> {
    for (const part of parts) {
      if (!part.dirty || !part.file || part.state !== 'open') continue
      part.dirty = false
      const written = part.written.copy()
      try {
        await part.file.sync()
      } catch (error) {
        // A part that was sealed meanwhile has closed its file; it is safe by that.
        if (part.state === 'open') this.#events.failed(error)
        continue
      }
      this.#events.safe(part, written)
    }
  }

  async #write(): Promise<void> {
    // Not in the caller's turn: the receive loop goes on first, and blocks gather into a batch.
    await Promise.resolve()
    try {
      for (let batch = this.#batch(); batch.length > 0; batch = this.#batch()) await this.#writeBatch(batch)
    } catch (error) {
      this.#queue.clear()
      this.#events.failed(error)
    }
    this.#writing = undefined
  }

  /** The next blocks that follow each other without a hole in one file. */
  #batch(): Waiting[] {
    const batch: Waiting[] = []
    let next: bigint | undefined
    while (batch.length < MAX_BATCH) {
      const head = this.#queue.peek()
      if (!head || (batch.length > 0 && (head.part !== batch[0]!.part || head.from !== next))) break
      batch.push(this.#queue.shift()!)
      next = head.from + framesOf(head)
    }
    return batch
  }

  async #writeBatch(batch: readonly Waiting[]): Promise<void> {
    const { part, from } = batch[0]!
    if (!part.file) await this.#events.open(part)
    const file = part.file!
    part.dirty = true
    try {
      await file.write(
        from,
        batch.map((w) => w.samples),
      )
    } catch (error) {
      // What fitted of the batch is in the file and counts.
      const end = part.first + BigInt(file.dataBytes / frameBytes(part.format))
      if (end > from) part.written.put(from, end)
      throw error
    }
    part.written.put(
      from,
      batch.reduce((at, w) => at + framesOf(w), from),
    )
  }
}

function framesOf({ part, samples }: Waiting): bigint {
  return BigInt(samples.length / frameBytes(part.format))
}
