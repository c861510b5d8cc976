/**
 * Captured blocks on their way to a DSP worker: one buffer for all that came in a while, because each that is handed over costs
 * as much as a meter. Block after block, each from a multiple of 8 bytes on:
 *   7 × f64: node, frames, gap, position, captured at, length of the samples in bytes, place of the node's next block (0: none);
 *   then its samples. The worker fills in the last of them.
 */

const NODE = 0
const FRAMES = 1
const GAP = 2
const POSITION = 3
const CAPTURED_AT = 4
const LENGTH = 5
const NEXT = 6
const HEAD = 7

export interface CapturedBlock {
  readonly bytes: Uint8Array
  readonly frames: number
  /** Frames missing right before this block. */
  readonly gap: number
  /** Position after the block, frames since the stream began. */
  readonly position: number
  /** UTC ms at which the last frame of the block was captured. */
  readonly capturedAt: number
}

/** Blocks and the buffer they lie in. */
export interface BlockBatch {
  readonly buffer: ArrayBuffer
  /** Bytes in use. */
  readonly used: number
}

const LEAST_BYTES = 65_536

export class BatchWriter {
  #bytes: Uint8Array<ArrayBuffer>
  #heads: Float64Array
  #used = 0

  /** Writes to `spare`, whatever it holds, while that suffices. */
  constructor(spare: ArrayBuffer = new ArrayBuffer(LEAST_BYTES)) {
    this.#bytes = new Uint8Array(spare)
    this.#heads = new Float64Array(spare)
  }

  add(node: number, block: Omit<CapturedBlock, 'gap'>, gap: number): void {
    const { bytes } = block
    const samples = this.#used + 8 * HEAD
    const end = align8(samples + bytes.length)
    if (end > this.#bytes.length) this.#grow(end)
    const heads = this.#heads
    const at = this.#used / 8
    heads[at + NODE] = node
    heads[at + FRAMES] = block.frames
    heads[at + GAP] = gap
    heads[at + POSITION] = block.position
    heads[at + CAPTURED_AT] = block.capturedAt
    heads[at + LENGTH] = bytes.length
    heads[at + NEXT] = 0
    this.#bytes.set(bytes, samples)
    this.#used = end
  }

  get batch(): BlockBatch {
    return { buffer: this.#bytes.buffer, used: this.#used }
  }

  #grow(least: number): void {
    const bytes = new Uint8Array(8 * Math.ceil(Math.max(least, 2 * this.#bytes.length) / 8))
    bytes.set(this.#bytes.subarray(0, this.#used))
    this.#bytes = bytes
    this.#heads = new Float64Array(bytes.buffer)
  }
}

/** Where the blocks of a node begin and end in a batch. */
interface Run {
  readonly first: number
  last: number
}

/**
 * Hands out the blocks of `batch` node by node, so that what a node's meters work on stays in the caches, and those of each node as
 * they came; `done` follows the last of a node. The samples are views of the batch.
 */
export function takeBlocks(
  batch: BlockBatch,
  take: (node: number, block: CapturedBlock) => void,
  done: (node: number) => void,
): void {
  const heads = new Float64Array(batch.buffer)
  const runs = new Map<number, Run>()
  for (let at = 0; at < batch.used / 8; at += HEAD + Math.ceil(heads[at + LENGTH]! / 8)) {
    const node = heads[at + NODE]!
    const run = runs.get(node)
    if (run) {
      heads[run.last + NEXT] = at
      run.last = at
    } else runs.set(node, { first: at, last: at })
  }
  for (const [node, { first }] of runs) {
    for (let at = first, more = true; more; at = heads[at + NEXT]!) {
      take(node, {
        bytes: new Uint8Array(batch.buffer, 8 * (at + HEAD), heads[at + LENGTH]),
        frames: heads[at + FRAMES]!,
        gap: heads[at + GAP]!,
        position: heads[at + POSITION]!,
        capturedAt: heads[at + CAPTURED_AT]!,
      })
      more = heads[at + NEXT]! > 0
    }
    done(node)
  }
}

function align8(bytes: number): number {
  return Math.ceil(bytes / 8) * 8
}
