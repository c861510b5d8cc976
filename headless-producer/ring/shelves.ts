/** The segments of a spool's folder: found again after a restart, deleted when they are too old, too many, or the disk too full. */
import type { BlockHeader } from '#wire/packet.ts'
import { readdir, rm, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { RingLimits } from './memory.ts'
import {
  INDEX_SUFFIX,
  readEntries,
  readSegment,
  rebuild,
  remove,
  SEGMENT_SUFFIX,
  type Entry,
  type Segment,
} from './segment.ts'

/** One segment is what a start may have to read through, and what falls out at a time. */
const SEGMENT_SECONDS = 60
const SEGMENT_BYTES = 32 << 20
/** A write of so much at once is fast, and small against a segment. */
const PIECE_BYTES = 256 << 10
/** The spool is at least so many segments, so that one that falls out is a small part of it. */
const LEAST_SEGMENTS = 10
/** Left free for the rest of the computer, but never more than a fiftieth of a small disk. */
const RESERVE_BYTES = 256 << 20
const RESERVE_SHARE = 0.02
/** Indexes kept in memory beside that of the segment being written: one asker, or two at different places. */
const KEPT_INDEXES = 2
const SERIAL_DIGITS = 12
const NAME = /^(\d{12})-[0-9a-f]{16}-\d+\.blocks$/

export class Shelves {
  readonly #folder: string
  readonly #spanNs: bigint
  readonly #segmentNs: bigint
  readonly #limitBytes: number
  /** Oldest first. */
  #segments: Segment[] = []
  #indexes: { readonly segment: Segment; readonly entries: readonly Entry[] }[] = []
  #serial = 0
  #bytes = 0
  #lengthNs = 0n
  /** Bytes of the disk that the spool may still take. */
  #room = Infinity

  constructor(folder: string, { seconds, bytes }: RingLimits) {
    this.#folder = folder
    this.#spanNs = BigInt(Math.round(seconds * 1e9))
    this.#segmentNs = BigInt(Math.round(Math.min(SEGMENT_SECONDS, seconds / LEAST_SEGMENTS) * 1e9))
    this.#limitBytes = bytes
  }

  /** Bytes that the spool can come to on this disk. */
  get capacity(): number {
    this.#weigh()
    return Math.min(this.#limitBytes, this.#bytes + this.#room)
  }

  /** Oldest first. */
  of(stream: bigint): readonly Segment[] {
    return this.#segments.filter((s) => s.first.stream === stream)
  }

  /** First and last block of each stream, newest stream first. */
  streams(limit: number): readonly { readonly first: BlockHeader; readonly last: BlockHeader }[] {
    const found = new Map<bigint, { first: BlockHeader; last: BlockHeader }>()
    for (const { first, last } of this.#segments) {
      const known = found.get(first.stream)
      found.set(first.stream, { first: known?.first ?? first, last })
    }
    return [...found.values()].slice(-limit).reverse()
  }

  /** Reads what an earlier node left. Returns files that cannot be read; rejects when the folder cannot. */
  async scan(): Promise<readonly string[]> {
    const names = await readdir(this.#folder)
    const unreadable: string[] = []
    this.#segments = []
    const found = names.filter((name) => NAME.test(name)).toSorted()
    for (const name of found) {
      const path = join(this.#folder, name)
      this.#serial = Math.max(this.#serial, Number(NAME.exec(name)![1]) + 1)
      try {
        const segment = (await readSegment(path, (await stat(path)).size)) ?? (await rebuild(path))?.segment
        if (segment) this.add(segment)
      } catch {
        unreadable.push(path)
      }
    }
    // An index whose blocks are gone, or one that was being written.
    const kept = new Set(this.#segments.map((s) => s.path + INDEX_SUFFIX))
    for (const name of names)
      if (name.includes(SEGMENT_SUFFIX + INDEX_SUFFIX) && !kept.has(join(this.#folder, name)))
        await rm(join(this.#folder, name), { force: true })
    return unreadable
  }

  /** Called again and again for the segment that grows. */
  add(segment: Segment): void {
    if (this.#segments.at(-1) !== segment) this.#segments.push(segment)
  }

  isFull({ bytes, lengthNs }: Segment): boolean {
    return lengthNs >= this.#segmentNs || bytes >= this.#segmentBytes
  }

  /** What should be written at once. */
  get piece(): { readonly bytes: number; readonly seconds: number } {
    return { bytes: Math.min(PIECE_BYTES, this.#segmentBytes / 2), seconds: Number(this.#segmentNs) / 1e9 }
  }

  get #segmentBytes(): number {
    return Math.min(SEGMENT_BYTES, this.capacity / LEAST_SEGMENTS)
  }

  /** Begins every file name, so that names tell the order whatever the clock says. */
  nextSerial(): string {
    return `${this.#serial++}`.padStart(SERIAL_DIGITS, '0')
  }

  async entries(segment: Segment): Promise<readonly Entry[]> {
    if (segment.entries) return segment.entries
    const known = this.#indexes.find((i) => i.segment === segment)
    if (known) return known.entries
    const entries = (await readEntries(segment)) ?? (await this.#again(segment))
    this.#indexes = [{ segment, entries }, ...this.#indexes].slice(0, KEPT_INDEXES)
    return entries
  }

  /** Deletes what must go before `bytes` more are written. Rejects with ENOSPC when that is not enough. */
  async makeRoom(bytes: number): Promise<void> {
    for (;;) {
      this.#weigh()
      const { bavail, bsize, blocks } = await statfs(this.#folder)
      this.#room = Math.max(0, bavail * bsize - Math.min(RESERVE_BYTES, blocks * bsize * RESERVE_SHARE))
      const oldest = this.#segments[0]
      const old = oldest !== undefined && this.#lengthNs - oldest.lengthNs >= this.#spanNs
      if (!old && this.#room >= bytes && this.#bytes + bytes <= this.#limitBytes) return
      if (!(await this.dropOldest())) throw Object.assign(new Error('disk full'), { code: 'ENOSPC' })
    }
  }

  /** False when there is nothing to delete but the segment being written. */
  async dropOldest(): Promise<boolean> {
    const oldest = this.#segments[0]
    if (!oldest || oldest.entries) return false
    this.forget(oldest)
    await remove(oldest.path)
    return true
  }

  /** False when it was not there any more. */
  forget(segment: Segment): boolean {
    const at = this.#segments.indexOf(segment)
    if (at < 0) return false
    this.#segments.splice(at, 1)
    this.#indexes = this.#indexes.filter((i) => i.segment !== segment)
    return true
  }

  /** The index is wrong or could not be written: the blocks know better. */
  async #again(segment: Segment): Promise<readonly Entry[]> {
    const made = await rebuild(segment.path)
    if (!made) throw new Error('no blocks')
    Object.assign(segment, made.segment)
    return made.entries
  }

  #weigh(): void {
    this.#bytes = this.#segments.reduce((sum, s) => sum + s.bytes, 0)
    this.#lengthNs = this.#segments.reduce((sum, s) => sum + s.lengthNs, 0n)
  }
}
