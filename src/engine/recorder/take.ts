/**
 * A take: one node, one format, recorded from the first block after the start to the last before the stop. The captured
 * bytes go to disk untouched. Blocks wait in a bounded queue for one writer; no screen and no meter waits for the disk.
 */
import { randomUUID } from 'node:crypto'
import { unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BoundedQueue } from '#shared/queue.ts'
import { frameBytes, type StreamFormat } from '#shared/pcm.ts'
import { fail, ok, type Fault, type Result } from '#shared/result.ts'
import { makeFolder } from '#engine/folder.ts'
import type { SessionBlock } from '#engine/session.ts'
import { takeName } from './names.ts'
import { WavFile } from './wav-file.ts'

/** Sound that may wait for a slow disk: about 160 s of 48 kHz stereo s32. Beyond it new blocks are dropped and counted as missing. */
export const MAX_QUEUED_BYTES = 64 << 20
/** Contiguous blocks written with one call at most; bounds the latency of a stop. */
const MAX_BATCH = 64
/** An empty file fits on a full disk; this does not. */
const PROBE = Buffer.alloc(64 << 10)

export interface TakeFigures {
  readonly files: readonly string[]
  /** From the first to the last frame, holes included, over all files. */
  readonly frames: number
  readonly bytes: number
  readonly gaps: number
  readonly missingFrames: number
  readonly queuedBytes: number
  readonly fault?: Fault
}

interface Waiting {
  readonly block: SessionBlock
  readonly file: number
}

/** What is known of one file's positions, ahead of what the disk has. */
interface Part {
  readonly stream: bigint
  readonly first: bigint
  end: bigint
}

export class Take {
  readonly folder: string
  readonly format: StreamFormat
  readonly startedAt: Date
  readonly #stem: string
  readonly #limit: number | undefined
  readonly #queue = new BoundedQueue<Waiting>(MAX_QUEUED_BYTES, 'drop-newest', (w) => w.block.samples.length)
  readonly #parts: Part[] = []
  readonly #names: string[] = []
  #file: WavFile | undefined
  /** Frames handed to the writer, and those it has written. */
  #heldFrames = 0
  #writtenFrames = 0
  #gaps = 0
  #fault: Fault | undefined
  #writing: Promise<void> | undefined
  #stopping = false
  #failed: ((fault: Fault) => void) | undefined

  /** `folder` was checked by `checkFolder`; the file is made with the first block. `limit`: length in frames, open-ended when absent. */
  constructor(folder: string, node: string, format: StreamFormat, limit?: number) {
    this.#limit = limit
    this.folder = folder
    this.format = format
    this.startedAt = new Date()
    this.#stem = takeName(node, this.startedAt)
  }

  /** Never waits and never throws. Late blocks before the take's first frame are not part of it. */
  accept(offered: SessionBlock): void {
    if (this.#stopping || this.#fault || this.complete) return
    const block = this.#limit === undefined ? offered : this.#cut(offered, this.#limit)
    const { header } = block
    let index = this.#parts.findLastIndex((part) => part.stream === header.stream)
    if (index < 0) {
      if (block.kind === 'late') return
      index = this.#parts.push({ stream: header.stream, first: header.firstFrame, end: header.firstFrame }) - 1
    }
    const part = this.#parts[index]!
    if (header.firstFrame < part.first) return
    const end = header.firstFrame + BigInt(header.frames)
    if (block.kind === 'live' && header.firstFrame > part.end) this.#gaps++
    if (part.end < end) part.end = end
    // A dropped block is a hole like any other: the file keeps its place, the figures count it as missing.
    if (this.#queue.push({ block, file: index }).length > 0) return
    this.#heldFrames += block.filled
    this.#writing ??= this.#write()
  }

  /** True when the limit is reached; what comes then is not part of the take. */
  get complete(): boolean {
    return this.#limit !== undefined && this.#span() >= this.#limit
  }

  /** What is left of the limit, s; undefined without one. */
  get secondsLeft(): number | undefined {
    return this.#limit === undefined ? undefined : (this.#limit - this.#span()) / this.format.rate
  }

  /** Told once when the disk ends the take; the file is being finished then. */
  onFailure(listener: (fault: Fault) => void): void {
    this.#failed = listener
  }

  figures(): TakeFigures {
    const frames = this.#span()
    return {
      files: this.#names,
      frames,
      bytes: frames * frameBytes(this.format),
      gaps: this.#gaps,
      missingFrames: frames - this.#heldFrames,
      queuedBytes: this.#queue.size,
      ...(this.#fault ? { fault: this.#fault } : {}),
    }
  }

  /** Writes what waits and finishes the file. */
  async stop(): Promise<void> {
    this.#stopping = true
    await this.#writing
    await this.#finish()
  }

  /** Frames from first to last over all files. */
  #span(): number {
    return Number(this.#parts.reduce((sum, part) => sum + (part.end - part.first), 0n))
  }

  /** The part of a block that lies before the limit. */
  #cut(block: SessionBlock, limit: number): SessionBlock {
    const { header } = block
    const part = this.#parts.findLast((p) => p.stream === header.stream)
    const others = this.#span() - (part ? Number(part.end - part.first) : 0)
    const room = limit - others - (part ? Number(header.firstFrame - part.first) : 0)
    if (block.kind === 'late' || room >= header.frames) return block
    const frames = Math.max(room, 0)
    const samples = block.samples.subarray(0, frames * frameBytes(this.format))
    // A gap may swallow the rest of the take: then it ends at its limit, inside the gap.
    const firstFrame = frames > 0 ? header.firstFrame : header.firstFrame + BigInt(room)
    return { ...block, samples, filled: frames, header: { ...header, firstFrame, frames } }
  }

  async #write(): Promise<void> {
    // Not in the caller's turn: the receive loop goes on first, and blocks gather into a batch.
    await Promise.resolve()
    try {
      for (let batch = this.#batch(); batch.length > 0; batch = this.#batch()) await this.#writeBatch(batch)
    } catch (error) {
      this.#fail(error)
      await this.#finish()
    }
    this.#writing = undefined
  }

  /** The next blocks that follow each other without a hole in one file. */
  #batch(): Waiting[] {
    const batch: Waiting[] = []
    let next: bigint | undefined
    while (batch.length < MAX_BATCH) {
      const head = this.#queue.peek()
      if (!head || (batch.length > 0 && (head.file !== batch[0]!.file || head.block.header.firstFrame !== next))) break
      batch.push(this.#queue.shift()!)
      next = head.block.header.firstFrame + BigInt(head.block.header.frames)
    }
    return batch
  }

  async #writeBatch(batch: readonly Waiting[]): Promise<void> {
    const { block, file } = batch[0]!
    const { stream, first } = this.#parts[file]!
    if (this.#file?.stream !== stream) {
      await this.#finish()
      const stem = file === 0 ? this.#stem : `${this.#stem}_part${file + 1}`
      this.#file = await WavFile.create(this.folder, stem, { format: this.format, stream, first })
      this.#names.push(this.#file.name)
    }
    try {
      await this.#file.write(
        block.header.firstFrame,
        batch.map((w) => w.block.samples),
      )
    } catch (error) {
      // What fitted of the batch is in the file and counts.
      const end = BigInt(this.#file.dataBytes / frameBytes(this.format))
      this.#writtenFrames += Math.max(0, Number(first + end - block.header.firstFrame))
      throw error
    }
    this.#writtenFrames += batch.reduce((sum, w) => sum + w.block.filled, 0)
  }

  /** From here on the figures are those of what the disk holds. */
  #fail(error: unknown): void {
    this.#fault = diskFault(this.folder, error)
    this.#queue.clear()
    this.#heldFrames = this.#writtenFrames
    const part = this.#parts[this.#names.length - 1]
    this.#parts.length = this.#names.length
    if (part && this.#file) part.end = part.first + BigInt(this.#file.dataBytes / frameBytes(this.format))
    this.#failed?.(this.#fault)
  }

  async #finish(): Promise<void> {
    const file = this.#file
    this.#file = undefined
    try {
      await file?.finish()
    } catch (error) {
      this.#fault ??= diskFault(this.folder, error)
    }
  }
}

/** Makes sure that a file can be made in `folder`, by making and removing one. Faults: `folder-unwritable`, `disk-full`. */
export async function checkFolder(folder: string): Promise<Result<null>> {
  const probe = join(folder, `.farfield-${randomUUID()}`)
  try {
    await makeFolder(folder)
    await writeFile(probe, PROBE)
    return ok(null)
  } catch (error) {
    return { ok: false, fault: diskFault(folder, error) }
  } finally {
    await unlink(probe).catch(() => undefined)
  }
}

/** A sentence for a system error at the disk. */
export function diskFault(folder: string, error: unknown): Fault {
  const code = (error as NodeJS.ErrnoException).code ?? ''
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return fail(
      'disk-full',
      `The disk that holds ${folder} is full. Recording was stopped and what was written is kept. Free some space or choose another folder.`,
    ).fault
  const why: Record<string, string> = {
    EACCES: 'you may not write there',
    EPERM: 'you may not write there',
    EROFS: 'it is read-only',
    ENOTDIR: 'part of it is a file, not a folder',
    EEXIST: 'a file of that name is in the way',
    ENOENT: 'it is gone',
    EIO: 'the disk reports an error',
  }
  return fail(
    'folder-unwritable',
    `Nothing can be written in ${folder}: ${why[code] ?? (code || String(error))}. Choose another folder.`,
  ).fault
}
