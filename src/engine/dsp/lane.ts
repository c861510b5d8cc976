/** One DSP worker and what waits for it. */
import { Worker } from 'node:worker_threads'
import { BatchWriter, type CapturedBlock } from './batch.ts'
import type { DspNews, FromWorker, Order, ToWorker } from './messages.ts'
import { readReport } from './report.ts'

/** Blocks that may wait for a worker, per node: two seconds of 10 ms blocks. Newer ones are dropped and counted as a gap of the meters. */
export const MAX_WAITING_BLOCKS = 200

/**
 * Blocks go to the worker together, and it reads its meters after each lot. A screen draws at most every 16.7 ms, so readings
 * more often would only be merged.
 */
const SEND_EVERY_MS = 16

/** Free buffers for blocks that are kept; more come back only after the worker was slow. */
const MAX_SPARE = 3

/** One node's place in the lane. */
interface Seat {
  waiting: number
  /** Frames dropped or missing that the worker has not been told of. */
  gap: number
  dropped: number
}

export class Lane {
  readonly worker: Worker
  readonly ended: Promise<void>
  readonly #seats = new Map<number, Seat>()
  readonly #spare: ArrayBuffer[] = []
  #blocks: BatchWriter | undefined
  #orders: Order[] = []
  #lastSent = -Infinity
  #later: NodeJS.Timeout | undefined
  #soon: NodeJS.Immediate | undefined

  /** `listen` gets all news of the worker. `failed` is called when it dies, which is a bug of ours. */
  constructor(workerUrl: URL | string, listen: (news: DspNews) => void, failed: (error: Error) => void) {
    this.worker = new Worker(workerUrl)
    this.worker.on('message', (message: FromWorker) => {
      if (message.t !== 'report') return listen(message)
      if (this.#spare.length < MAX_SPARE) this.#spare.push(message.spent)
      const nodes = readReport(message.report)
      for (const { node, taken } of nodes) this.#credit(node, taken)
      listen({ t: 'readings', nodes: nodes.flatMap(({ readings }) => readings ?? []) })
    })
    this.worker.on('error', (error) => failed(error instanceof Error ? error : new Error(String(error))))
    this.ended = new Promise<void>((resolve) => this.worker.once('exit', () => resolve()))
  }

  get nodes(): number {
    return this.#seats.size
  }

  enter(node: number): void {
    this.#seats.set(node, { waiting: 0, gap: 0, dropped: 0 })
  }

  leave(node: number): void {
    this.order({ t: 'close', node })
    this.#seats.delete(node)
  }

  /** Copies `block.bytes`. `block.gap`: frames missing before it. False when the block had to be dropped. */
  block(node: number, block: CapturedBlock): boolean {
    const seat = this.#seats.get(node)!
    seat.gap += block.gap
    if (seat.waiting >= MAX_WAITING_BLOCKS) {
      seat.gap += block.frames
      seat.dropped++
      return false
    }
    seat.waiting++
    // A worker takes blocks before orders.
    if (this.#orders.length > 0) this.#send()
    this.#blocks ??= new BatchWriter(this.#spare.pop())
    this.#blocks.add(node, block, seat.gap)
    seat.gap = 0
    this.#later ??= setTimeout(() => this.#send(), Math.max(0, this.#lastSent + SEND_EVERY_MS - performance.now()))
    return true
  }

  /** Takes effect after the blocks before it, and soon. */
  order(order: Order): void {
    if (order.t === 'open') this.#seats.get(order.node)!.gap = 0
    this.#orders.push(order)
    this.#soon ??= setImmediate(() => this.#send())
  }

  /** Blocks of this node that were dropped because the worker was too slow. */
  dropped(node: number): number {
    return this.#seats.get(node)?.dropped ?? 0
  }

  /** Blocks of this node that the worker has not taken yet. */
  waiting(node: number): number {
    return this.#seats.get(node)?.waiting ?? 0
  }

  #send(): void {
    clearTimeout(this.#later)
    clearImmediate(this.#soon)
    this.#later = undefined
    this.#soon = undefined
    const blocks = this.#blocks?.batch
    const message: ToWorker = { blocks, orders: this.#orders }
    this.#blocks = undefined
    this.#orders = []
    this.#lastSent = performance.now()
    this.worker.postMessage(message, blocks ? [blocks.buffer] : [])
  }

  #credit(node: number, blocks: number): void {
    const seat = this.#seats.get(node)
    if (seat) seat.waiting = Math.max(0, seat.waiting - blocks)
  }
}
