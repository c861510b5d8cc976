/**
 * One node as the workstation sees it: is it there, what does it send, what is missing. Says everything as data.
 * It keeps trying until it is closed; a node that comes back goes on in the same session.
 */
import { NS_PER_SECOND, type Clock } from '#shared/clock.ts'
import { sameFormat, type StreamFormat } from '#shared/pcm.ts'
import type { Fault } from '#shared/result.ts'
import type { Presence } from '#contract/state.ts'
import type { ControlReply } from '#wire/control.ts'
import type { NodeMeta } from '#wire/meta.ts'
import type { BlockHeader } from '#wire/packet.ts'
import type { NodeEndpoint } from '#wire/topics.ts'
import { explainNoAnswer } from './reachability.ts'
import { Subscriber, type LinkEvent, type SubscriberEvents } from './subscriber.ts'
import type { NodeClockView } from './node-clock.ts'
import { Tracker, type Gap, type LostRange } from './tracker.ts'
import type { Range } from './backfill/ranges.ts'
import type { Disposable } from '#shared/lifecycle.ts'

/** Sound on its way to meters and disk. `samples` are the captured bytes and must not be changed. */
export interface SessionBlock {
  readonly header: BlockHeader
  readonly samples: Buffer
  /** live: the newest sound. late: older sound that fills `filled` frames of a hole; not for meters. */
  readonly kind: 'live' | 'late'
  readonly filled: number
  /** What is missing right before a live block; of the first block of a stream, what was missed of its beginning. */
  readonly gap?: Gap
  /** It was asked for and came from the node's ring. */
  readonly repaired: boolean
  /** True for the first block of a stream: its positions have nothing to do with those before it. */
  readonly begins: boolean
}

export interface SessionEvents {
  /** Called before the first block of a format. */
  format(format: StreamFormat): void
  block(block: SessionBlock): void
  meta(meta: NodeMeta): void
  /** These frames, which somebody needed, will never come. */
  lost(range: LostRange): void
  /** A stream is over; everything up to `end` has come, is lost, or is a hole that is being filled. */
  ended(stream: bigint, end: bigint): void
}

/** No sound for this long is no longer live. */
const LIVE_NS = NS_PER_SECOND
/** Nothing at all for this long is lost: heartbeats and metadata come each second. */
const LOST_NS = 3n * NS_PER_SECOND
/** A first connection on a local network takes milliseconds; later than this deserves a sentence. */
const ANSWER_NS = (3n * NS_PER_SECOND) / 2n

export class Session implements SubscriberEvents {
  readonly endpoint: NodeEndpoint
  readonly tracker = new Tracker()
  readonly #events: SessionEvents
  readonly #clock: Clock
  readonly #subscriber: Subscriber
  readonly #startedAt: bigint
  #nodeId: string | undefined
  #meta: NodeMeta | undefined
  #format: StreamFormat | undefined
  /** When something took a connection for the first time. */
  #reachedAt: bigint | undefined
  #heardAt: bigint | undefined
  #blockAt: bigint | undefined
  #fault: Fault | undefined
  #explaining = false
  #refused = 0
  #asked = 0
  #roundTripMs: number | undefined
  #closed = false
  readonly #holds = new Set<object>()

  constructor(endpoint: NodeEndpoint, clock: Clock, events: SessionEvents) {
    this.endpoint = endpoint
    this.#clock = clock
    this.#events = events
    this.#startedAt = clock.monotonicNs()
    this.#subscriber = new Subscriber(endpoint, this)
  }

  get nodeId(): string | undefined {
    return this.#nodeId
  }
  get metadata(): NodeMeta | undefined {
    return this.#meta
  }
  get streamFormat(): StreamFormat | undefined {
    return this.#format
  }
  get refusedPackets(): number {
    return this.#refused
  }
  get roundTripMs(): number | undefined {
    return this.#roundTripMs
  }

  /** Call once a second: asks for the time, which measures the round trip, or for the description while there is none. */
  tick(): void {
    const id = ++this.#asked
    if (this.#meta) void this.#subscriber.ask({ id, op: 'time', t1: `${this.#clock.monotonicNs()}` })
    else void this.#subscriber.ask({ id, op: 'hello' })
    if (this.#heardAt === undefined && !this.#fault && !this.#explaining) this.#explain()
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

  /** Asks for [from, to) of a stream, frames, also for what was heard once, and also of a stream that is over. */
  want(stream: bigint, from: bigint, to: bigint): void {
    this.tracker.want(stream, from, to)
  }

  /**
   * What of [from, to) is needed and neither came nor is lost; what lies behind the newest frame heard counts while the
   * stream may go on. A hole from a time without a hold is not in it: nobody needs it.
   */
  unsettled(stream: bigint, from: bigint, to: bigint): readonly Range[] {
    return this.tracker.unsettled(stream, from, to)
  }

  /** The frame that was captured at a moment of this computer's monotonic clock, ns; undefined while that is unknown. */
  positionAt(_monotonicNs: bigint): { readonly stream: bigint; readonly position: bigint } | undefined {
    return undefined
  }

  /** The node's clocks against this computer's; undefined before the node answered once. */
  get clock(): NodeClockView | undefined {
    return undefined
  }

  presence(): { readonly presence: Presence; readonly fault?: Fault } {
    const now = this.#clock.monotonicNs()
    if (this.#blockAt !== undefined && now - this.#blockAt < LIVE_NS) return { presence: 'live' }
    if (this.#heardAt === undefined) return withFault('connecting', this.#fault)
    if (now - this.#heardAt >= LOST_NS)
      return withFault('lost', {
        code: 'connection-lost',
        message: `${this.#meta?.name ?? 'The node'} has not been heard for ${(now - this.#heardAt) / NS_PER_SECOND} s. Check its power and network. Trying again.`,
      })
    return withFault('stalled', this.#fault ?? stallFault(this.#meta))
  }

  close(): void {
    this.#closed = true
    this.#subscriber.close()
  }

  block(nodeId: string, header: BlockHeader, samples: Buffer): void {
    if (!this.#accepts(nodeId)) return
    const arrival = this.tracker.accept(header)
    if (arrival.kind === 'stale' || arrival.kind === 'duplicate') return
    if (arrival.kind === 'implausible') {
      this.#refused++
      return
    }
    this.#heard()
    const begins = arrival.kind === 'stream'
    if (begins && !(this.#format && sameFormat(this.#format, header))) {
      this.#format = { format: header.format, channels: header.channels, rate: header.rate }
      this.#events.format(this.#format)
    } else if (!sameFormat(this.#format!, header)) {
      // A stream has one format; a new format comes with a new stream id.
      this.#refused++
      return
    }
    if (arrival.kind === 'late') {
      this.#events.block({ header, samples, kind: 'late', filled: arrival.frames, repaired: false, begins })
      return
    }
    this.#blockAt = this.#heardAt
    const gap = arrival.kind === 'live' ? arrival.gap : undefined
    this.#events.block({
      header,
      samples,
      kind: 'live',
      filled: header.frames,
      repaired: false,
      begins,
      ...(gap ? { gap } : {}),
    })
  }

  meta(meta: NodeMeta): void {
    if (!this.#accepts(meta.id)) return
    this.#heard()
    this.#meta = meta
    this.#events.meta(meta)
  }

  reply(reply: ControlReply): void {
    if (reply.op === 'hello') this.meta(reply.meta)
    if (reply.op === 'time') {
      const away = this.#clock.monotonicNs() - reply.time.t1 - (reply.time.t3 - reply.time.t2)
      if (away >= 0n && away < 10n * NS_PER_SECOND) this.#roundTripMs = Number(away) / 1e6
    }
  }

  refused(fault: Fault): void {
    this.#refused++
    if (fault.code === 'version-mismatch') this.#fault = fault
  }

  link(event: LinkEvent): void {
    if (event === 'connected') this.#reachedAt ??= this.#clock.monotonicNs()
    if (event === 'foreign') this.#fault = notANode(this.endpoint.pub)
  }

  /** The first node heard at an address is the node of this session. */
  #accepts(nodeId: string): boolean {
    this.#nodeId ??= nodeId
    if (this.#nodeId === nodeId) return true
    this.#refused++
    return false
  }

  #heard(): void {
    this.#heardAt = this.#clock.monotonicNs()
    this.#fault = undefined
  }

  #explain(): void {
    const now = this.#clock.monotonicNs()
    if (this.#reachedAt !== undefined) {
      // Metadata is due each second: who takes the connection and says nothing that a node says is something else.
      if (now - this.#reachedAt > LOST_NS) this.#fault = notANode(this.endpoint.pub)
      return
    }
    if (now - this.#startedAt < ANSWER_NS) return
    this.#explaining = true
    void explainNoAnswer(this.endpoint.pub).then((fault) => {
      this.#explaining = false
      if (!this.#closed && this.#heardAt === undefined && this.#reachedAt === undefined) this.#fault ??= fault
    })
  }
}

function withFault(presence: Presence, fault: Fault | undefined): { presence: Presence; fault?: Fault } {
  return fault ? { presence, fault } : { presence }
}

function notANode(url: string): Fault {
  return {
    code: 'not-a-node',
    message: `Something answers at ${url.replace(/^tcp:\/\//, '')}, but it is not a Farfield node. Check the address and the port (5555 unless the node was given another).`,
  }
}

function stallFault(meta: NodeMeta | undefined): Fault {
  if (meta?.source.state === 'ended')
    return { code: 'device-lost', message: `${meta.source.label} has been played to its end.` }
  return {
    code: 'device-lost',
    message: meta?.source.message ?? 'The node is there but sends no sound. Check its microphone and its log.',
  }
}
