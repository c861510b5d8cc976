/** The last sound in memory: references to the blocks that were sent, bounded by their length and by their bytes. */
import { framesToNs } from '#shared/clock.ts'
import type { RingBlock } from '#wire/backfill.ts'
import type { RingStream } from '#wire/meta.ts'
import { beyond, choose, describeRun, endOf, type Ring, type RingAnswer, type RingRequest } from './ring.ts'

export interface RingLimits {
  /** Length of the sound, s. Pauses between two streams do not count. */
  readonly seconds: number
  /** Memory or disk, bytes, with what the keeping itself takes. */
  readonly bytes: number
}

/** What a block costs beside its samples: header, bigints, the array's own objects. 500 of heap in Node 24, and what malloc adds. */
const BLOCK_OVERHEAD_BYTES = 800

interface Run {
  readonly stream: bigint
  /** The kept ones begin at `head`; what lies before it is emptied and cut off now and then. */
  blocks: (RingBlock | undefined)[]
  head: number
}

/** Cutting the front off for every block would copy the whole list each time. */
const LONGEST_EMPTY_HEAD = 1024

export class MemoryRing implements Ring {
  #spanNs: bigint
  #limits: RingLimits
  #runs: Run[] = []
  #heldNs = 0n
  #heldBytes = 0
  /** The last stream goes on. */
  #live = false

  constructor(limits: RingLimits) {
    this.#limits = limits
    this.#spanNs = BigInt(Math.round(limits.seconds * 1e9))
  }

  /** Bytes by the ring's own reckoning. */
  get bytes(): number {
    return this.#heldBytes
  }

  get seconds(): number {
    const run = this.#runs.at(-1)
    const block = run?.blocks.at(-1)
    if (!block) return this.#limits.seconds
    const perSecond = (weigh(block) * block.header.rate) / block.header.frames
    return Math.min(this.#limits.seconds, this.#limits.bytes / perSecond)
  }

  push(block: RingBlock): void {
    const { stream } = block.header
    let run = this.#runs.at(-1)
    if (run?.stream !== stream) this.#runs.push((run = { stream, blocks: [], head: 0 }))
    run.blocks.push(block)
    this.#live = true
    this.#heldNs += lengthNs(block)
    this.#heldBytes += weigh(block)
    while (this.#heldNs > this.#spanNs || this.#heldBytes > this.#limits.bytes) this.#dropOldest()
  }

  end(): void {
    this.#live = false
  }

  /** As `read`, at once. */
  readNow(request: RingRequest): RingAnswer {
    const { stream, from } = request
    const run = this.#runs.find((r) => r.stream === stream)
    if (!run) return beyond(request, undefined, true)
    const ended = !this.#isLive(run)
    const end = endOf(run.blocks.at(-1)!.header)
    if (from >= end) return beyond(request, end, ended)
    const at = (i: number): RingBlock => run.blocks[run.head + i]!
    const oldest = at(0).header
    const choice = choose(
      {
        length: run.blocks.length - run.head,
        at: (i) => ({ ...at(i).header, bytes: at(i).samples.byteLength }),
        rate: oldest.rate,
      },
      request,
    )
    if (choice.status === 'gone') return { ...beyond(request, end, ended), status: 'gone', oldest: choice.oldest }
    const blocks = Array.from({ length: choice.behind - choice.start }, (_, i) => at(choice.start + i))
    return { status: 'ok', stream, from, to: choice.to, oldest: oldest.firstFrame, end, ended, blocks }
  }

  read(request: RingRequest): Promise<RingAnswer> {
    return Promise.resolve(this.readNow(request))
  }

  streams(limit: number): readonly RingStream[] {
    return this.#runs
      .slice(-limit)
      .reverse()
      .map((run) => describeRun(run.blocks[run.head]!.header, run.blocks.at(-1)!.header, !this.#isLive(run)))
  }

  #isLive(run: Run): boolean {
    return this.#live && run === this.#runs.at(-1)
  }

  #dropOldest(): void {
    const run = this.#runs[0]!
    const block = run.blocks[run.head]!
    run.blocks[run.head++] = undefined
    this.#heldNs -= lengthNs(block)
    this.#heldBytes -= weigh(block)
    if (run.head === run.blocks.length) this.#runs.shift()
    else if (run.head > LONGEST_EMPTY_HEAD) {
      run.blocks = run.blocks.slice(run.head)
      run.head = 0
    }
  }
}

function lengthNs({ header }: RingBlock): bigint {
  return framesToNs(BigInt(header.frames), header.rate)
}

function weigh({ samples }: RingBlock): number {
  return samples.byteLength + BLOCK_OVERHEAD_BYTES
}
