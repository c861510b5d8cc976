/**
 * Follows the checksums of one growing file (`checksum.ts`): over sound as it is written where it continues what is summed,
 * by reading the disk where a hole was filled or a file was opened again. So the end of a long take costs little.
 */
import type { FileHandle } from 'node:fs/promises'
import { frameBytes, type StreamFormat } from '#shared/pcm.ts'
import { Ranges, type Range } from '#engine/backfill/ranges.ts'
import { PIECE_SECONDS, RunningChecksum, type Checksums } from './checksum.ts'

const READ_BYTES = 1 << 20
/** Read at most after one flush, so that catching up leaves the disk to the sound that comes. */
const FOLLOW_BYTES = 64 << 20
/** More stretches than any take has; beyond it the oldest are forgotten and read at the end. */
const MAX_RANGES = 1 << 20

export class SoundSum {
  readonly #handle: FileHandle
  readonly #headBytes: number
  readonly #frameBytes: number
  readonly #pieceBytes: number
  readonly #first: bigint
  /** In the file for good, summed or not. */
  #ready = new Ranges(MAX_RANGES)
  /** Of that, silence that was given up. */
  readonly #silent = new Ranges(MAX_RANGES)
  #sum: RunningChecksum
  /** Frames before it are summed, or being read for that. */
  #fixed: bigint
  #reading: Promise<void> | undefined

  constructor(handle: FileHandle, headBytes: number, format: StreamFormat, first: bigint) {
    this.#handle = handle
    this.#headBytes = headBytes
    this.#frameBytes = frameBytes(format)
    this.#pieceBytes = PIECE_SECONDS * format.rate * this.#frameBytes
    this.#first = first
    this.#fixed = first
    this.#sum = new RunningChecksum(this.#pieceBytes)
  }

  /** Frames [from, to) without `holes` are in the file. */
  ready(from: bigint, to: bigint, holes: readonly Range[]): void {
    this.#ready.add(from, to)
    for (const hole of holes) this.#ready.take(hole.from, hole.to)
  }

  /** Frames [from, to) are silence for good. */
  settle(from: bigint, to: bigint): void {
    this.#silent.add(from, to)
    this.#ready.add(from, to)
  }

  /** Before frames [from, to) are written. Returns how many of the first are summed already and must stay as they are. */
  begin(from: bigint, to: bigint): number {
    // Sound that had been given up: what was summed of its silence is wrong, and everything is summed anew.
    if (this.#silent.take(from, to).length > 0 && from < this.#fixed) {
      this.#fixed = this.#first
      this.#sum = new RunningChecksum(this.#pieceBytes)
    }
    return from < this.#fixed ? Number((to < this.#fixed ? to : this.#fixed) - from) : 0
  }

  /** After `chunks` were written at frame `from`. */
  wrote(from: bigint, chunks: readonly Buffer[]): void {
    const frames = chunks.reduce((sum, chunk) => sum + chunk.length, 0) / this.#frameBytes
    const to = from + BigInt(frames)
    this.#ready.add(from, to)
    if (this.#reading || from !== this.#fixed) return
    for (const chunk of chunks) this.#sum.add(chunk)
    this.#fixed = to
  }

  /** Goes on reading what it is behind with, beside everything else. */
  follow(): void {
    // What cannot be read now is read at the end, which tells of it.
    this.#reading ??= this.#read(FOLLOW_BYTES)
      .catch(() => undefined)
      .finally(() => (this.#reading = undefined))
  }

  /** Resolves when nothing is being read. */
  async rest(): Promise<void> {
    await this.#reading
  }

  /** Sums the rest up to the frame `end`, whatever the file has there. Once. Rejects with the system's error. */
  async end(end: bigint): Promise<Checksums> {
    await this.rest()
    this.#ready.add(this.#first, end)
    await this.#read(Infinity)
    return this.#sum.end()
  }

  async #read(limit: number): Promise<void> {
    const step = BigInt(Math.max(1, Math.floor(READ_BYTES / this.#frameBytes)))
    let buffer: Buffer | undefined
    for (let left = limit; left > 0;) {
      const sum = this.#sum
      const from = this.#fixed
      const next = this.#ready.within(from, from + step)[0]
      if (next?.from !== from) return
      const bytes = Number(next.to - from) * this.#frameBytes
      this.#fixed = next.to
      const chunk = (buffer ??= Buffer.allocUnsafe(Number(step) * this.#frameBytes)).subarray(0, bytes)
      try {
        await this.#fill(chunk, Number(from - this.#first) * this.#frameBytes)
      } catch (error) {
        if (sum === this.#sum) this.#fixed = from
        throw error
      }
      // Begun anew meanwhile: this chunk comes again.
      if (sum === this.#sum) sum.add(chunk)
      left -= bytes
    }
  }

  async #fill(chunk: Buffer, at: number): Promise<void> {
    for (let done = 0; done < chunk.length;) {
      const { bytesRead } = await this.#handle.read(chunk, done, chunk.length - done, this.#headBytes + at + done)
      if (bytesRead === 0) throw new Error(`the file ends ${chunk.length - done} bytes before its sound`)
      done += bytesRead
    }
  }
}
