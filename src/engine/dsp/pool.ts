/** The DSP workers. A node stays with one worker; a new node goes to the worker with the fewest. */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Disposable } from '#shared/lifecycle.ts'
import type { StreamFormat } from '#shared/pcm.ts'
import type { Settings } from '#meters/meter.ts'
import type { FromWorker, ToWorker } from './messages.ts'

type Block = Omit<Extract<ToWorker, { t: 'block' }>, 't' | 'node' | 'gap'>

/** Blocks that may wait for a worker, per node: two seconds of 10 ms blocks. Newer ones are dropped and counted as a gap of the meters. */
const MAX_WAITING_BLOCKS = 200

/** One core is left to the sockets, the disk and the screen; more than four workers no desk needs. */
const MAX_WORKERS = 4

interface Lane {
  readonly worker: Worker
  readonly ended: Promise<void>
  nodes: number
  /** What was said to the worker in this turn of the loop goes to it as one message: each costs as much as metering a block. */
  batch: ToWorker[]
  transfer: ArrayBuffer[]
}

/** One node's place in the pool. */
interface Seat {
  readonly lane: Lane
  waiting: number
  /** Frames dropped or missing that the worker has not been told of. */
  gap: number
  dropped: number
}

export class DspPool implements Disposable {
  readonly #lanes: Lane[]
  readonly #seats = new Map<number, Seat>()

  /** `listen` gets every message of every worker. `failed` is called when a worker dies, which is a bug of ours. */
  constructor(workerUrl: URL | string, listen: (message: FromWorker) => void, failed: (error: Error) => void) {
    const count = Math.max(1, Math.min(MAX_WORKERS, availableParallelism() - 1))
    this.#lanes = Array.from({ length: count }, () => {
      const worker = new Worker(workerUrl)
      worker.on('message', (message: FromWorker) => {
        if (message.t === 'readings') this.#credit(message.taken)
        listen(message)
      })
      worker.on('error', (error) => failed(error instanceof Error ? error : new Error(String(error))))
      const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
      return { worker, ended, nodes: 0, batch: [], transfer: [] }
    })
  }

  open(node: number, format: StreamFormat): void {
    const seat = this.#seat(node)
    seat.gap = 0
    this.#send(seat, { t: 'open', node, format })
  }

  /** Takes over `block.bytes`. `gap`: frames missing before it. False when the block had to be dropped. */
  block(node: number, gap: number, block: Block): boolean {
    const seat = this.#seat(node)
    seat.gap += gap
    if (seat.waiting >= MAX_WAITING_BLOCKS) {
      seat.gap += block.frames
      seat.dropped++
      return false
    }
    seat.waiting++
    say(seat.lane, { t: 'block', node, ...block, gap: seat.gap })
    seat.lane.transfer.push(block.bytes.buffer)
    seat.gap = 0
    return true
  }

  calibrate(node: number, text: string | null): void {
    this.#send(this.#seat(node), { t: 'calibrate', node, text })
  }

  watch(node: number, on: boolean): void {
    this.#send(this.#seat(node), { t: 'watch', node, on })
  }

  listen(node: number, on: boolean): void {
    this.#send(this.#seat(node), { t: 'listen', node, on })
  }

  reset(node: number): void {
    this.#send(this.#seat(node), { t: 'reset', node })
  }

  pause(node: number, on: boolean): void {
    this.#send(this.#seat(node), { t: 'pause', node, on })
  }

  /** `settings` were checked; see engine/choices.ts. */
  choose(node: number, meter: string, settings: Settings): void {
    this.#send(this.#seat(node), { t: 'choose', node, meter, settings })
  }

  span(node: number, span: string, begin: boolean): void {
    this.#send(this.#seat(node), { t: begin ? 'span-begin' : 'span-end', node, span })
  }

  /** Blocks of this node that were dropped because its worker was too slow. */
  dropped(node: number): number {
    return this.#seats.get(node)?.dropped ?? 0
  }

  close(node: number): void {
    const seat = this.#seats.get(node)
    if (!seat) return
    this.#send(seat, { t: 'close', node })
    seat.lane.nodes--
    this.#seats.delete(node)
  }

  async dispose(): Promise<void> {
    for (const lane of this.#lanes) say(lane, { t: 'stop' })
    await Promise.all(this.#lanes.map(({ ended }) => ended))
  }

  #seat(node: number): Seat {
    let seat = this.#seats.get(node)
    if (!seat) {
      const lane = this.#lanes.reduce((best, next) => (next.nodes < best.nodes ? next : best))
      lane.nodes++
      this.#seats.set(node, (seat = { lane, waiting: 0, gap: 0, dropped: 0 }))
    }
    return seat
  }

  #send(seat: Seat, message: ToWorker): void {
    say(seat.lane, message)
  }

  #credit(taken: readonly (readonly [node: number, blocks: number])[]): void {
    for (const [node, blocks] of taken) {
      const seat = this.#seats.get(node)
      if (seat) seat.waiting = Math.max(0, seat.waiting - blocks)
    }
  }
}

function say(lane: Lane, message: ToWorker): void {
  if (lane.batch.push(message) > 1) return
  setImmediate(() => {
    const { batch, transfer } = lane
    lane.batch = []
    lane.transfer = []
    lane.worker.postMessage(batch, transfer)
  })
}
