/** The segment that is being written. */
import { framesToNs } from '#shared/clock.ts'
import type { RingBlock } from '#wire/backfill.ts'
import { encodeHeader, HEADER_BYTES } from '#wire/packet.ts'
import { open, type FileHandle } from 'node:fs/promises'
import { entryOf, remove, writeIndex, type Entry, type Segment } from './segment.ts'

/** writev(2) takes 1024 pieces; a block is two. */
const BLOCKS_AT_ONCE = 500

export class SegmentWriter {
  readonly #path: string
  readonly #handle: FileHandle
  readonly #entries: Entry[] = []
  #segment: Segment | undefined

  private constructor(path: string, handle: FileHandle) {
    this.#path = path
    this.#handle = handle
  }

  /** Rejects when the file is there or cannot be made. */
  static async create(path: string): Promise<SegmentWriter> {
    return new SegmentWriter(path, await open(path, 'wx'))
  }

  /** What can be read of it so far; undefined before the first block. Always the same object. */
  get segment(): Segment | undefined {
    return this.#segment
  }

  /** Rejects when the disk does; what had been written before this call stays readable. */
  async append(blocks: readonly RingBlock[]): Promise<void> {
    for (let at = 0; at < blocks.length; at += BLOCKS_AT_ONCE) await this.#append(blocks.slice(at, at + BLOCKS_AT_ONCE))
  }

  async sync(): Promise<void> {
    await this.#handle.datasync()
  }

  /** Writes the index and closes; a file without a block is deleted. The file is closed even when the disk fails. */
  async finish(): Promise<void> {
    try {
      const segment = this.#segment
      if (!segment) return await remove(this.#path)
      await this.#handle.truncate(segment.bytes)
      await this.sync()
      await writeIndex(segment, this.#entries)
    } finally {
      if (this.#segment) this.#segment.entries = undefined
      await this.#handle.close()
    }
  }

  async #append(blocks: readonly RingBlock[]): Promise<void> {
    const begin = this.#segment?.bytes ?? 0
    const pieces: Uint8Array[] = []
    const entries: Entry[] = []
    let end = begin
    for (const { header, samples } of blocks) {
      const head = new Uint8Array(HEADER_BYTES)
      encodeHeader(header, head)
      pieces.push(head, samples)
      entries.push(entryOf(header, end, samples.byteLength))
      end += HEADER_BYTES + samples.byteLength
    }
    const { bytesWritten } = await this.#handle.writev(pieces, begin)
    // A full disk takes a part without complaint. The next write, or the cut at the end, goes over it.
    if (bytesWritten !== end - begin) throw Object.assign(new Error('disk full'), { code: 'ENOSPC' })
    const first = blocks[0]!.header
    const segment = (this.#segment ??= {
      path: this.#path,
      first,
      last: first,
      bytes: 0,
      lengthNs: 0n,
      entries: this.#entries,
    })
    this.#entries.push(...entries)
    segment.last = blocks.at(-1)!.header
    segment.bytes = end
    for (const { header } of blocks) segment.lengthNs += framesToNs(BigInt(header.frames), header.rate)
  }
}
