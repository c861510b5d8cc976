/** Fetches what is pending from the node's ring and says what will never come. One request at a time; live sound goes first. */
import type { Clock } from '#shared/clock.ts'
import { sameFormat, type StreamFormat } from '#shared/pcm.ts'
import type { BackfillReply } from '#wire/backfill.ts'
import type { NodeMeta } from '#wire/meta.ts'
import type { BlockHeader } from '#wire/packet.ts'
import { END_OF_STREAM, type LostRange, type Tracker } from '#engine/tracker.ts'
import { RingLink, type RingAnswer } from './ring-link.ts'
import { Scheduler, type Ask } from './scheduler.ts'

/** The engine's sight of the link while old sound comes over it. */
export interface BackfillHost {
  /** Undefined for a stream of which nothing was heard or told yet. */
  format(stream: bigint): StreamFormat | undefined
  /** The link's own round trip, at its best, ns. */
  roundTripNs(): bigint
  /** Live sound is late or does not come. */
  lagging(): boolean
  /** A block that was asked for; `filled` of its frames were missing. */
  repaired(header: BlockHeader, samples: Buffer, filled: number): void
  lost(range: LostRange): void
  /** A packet that could not be used. */
  refused(): void
}

/** Refusals in a row after which the node is taken for one that cannot send again. */
const MAX_REFUSALS = 3
const DEFAULT_RATE = 48_000
const MS_NS = 1_000_000n

export class Backfill {
  #url: string
  readonly #tracker: Tracker
  readonly #clock: Clock
  readonly #host: BackfillHost
  readonly #scheduler: Scheduler
  /** Made when it is needed first: a session that only listens opens no connection for it. */
  #link: RingLink | undefined
  #timer: NodeJS.Timeout | undefined
  #meta: NodeMeta | undefined
  #asking = false
  #answered = false
  #refusals = 0
  #closed = false

  constructor(url: string, tracker: Tracker, clock: Clock, host: BackfillHost) {
    this.#url = url
    this.#tracker = tracker
    this.#clock = clock
    this.#host = host
    this.#scheduler = new Scheduler(tracker)
  }

  /** The node's ring answered at least once. */
  get answered(): boolean {
    return this.#answered
  }

  /** The node's latest description: it tells whether there is a ring at all. */
  meta(meta: NodeMeta): void {
    this.#meta = meta
    this.pump()
  }

  /** A hole of the live stream was noticed just now; it may yet fill by itself. */
  noticed(stream: bigint, from: bigint, roundTripNs: bigint): void {
    this.#scheduler.noticed(this.#clock.monotonicNs(), stream, from, roundTripNs)
    this.pump()
  }

  /** Asks for the next piece, if it is time and nothing is being asked for. Call when something became pending. */
  pump(): void {
    for (const range of this.#tracker.forgotten()) this.#host.lost(range)
    if (this.#closed || this.#asking || !this.#meta) return
    if (this.#meta.ringSeconds === 0 || this.#refusals >= MAX_REFUSALS) return this.#giveUp()
    const now = this.#clock.monotonicNs()
    const next = this.#scheduler.next(now, (stream) => this.#rate(stream), this.#host.lagging())
    clearTimeout(this.#timer)
    if (!next) return
    if ('ask' in next) void this.#ask(next.ask)
    else this.#timer = setTimeout(() => this.pump(), Number((next.at - now) / MS_NS) + 1)
  }

  /** The same ring at another address. */
  move(url: string): void {
    this.#url = url
    this.#link?.move(url)
  }

  /**
   * Live sound has a new connection: the one for old sound cannot be trusted. Dead, it would take seconds to notice, and
   * ZeroMQ up to one more to try again, while sound falls out of the ring.
   */
  reconnect(): void {
    this.#link?.close()
    this.#link = undefined
    this.#scheduler.connected()
    this.pump()
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    this.#link?.close()
  }

  async #ask(ask: Ask): Promise<void> {
    this.#asking = true
    const asked = this.#clock.monotonicNs()
    this.#link ??= new RingLink(this.#url, () => {
      this.#refusals = 0
      this.#scheduler.connected()
      this.pump()
    })
    const link = this.#link
    const answer = await link.ask(ask)
    this.#asking = false
    if (this.#closed) return
    const now = this.#clock.monotonicNs()
    // Cut short by ourselves for a better connection: no reason to wait.
    if (link !== this.#link) return this.pump()
    if (!answer.ok) {
      if (answer.fault.code === 'bad-command') this.#refusals++
      if (answer.fault.code === 'bad-packet') this.#host.refused()
      this.#scheduler.failed(now)
    } else {
      this.#refusals = 0
      this.#answered = true
      const took = now - asked
      const { reply } = answer.value
      if (!this.#settle(ask, answer.value)) this.#scheduler.failed(now)
      else if (reply.status === 'future') this.#scheduler.future(now, ask.stream)
      else if (reply.status === 'gone')
        this.#scheduler.gone(ask.stream, reply.oldest ?? ask.from, took, this.#rate(ask.stream))
      else this.#scheduler.answered(now, took - this.#host.roundTripNs(), this.#host.lagging())
    }
    this.pump()
  }

  #rate(stream: bigint): number {
    return this.#host.format(stream)?.rate ?? DEFAULT_RATE
  }

  /** False: the answer got us nowhere, so the next one should wait. */
  #settle(ask: Ask, { reply, damaged }: RingAnswer): boolean {
    if (reply.stream !== ask.stream) return false
    if (reply.status === 'busy') return false
    if (reply.status === 'future') return true
    if (reply.status === 'gone') return this.#gone(ask, reply)
    const format = this.#host.format(ask.stream)
    const unusable: BlockHeader[] = []
    reply.blocks.forEach(({ header, samples }, i) => {
      if (damaged.has(i) || (format && !sameFormat(format, header))) {
        unusable.push(header)
        return this.#host.refused()
      }
      const filled = this.#tracker.repair(header)
      if (filled > 0)
        this.#host.repaired(header, Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength), filled)
    })
    // What the answer settles and does not bring was never captured; an unusable block is asked for again.
    let from = reply.from > ask.from ? reply.from : ask.from
    const to = reply.to < ask.to ? reply.to : ask.to
    for (const { firstFrame, frames } of unusable) {
      this.#lose(ask.stream, from, firstFrame < to ? firstFrame : to, 'capture')
      from = firstFrame + BigInt(frames)
    }
    this.#lose(ask.stream, from, to, 'capture')
    return reply.from <= ask.from && reply.to > ask.from && unusable.length === 0
  }

  #gone(ask: Ask, { oldest, end, ended }: BackfillReply): boolean {
    if (oldest !== undefined && oldest > ask.from) this.#lose(ask.stream, ask.from, oldest, 'ring')
    else if (oldest !== undefined) return false
    else if (end === undefined) this.#lose(ask.stream, 0n, END_OF_STREAM, this.#whyUnknown())
    else if (ended && end <= ask.from) this.#behind(ask.stream, end)
    else this.#lose(ask.stream, ask.from, end, 'ring')
    return true
  }

  /** A node that is up for less than its ring is long has restarted; from an older one the sound has fallen out. */
  #whyUnknown(): LostRange['cause'] {
    return this.#meta && this.#meta.counters.uptimeSeconds < this.#meta.ringSeconds ? 'node' : 'ring'
  }

  /** What was heard behind the end that the node knows of was lost with the node; what was only wanted there never was. */
  #behind(stream: bigint, end: bigint): void {
    const heard = this.#tracker.ledger(stream)?.heard ?? 0n
    this.#lose(stream, end, heard, 'node')
    this.#tracker.passed(stream, end)
  }

  #giveUp(): void {
    for (const { stream, pending } of this.#tracker.ledgers)
      if (pending.items.length > 0) this.#lose(stream, 0n, END_OF_STREAM, 'network')
  }

  #lose(stream: bigint, from: bigint, to: bigint, cause: LostRange['cause']): void {
    for (const range of this.#tracker.lose(stream, from, to, cause)) this.#host.lost(range)
  }
}
