/** The newest sound from memory, everything older from the disk: what is still on its way there is served all the same. */
import { MAX_RING_STREAMS, streamIdText, type RingStream } from '#wire/meta.ts'
import type { RingBlock } from '#wire/backfill.ts'
import type { MemoryRing } from './memory.ts'
import { least, type Ring, type RingAnswer, type RingRequest } from './ring.ts'
import type { Spool } from './spool.ts'

export class LayeredRing implements Ring {
  readonly #memory: MemoryRing
  readonly #spool: Spool

  constructor(memory: MemoryRing, spool: Spool) {
    this.#memory = memory
    this.#spool = spool
  }

  get seconds(): number {
    return Math.max(this.#memory.seconds, this.#spool.seconds)
  }

  push(block: RingBlock): void {
    this.#memory.push(block)
    this.#spool.push(block)
  }

  end(): void {
    this.#memory.end()
    this.#spool.end()
  }

  async read(request: RingRequest): Promise<RingAnswer> {
    const near = this.#memory.readNow(request)
    const oldest = this.#oldest(request.stream)
    if (near.status !== 'gone') return { ...near, ...oldest }
    const far = await this.#spool.read(request)
    // Memory forgets a stream as a whole, so when it still knows the stream it knows its end better than the disk.
    if (near.end === undefined) return far
    const known = { end: near.end, ended: near.ended }
    if (far.status === 'ok' || far.status === 'busy') return { ...far, ...known }
    if (far.status === 'future' && this.#spool.pending(request.stream)) return { ...far, ...known }
    const next = [near.oldest, far.oldest].filter((position) => position !== undefined)
    return { ...far, ...known, status: 'gone', ...(next.length > 0 ? { oldest: least(...next) } : {}) }
  }

  streams(limit: number): readonly RingStream[] {
    const near = this.#memory.streams(limit)
    const far = new Map(this.#spool.streams(limit).map((stream) => [stream.id, stream]))
    const merged = near.map((stream) => {
      const older = far.get(stream.id)
      far.delete(stream.id)
      return older && BigInt(older.from) < BigInt(stream.from)
        ? { ...stream, from: older.from, utc: older.utc }
        : stream
    })
    return [...merged, ...far.values()].slice(0, limit)
  }

  #oldest(stream: bigint): { readonly oldest?: bigint } {
    const held = this.streams(MAX_RING_STREAMS).find(({ id }) => id === streamIdText(stream))
    return held ? { oldest: BigInt(held.from) } : {}
  }
}
