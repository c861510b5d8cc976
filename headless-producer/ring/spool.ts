/**
 * A ring on disk that survives a restart: segments in a folder, the oldest deleted first. Writing has a queue of its own and
 * never holds up the capture; a disk that is too slow, full or broken costs blocks, which are counted, and nothing else.
 */
import { BoundedQueue } from '#shared/queue.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import type { RingBlock } from '#wire/backfill.ts'
import { streamIdText, type RingStream } from '#wire/meta.ts'
import type { BlockHeader } from '#wire/packet.ts'
import { access, constants } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log } from '#producer/log.ts'
import { makeFolder } from './folder.ts'
import type { RingLimits } from './memory.ts'
import { pieces, weigh } from './pieces.ts'
import { beyond, choose, describeRun, endOf, type Ring, type RingAnswer, type RingRequest } from './ring.ts'
import { readBlocks, SEGMENT_SUFFIX, type Segment } from './segment.ts'
import { Shelves } from './shelves.ts'
import { SegmentWriter } from './writer.ts'

export interface SpoolLimits extends RingLimits {
  readonly folder: string
}

/** What waits for the disk: 80 s of 48 kHz, 2 channels, s32. Most of it is in the memory ring anyway. */
const QUEUE_BYTES = 32 << 20
/** Blocks are written together, so that a node with short ones does not write a thousand times a second. */
const GATHER_MS = 250
/** Taken out of the queue at a time: what is being written is not bounded by it any more. */
const BATCH_BYTES = 4 << 20
/** A disk that failed is tried again after this. */
const RETRY_MS = 1000
/** A power cut costs at most so much; a kill of the node costs the queue only. */
const SYNC_MS = 5000
/** Closing waits so long for the last blocks: a node ends within a second. What got no index is read through at the next start. */
const CLOSE_MS = 600

export class Spool implements Ring {
  readonly #folder: string
  readonly #limits: RingLimits
  readonly #log: Log
  readonly #shelves: Shelves
  readonly #queue = new BoundedQueue<RingBlock>(QUEUE_BYTES, 'drop-newest', weigh)
  #writer: SegmentWriter | undefined
  #state: 'scanning' | 'ready' | 'failed' = 'scanning'
  #live: bigint | undefined
  /** Blocks of each stream that wait or are being written. */
  readonly #pending = new Map<bigint, number>()
  #bytesPerSecond = 0
  #dropped = 0
  #errors = 0
  #message: string | undefined
  #syncedMs = 0
  #closing = false
  #wake: (() => void) | undefined
  #running: Promise<void> | undefined

  constructor({ folder, seconds, bytes }: SpoolLimits, log: Log) {
    this.#folder = folder
    this.#limits = { seconds, bytes }
    this.#log = log
    this.#shelves = new Shelves(folder, this.#limits)
  }

  /**
   * Makes sure that the folder can be written; with `wait` it goes on by itself, and tries again, whether or not.
   * Fault: `folder-unwritable`.
   */
  async open(wait: boolean): Promise<Result<void>> {
    let opened: Result<void> = ok(undefined)
    try {
      await makeFolder(this.#folder)
      await access(this.#folder, constants.W_OK)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      opened = fail(
        'folder-unwritable',
        `The folder of the spool cannot be written (${code ?? 'unknown error'}): ${this.#folder}. Choose another --spool.`,
      )
    }
    if (opened.ok || wait) this.#running = this.#run()
    return opened
  }

  /** Blocks that had to be left out. */
  get dropped(): number {
    return this.#dropped + this.#queue.dropped
  }

  get errors(): number {
    return this.#errors
  }

  /** What is wrong with the disk; undefined while all is well. */
  get message(): string | undefined {
    return this.#message
  }

  get seconds(): number {
    const { seconds } = this.#limits
    return this.#bytesPerSecond === 0 ? seconds : Math.min(seconds, this.#shelves.capacity / this.#bytesPerSecond)
  }

  push(block: RingBlock): void {
    const { stream, rate, frames } = block.header
    this.#live = stream
    this.#bytesPerSecond = (weigh(block) * rate) / frames
    if (this.#queue.push(block).length === 0) this.#pending.set(stream, (this.#pending.get(stream) ?? 0) + 1)
  }

  end(): void {
    this.#live = undefined
  }

  /** True while blocks of the stream are on their way to the disk. */
  pending(stream: bigint): boolean {
    return this.#pending.has(stream)
  }

  async read(request: RingRequest): Promise<RingAnswer> {
    const { stream, from } = request
    if (this.#state === 'scanning') return { ...beyond(request, undefined, false), status: 'busy' }
    const own = this.#shelves.of(stream)
    const over = this.#isOver(stream)
    const newest = own.at(-1)
    const index = own.findIndex((s) => endOf(s.last) > from)
    const segment = own[index]
    if (!newest) return beyond(request, undefined, over)
    const end = endOf(newest.last)
    if (!segment) return beyond(request, end, over)
    try {
      return await this.#readFrom(segment, own[index - 1], request, {
        oldest: own[0]!.first.firstFrame,
        end,
        ended: over,
      })
    } catch {
      // Deleted meanwhile, because it became too old or by somebody else: the answer is the one without it.
      if (this.#shelves.forget(segment)) this.#fault(`A file of the spool cannot be read: ${segment.path}.`)
      return this.read(request)
    }
  }

  streams(limit: number): readonly RingStream[] {
    return this.#shelves.streams(limit).map(({ first, last }) => describeRun(first, last, this.#isOver(first.stream)))
  }

  async close(): Promise<void> {
    this.#closing = true
    this.#wake?.()
    const late = Promise.withResolvers<void>()
    const timer = setTimeout(late.resolve, CLOSE_MS)
    await Promise.race([this.#running, late.promise])
    clearTimeout(timer)
  }

  async #readFrom(
    segment: Segment,
    before: Segment | undefined,
    request: RingRequest,
    known: { readonly oldest: bigint; readonly end: bigint; readonly ended: boolean },
  ): Promise<RingAnswer> {
    const { stream, from, to } = request
    const entries = await this.#shelves.entries(segment)
    const { rate } = segment.first
    const choice = choose({ length: entries.length, at: (i) => entries[i]!, before: before?.last, rate }, request)
    const gone = (oldest: bigint): RingAnswer => ({ status: 'gone', stream, from, to, ...known, oldest, blocks: [] })
    if (choice.status === 'gone') return gone(choice.oldest)
    const blocks = choice.behind > choice.start ? await readBlocks(segment, entries, choice.start, choice.behind) : []
    const bad = entries[choice.start + blocks.length]
    if (choice.start + blocks.length === choice.behind || !bad)
      return { status: 'ok', stream, from, to: choice.to, ...known, blocks }
    this.#fault(`A block at ${bad.firstFrame} went bad on the disk of the spool: ${segment.path}.`)
    if (blocks.length === 0) return gone(endOf(bad))
    return { status: 'ok', stream, from, to: endOf(blocks.at(-1)!.header), ...known, blocks }
  }

  #isOver(stream: bigint): boolean {
    return stream !== this.#live && !this.pending(stream)
  }

  async #run(): Promise<void> {
    while (!(this.#closing && this.#queue.length === 0)) {
      const well = this.#state === 'ready' ? await this.#writeQueue() : await this.#scan()
      if (this.#closing && !well) break
      if (!well || this.#queue.length === 0) await this.#rest(well ? GATHER_MS : RETRY_MS)
    }
    await this.#finish()
  }

  async #scan(): Promise<boolean> {
    try {
      await makeFolder(this.#folder)
      const unreadable = await this.#shelves.scan()
      for (const path of unreadable) this.#fault(`A file of the spool cannot be read: ${path}.`)
      this.#state = 'ready'
      return true
    } catch (error) {
      this.#state = 'failed'
      this.#unwell(error)
      return false
    }
  }

  async #writeQueue(): Promise<boolean> {
    const blocks: RingBlock[] = []
    for (let bytes = 0; bytes < BATCH_BYTES && this.#queue.length > 0; bytes += weigh(blocks.at(-1)!))
      blocks.push(this.#queue.shift()!)
    let written = 0
    try {
      for (const piece of pieces(blocks, this.#shelves.piece)) {
        await this.#shelves.makeRoom(piece.reduce((sum, b) => sum + weigh(b), 0))
        const writer = await this.#writerFor(piece[0]!.header)
        await writer.append(piece)
        written += piece.length
        if (writer.segment) this.#shelves.add(writer.segment)
      }
      if (performance.now() - this.#syncedMs > SYNC_MS) {
        this.#syncedMs = performance.now()
        await this.#writer?.sync()
      }
      if (blocks.length > 0) this.#message = undefined
      return true
    } catch (error) {
      this.#dropped += blocks.length - written
      this.#unwell(error)
      await this.#finish()
      if ((error as NodeJS.ErrnoException).code === 'ENOSPC') await this.#shelves.dropOldest()
      else await makeFolder(this.#folder).catch(() => undefined)
      return false
    } finally {
      for (const { header } of blocks) this.#settle(header.stream)
    }
  }

  /** The open segment, or the next one when that is full or of another stream. */
  async #writerFor({ stream, firstFrame }: BlockHeader): Promise<SegmentWriter> {
    const segment = this.#writer?.segment
    if (segment && (segment.first.stream !== stream || this.#shelves.isFull(segment))) await this.#finish()
    if (this.#writer) return this.#writer
    const name = `${this.#shelves.nextSerial()}-${streamIdText(stream)}-${firstFrame}${SEGMENT_SUFFIX}`
    return (this.#writer = await SegmentWriter.create(join(this.#folder, name)))
  }

  async #finish(): Promise<void> {
    const writer = this.#writer
    this.#writer = undefined
    try {
      await writer?.finish()
    } catch (error) {
      this.#unwell(error)
    }
  }

  #settle(stream: bigint): void {
    const left = this.#pending.get(stream)! - 1
    if (left === 0) this.#pending.delete(stream)
    else this.#pending.set(stream, left)
  }

  #unwell(error: unknown): void {
    const { code, message } = error as NodeJS.ErrnoException
    this.#fault(
      code === 'ENOSPC'
        ? `The disk of the spool is full: ${this.#folder}. Make room on it.`
        : `The spool cannot be written (${code ?? message}): ${this.#folder}. Look after the disk.`,
    )
  }

  #fault(message: string): void {
    this.#errors++
    if (message !== this.#message) this.#log('warn', message)
    this.#message = message
  }

  #rest(ms: number): Promise<void> {
    if (this.#closing) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}
