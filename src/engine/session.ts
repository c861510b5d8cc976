/**
 * One node as the workstation sees it: is it there, what does it send, what is missing. Says everything as data.
 * It keeps trying until it is closed; a node that comes back goes on in the same session.
 */
import { framesToNs, type Clock } from '#shared/clock.ts'
import type { Disposable } from '#shared/lifecycle.ts'
import { sameFormat, type StreamFormat } from '#shared/pcm.ts'
import type { Fault } from '#shared/result.ts'
import type { Presence } from '#contract/state.ts'
import type { ControlReply } from '#wire/control.ts'
import type { NodeMeta } from '#wire/meta.ts'
import type { BlockHeader } from '#wire/packet.ts'
import type { NodeEndpoint } from '#wire/topics.ts'
import { expire } from './backfill/age.ts'
import { Backfill } from './backfill/backfill.ts'
import type { Range } from './backfill/ranges.ts'
import { missedBeginning, survey } from './backfill/survey.ts'
import { Forensics } from './forensics/forensics.ts'
import { LinkReport } from './forensics/link-report.ts'
import type { Losses } from './forensics/losses.ts'
import type { NodeClockView, StreamPosition } from './node-clock.ts'
import { PresenceWatch } from './presence.ts'
import type { SessionEvents } from './session-events.ts'
import { StreamFormats } from './stream-formats.ts'
import { Subscriber, type LinkEvent, type SubscriberEvents } from './subscriber.ts'
import { TimeKeeper } from './time-keeper.ts'
import { END_OF_STREAM, Tracker, type Gap, type LostRange } from './tracker.ts'

export class Session implements SubscriberEvents {
  readonly tracker = new Tracker()
  readonly report: LinkReport
  #endpoint: NodeEndpoint
  readonly #events: SessionEvents
  readonly #clock: Clock
  readonly #time: TimeKeeper
  readonly #forensics: Forensics
  readonly #subscriber: Subscriber
  readonly #backfill: Backfill
  readonly #holds = new Set<object>()
  readonly #formats = new StreamFormats()
  readonly #presence: PresenceWatch
  #nodeId: string | undefined
  #meta: NodeMeta | undefined
  #refused = 0
  #asked = 0

  constructor(endpoint: NodeEndpoint, clock: Clock, events: SessionEvents) {
    this.#endpoint = endpoint
    this.#clock = clock
    this.#events = events
    this.#presence = new PresenceWatch(clock)
    this.#time = new TimeKeeper(clock, (t1) => void this.#ask({ op: 'time', t1: `${t1}` }))
    this.#forensics = new Forensics(clock, (stream) => this.#formats.rateOf(stream))
    this.report = new LinkReport({
      clock,
      time: this.#time,
      tracker: this.tracker,
      formats: this.#formats,
      presence: this.#presence,
      forensics: this.#forensics,
      meta: () => this.#meta,
    })
    this.#backfill = new Backfill(endpoint.control, this.tracker, clock, {
      format: (stream) => this.#formats.of(stream),
      roundTripNs: () => this.#time.bestRoundTripNs,
      lagging: () => this.#lagging(),
      repaired: (header, samples, filled) => this.#repaired(header, samples, filled),
      lost: (range) => this.#lost(range),
      refused: () => void this.#refused++,
    })
    this.#subscriber = new Subscriber(endpoint, this)
  }

  get losses(): Losses {
    return this.#forensics.losses
  }
  get nodeId(): string | undefined {
    return this.#nodeId
  }
  get metadata(): NodeMeta | undefined {
    return this.#meta
  }
  get streamFormat(): StreamFormat | undefined {
    return this.#formats.live
  }
  get refusedPackets(): number {
    return this.#refused
  }
  get roundTripMs(): number | undefined {
    return this.#time.roundTripMs
  }

  /** The node's clocks against this computer's; undefined before the node answered once. */
  get clock(): NodeClockView | undefined {
    return this.#time.node.view
  }

  /** The frame that was captured at a moment of this computer's monotonic clock, ns; undefined while that is unknown. */
  positionAt(monotonicNs: bigint): StreamPosition | undefined {
    return this.#time.node.positionAt(monotonicNs)
  }

  /**
   * From now until it is released every hole, missed beginning, missed end and missed stream is asked for until it came or
   * is lost. Without a hold nothing is asked for but what was wanted: live listening needs no old sound.
   */
  hold(): Disposable {
    const hold = {}
    this.#holds.add(hold)
    this.tracker.needed = true
    return {
      dispose: () => {
        this.#holds.delete(hold)
        this.tracker.needed = this.#holds.size > 0
      },
    }
  }

  /**
   * Asks for [from, to) of a stream, frames, also for what was heard once, and also of a stream that is over. Without `to`
   * for whatever the node has from there on; of the live stream never for more than has passed.
   */
  want(stream: bigint, from: bigint, to = END_OF_STREAM): void {
    this.tracker.want(stream, from, to)
    this.#backfill.pump()
  }

  /**
   * What of [from, to) is needed and neither came nor is lost; what lies behind the newest frame heard counts while the
   * stream may go on. A hole from a time without a hold is not in it: nobody needs it.
   */
  unsettled(stream: bigint, from: bigint, to: bigint): readonly Range[] {
    return this.tracker.unsettled(stream, from, to)
  }

  /** The disk of a recording was too slow for these frames, which it wants again later. */
  unwritten(stream: bigint, from: bigint, to: bigint): void {
    this.#forensics.unwritten(stream, from, to)
  }

  /** Call once a second: asks for the time, which maps the clocks, and for the description while there is none. */
  tick(): void {
    const now = this.#clock.monotonicNs()
    this.#forensics.tick(now)
    this.report.tick(now)
    this.#inquire()
    this.#presence.tick(this.#endpoint.pub)
    const ringSeconds = this.#meta?.ringSeconds ?? 0
    if (ringSeconds > 0) {
      const cause = this.#backfill.answered ? 'ring' : 'network'
      const ringNs = BigInt(Math.round(ringSeconds * 1e9))
      for (const range of expire(this.tracker, this.#time.node, now, ringNs, cause)) this.#lost(range)
    }
    this.#backfill.pump()
  }

  presence(): { readonly presence: Presence; readonly fault?: Fault } {
    return this.#presence.view(this.#meta)
  }

  /** The node is the same and what was heard of it stays; only its address is another one. */
  move(endpoint: NodeEndpoint): void {
    this.#endpoint = endpoint
    this.#presence.moved()
    this.#backfill.move(endpoint.control)
    this.#subscriber.move(endpoint)
  }

  close(): void {
    this.#presence.close()
    this.#backfill.close()
    this.#subscriber.close()
  }

  block(nodeId: string, header: BlockHeader, samples: Buffer): void {
    if (!this.#accepts(nodeId)) return
    const before = this.#presence.soundAt
    const previous = this.tracker.stream
    const arrival = this.tracker.accept(header)
    if (arrival.kind === 'stale' || arrival.kind === 'duplicate') return
    if (arrival.kind === 'implausible') {
      this.#refused++
      return
    }
    this.#presence.heard()
    const begins = arrival.kind === 'stream'
    const { live } = this.#formats
    if (begins && !(live && sameFormat(live, header))) {
      this.#formats.live = { format: header.format, channels: header.channels, rate: header.rate }
      this.#events.format(this.#formats.live)
    } else if (!sameFormat(live!, header)) {
      // A stream has one format; a new format comes with a new stream id.
      this.#refused++
      return
    }
    if (arrival.kind === 'late') {
      this.losses.came(header.stream, header.firstFrame, endOf(header))
      this.#events.block({ header, samples, kind: 'late', filled: arrival.frames, repaired: false, begins })
      return
    }
    const now = this.#live(header, samples.length)
    const gap = arrival.kind === 'live' ? arrival.gap : missedBeginning(this.tracker, header, before && now - before)
    if (begins && previous !== undefined && before !== undefined) {
      const silent = now - framesToNs(endOf(header), header.rate) - before
      this.#forensics.followed(previous, silent)
    }
    this.#events.block({
      header,
      samples,
      kind: 'live',
      filled: header.frames,
      repaired: false,
      begins,
      ...(gap ? { gap } : {}),
    })
    if (gap) this.#noticed(gap)
  }

  meta(meta: NodeMeta): void {
    if (!this.#accepts(meta.id)) return
    this.#presence.heard()
    this.#meta = meta
    this.#events.meta(meta)
    for (const { id, ...format } of meta.ring?.streams ?? []) this.#formats.learn(BigInt(`0x${id}`), format)
    const { missed, ended } = survey(this.tracker, meta)
    const captured = missed.reduce(
      (sum, { stream, from, to }) => sum + framesToNs(to - from, this.#formats.rateOf(stream)),
      0n,
    )
    const last = ended.find(({ stream }) => (this.tracker.ledger(stream)?.heard ?? 0n) > 0n)
    if (last) this.#forensics.ended(last.stream, captured)
    for (const { stream, end } of ended) this.tracker.end(stream, end)
    for (const range of missed) {
      this.tracker.missed(range.stream, range.from, range.to)
      this.#noticed({ ...range, cause: 'network' })
    }
    for (const { stream, end } of ended) if (end > 0n) this.#events.ended(stream, end)
    this.#backfill.meta(meta)
  }

  reply(reply: ControlReply): void {
    if (reply.op === 'hello') this.meta(reply.meta)
    if (reply.op !== 'time') return
    const roundTripMs = this.#time.answered(reply.time)
    if (roundTripMs !== undefined) this.report.meter.answered(roundTripMs)
  }

  refused(fault: Fault): void {
    this.#refused++
    if (fault.code === 'version-mismatch') this.#presence.incompatible(fault)
  }

  link(event: LinkEvent): void {
    if (event === 'connected') this.#presence.connected()
    if (event === 'ready') this.#backfill.reconnect()
    if (event === 'answering') this.#inquire()
    if (event === 'foreign') this.#presence.foreign(this.#endpoint.pub)
  }

  /** The first node heard at an address is the node of this session. */
  #accepts(nodeId: string): boolean {
    this.#nodeId ??= nodeId
    if (this.#nodeId === nodeId) return true
    this.#refused++
    return false
  }

  #live(header: BlockHeader, bytes: number): bigint {
    const now = this.#presence.sound()
    this.#formats.learn(header.stream, header)
    this.#time.node.stamp(header, now)
    const end = header.monotonicNs + framesToNs(BigInt(header.frames), header.rate)
    const age = this.#time.node.ageOf(end, now)
    this.#forensics.watch.block(now, header.frames, header.rate, age)
    this.report.meter.block(now, header, bytes, age)
    return now
  }

  /** Something is missing: forensics hear of it, and the ring is asked if somebody needs it. */
  #noticed(gap: Gap): void {
    this.#forensics.missing(gap, this.tracker.needed)
    this.report.meter.missing((1000 * Number(gap.to - gap.from)) / this.#formats.rateOf(gap.stream))
    if (gap.cause === 'network') this.#backfill.noticed(gap.stream, gap.from, this.#time.bestRoundTripNs)
    else this.#backfill.pump()
  }

  #repaired(header: BlockHeader, samples: Buffer, filled: number): void {
    this.losses.came(header.stream, header.firstFrame, endOf(header))
    this.#events.block({ header, samples, kind: 'late', filled, repaired: true, begins: false })
  }

  #lost(range: LostRange): void {
    this.#forensics.lost(range)
    this.#events.lost(range)
  }

  #lagging(): boolean {
    const { live } = this.tracker
    const running = live !== undefined && !live.over
    return this.#forensics.watch.lagging(this.#clock.monotonicNs(), this.#time.bestRoundTripNs, running)
  }

  /** The time maps the clocks; the description is needed before anything can be asked for again. */
  #inquire(): void {
    this.#time.inquire()
    if (!this.#meta) void this.#ask({ op: 'hello' })
  }

  #ask(question: Record<string, unknown>): Promise<boolean> {
    return this.#subscriber.ask({ id: ++this.#asked, ...question })
  }
}

function endOf(header: BlockHeader): bigint {
  return header.firstFrame + BigInt(header.frames)
}
