/**
 * How many blocks a second one workstation takes in: as far as its meters, and as far as the check of each block, which is
 * what a recording needs. The rate is searched by halving, in rounds that alternate with those of the least that zeromq.js
 * can do: receive and count.
 */
import type { DisposableStore } from '#shared/lifecycle.ts'
import type { Bench } from './figure.ts'
import type { Flood, Flooded } from './flood.ts'
import { cpuSeconds, Helper, threadSeconds } from './process.ts'
import { median, range } from './stats.ts'

/** What a receiving helper has done so far, in blocks. */
export interface Intake {
  readonly received: number
  /** Up to the end of what the meters have heard; a bare receiver has no meters and has heard what it received. */
  readonly metered: number
  /** Dropped before the meters, or refused. */
  readonly dropped: number
}

/** Frames of a flooding block: 10 ms at 48 kHz. */
export const BLOCK_FRAMES = 480

const NODES = 8
const ROUNDS = 5
const TRIAL_SECONDS = 2
/** Trials of a round, at least: with `AROUND` the rate is found within 4 %. */
const STEPS = 4
/** How far around the last known rate a round searches. */
const AROUND = 1.35
/** The first search begins here and doubles. */
const FIRST_RATE = 2000
const FIRST_SECONDS = 0.7
const CONNECT_MS = 10_000
/**
 * Everything must be metered so soon after the last block was sent: queues along the way hold thousands of blocks, and
 * a rate that only fills them is not one that is taken in.
 */
const LAG_MS = 150

interface Trial {
  readonly rate: number
  readonly clean: boolean
  /** The sender itself could not keep the rate up. */
  readonly late: boolean
  /** CPU of the receiving process, cores. */
  readonly cores: number
  /** The same by thread name. */
  readonly threads: ReadonlyMap<string, number>
  /** Blocks that did not get to the meters, %. */
  readonly dropped: number
}

export const ingest: Bench = {
  name: 'ingest',
  summary: `blocks a second that one workstation takes in from ${NODES} nodes, all meters but those that run only for a shown node`,

  async run(store, report) {
    const workstation = await Pair.start(store, './intake.ts')
    const metered = await Contender.start(workstation, true)
    const received = await Contender.start(workstation, false)
    const bare = await Contender.start(await Pair.start(store, './receiver.ts'), false)
    for (let i = 0; i < ROUNDS; i++) for (const contender of [metered, received, bare]) await contender.round()
    const ratio = ({ rounds }: Contender): number[] => rounds.map(({ rate }, i) => (100 * rate) / bare.rounds[i]!.rate)
    const { threads } = metered.middle
    const busiest = [...threads]
      .filter(([, cores]) => cores >= 0.02)
      .map(([name, cores]) => `${name} ${cores.toFixed(2)}`)
    report({
      name: 'metered, none lost, none dropped',
      value: metered.middle.rate,
      unit: 'blocks/s',
      note: `${metered.span}; one node sends 100 a second`,
    })
    report({
      name: '  per core that it used',
      value: median(metered.rounds.map(({ rate, cores }) => rate / cores)),
      unit: 'blocks/s',
      note: `${metered.middle.cores.toFixed(2)} cores: ${busiest.join(', ')}`,
    })
    report({
      name: 'received and checked, none lost, meters may drop',
      value: received.middle.rate,
      unit: 'blocks/s',
      note: `${received.span}; ${received.middle.cores.toFixed(2)} cores; meters dropped ${received.middle.dropped.toFixed(0)} %`,
    })
    report({
      name: 'bare zeromq.js receiver, none lost',
      value: bare.middle.rate,
      unit: 'blocks/s',
      note: `${bare.span}; ${bare.middle.cores.toFixed(2)} cores`,
    })
    report({
      name: 'metered, of the bare receiver',
      value: median(ratio(metered)),
      unit: '%',
      note: range(ratio(metered)),
    })
    report({
      name: 'received, of the bare receiver',
      value: median(ratio(received)),
      unit: '%',
      note: range(ratio(received)),
    })
  },
}

/** A sender and a receiver that belong together. */
class Pair {
  readonly sender: Helper
  readonly receiver: Helper

  private constructor(sender: Helper, receiver: Helper) {
    this.sender = sender
    this.receiver = receiver
  }

  static async start(store: DisposableStore, file: string): Promise<Pair> {
    const pair = new Pair(new Helper(store, './flood.ts'), new Helper(store, file))
    await pair.receiver.ask({ connect: await pair.sender.ask<string[]>({ open: NODES }) })
    // The first blocks of a publisher go nowhere until its subscriber is known to it.
    const deadline = performance.now() + CONNECT_MS
    while (!(await pair.trial(FIRST_RATE, FIRST_SECONDS, true)).clean)
      if (performance.now() > deadline) throw new Error(`${file} does not take in ${FIRST_RATE} blocks a second`)
    return pair
  }

  /** `meters`: a block counts when it was metered, not when it was received. */
  async trial(rate: number, seconds: number, meters: boolean): Promise<Trial> {
    const { pid } = this.receiver
    const before = await this.receiver.ask<Intake>({})
    const cpu = cpuSeconds(pid)
    const threads = threadSeconds(pid)
    const sent = await this.sender.ask<Flooded>({ rate, seconds } satisfies Flood)
    const cores = (cpuSeconds(pid) - cpu) / sent.seconds
    const perThread = new Map([...threadSeconds(pid)].map(([n, s]) => [n, (s - (threads.get(n) ?? 0)) / sent.seconds]))
    await sleep(LAG_MS)
    const after = await this.receiver.ask<Intake>({})
    const late = sent.seconds > 1.02 * seconds
    const dropped = after.dropped - before.dropped
    const received = after.received - before.received === sent.sent
    const metered = after.metered - before.metered === sent.sent && dropped === 0
    if (!received || !metered) await this.#drain()
    return {
      rate,
      clean: !late && received && (metered || !meters),
      late,
      cores,
      threads: perThread,
      dropped: (100 * dropped) / sent.sent,
    }
  }

  /** Waits until nothing more comes, so that the next trial begins with empty queues. */
  async #drain(): Promise<void> {
    for (let before = -1; ;) {
      const { received, metered } = await this.receiver.ask<Intake>({})
      if (received + metered === before) return
      before = received + metered
      await sleep(2 * LAG_MS)
    }
  }
}

/** One way of counting, and the rates that were found by it. */
class Contender {
  readonly rounds: Trial[] = []
  readonly #pair: Pair
  readonly #meters: boolean
  #guess = FIRST_RATE
  #late = false

  private constructor(pair: Pair, meters: boolean) {
    this.#pair = pair
    this.#meters = meters
  }

  static async start(pair: Pair, meters: boolean): Promise<Contender> {
    const contender = new Contender(pair, meters)
    while ((await pair.trial(contender.#guess * 2, FIRST_SECONDS, meters)).clean) contender.#guess *= 2
    return contender
  }

  /** The round of the median rate. */
  get middle(): Trial {
    return this.rounds.toSorted((a, b) => a.rate - b.rate)[Math.floor(this.rounds.length / 2)]!
  }

  get span(): string {
    const rates = this.rounds.map(({ rate }) => rate)
    return `${ROUNDS} rounds: ${range(rates, 0)}${this.#late ? '; the sender was the limit' : ''}`
  }

  /** Finds the highest clean rate anew. */
  async round(): Promise<void> {
    let low = this.#guess / AROUND
    let high = this.#guess * AROUND
    let best: Trial | undefined
    for (let step = 0; step < STEPS || !best; step++) {
      const trial = await this.#pair.trial(Math.sqrt(low * high), TRIAL_SECONDS, this.#meters)
      if (trial.clean) {
        best = trial
        low = trial.rate
      } else {
        high = trial.rate
        this.#late ||= trial.late
        if (!best) low = Math.min(low, high / AROUND)
      }
    }
    this.#guess = best.rate
    this.rounds.push(best)
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
