/**
 * How a node's clocks stand to this computer's: its monotonic clock from time exchanges (RFC 5905 section 8: of several the
 * one with the shortest round trip tells the offset best), its capture clock from the stamps of its blocks.
 */
import { framesToNs, NS_PER_SECOND } from '#shared/clock.ts'
import { FLAG_CLOCK_STEPPED, type BlockHeader } from '#wire/packet.ts'

export interface NodeClockView {
  /** The node's monotonic clock minus this computer's, ns. */
  readonly offsetNs: bigint
  /** Round trip of the exchange that the offset is from, ms; the offset is wrong by half of it at most. */
  readonly roundTripMs: number
  /** How much faster the node captures than its rate says by this computer's clock, parts per million; absent before it was watched for half a minute. */
  readonly driftPpm?: number
  /** The node's wall clock has jumped since the session began. */
  readonly stepped: boolean
}

export interface StreamPosition {
  readonly stream: bigint
  readonly position: bigint
}

/** One exchange: when we asked and heard, by our clock; when the node heard and answered, by its own; ns. */
export interface Exchange {
  readonly t1: bigint
  readonly t2: bigint
  readonly t3: bigint
  readonly t4: bigint
}

interface Sample {
  readonly at: bigint
  readonly offset: bigint
  readonly roundTrip: bigint
}

/** A moment and the frame captured then: by our own clock, once one is known. */
interface Anchor {
  readonly ns: bigint
  readonly position: bigint
}

interface StreamClock {
  readonly stream: bigint
  readonly rate: number
  /** When its newest stamp came, by our clock, and what it said. */
  heardAt: bigint
  newest: bigint
  /** On the node's clock: the stamp that was the least late of the window before and of the one that runs. */
  settled: Anchor
  running: Anchor
  runningSince: bigint
}

/** Exchanges kept; at one a second the last four minutes. */
const MAX_SAMPLES = 240
/** Crystals of two computers differ by less: the price of an older exchange with a shorter round trip. */
const CLOCKS_APART_PPM = 50n
/** An exchange that contradicts the others by more than this and both round trips: the node's clock began anew. */
const CONTRADICTION_NS = 5_000_000n
const MAX_STREAMS = 16
/** Stamps are late by what the node was busy with, never early: the earliest of this time is taken. */
const WINDOW_NS = 5n * NS_PER_SECOND
/** For the drift: one point in two seconds, of ten minutes. */
const POINT_NS = 2n * NS_PER_SECOND
const MAX_POINTS = 300
const MIN_DRIFT_SECONDS = 30

export class NodeClock {
  #samples: Sample[] = []
  #best: Sample | undefined
  /** Newest last. */
  readonly #streams: StreamClock[] = []
  #points: { readonly x: number; readonly y: number }[] = []
  #origin: (Anchor & { readonly stream: bigint }) | undefined
  #lastPoint = 0n
  #stepped = false

  /** Exchanges so far: the first few come quickly. */
  get exchanges(): number {
    return this.#samples.length
  }

  exchange({ t1, t2, t3, t4 }: Exchange): void {
    const roundTrip = t4 - t1 - (t3 - t2)
    if (roundTrip < 0n) return
    const sample = { at: t4, offset: (t2 - t1 + (t3 - t4)) / 2n, roundTrip }
    const best = this.#best
    if (best) {
      const apart = magnitude(sample.offset - best.offset)
      const allowed = (roundTrip + best.roundTrip) / 2n + aged(best, t4) + CONTRADICTION_NS
      if (apart > allowed) this.#beginAnew(best.offset, sample.offset)
    }
    this.#samples.push(sample)
    if (this.#samples.length > MAX_SAMPLES) this.#samples.shift()
    this.#best = this.#samples.reduce((a, b) =>
      b.roundTrip / 2n + aged(b, t4) <= a.roundTrip / 2n + aged(a, t4) ? b : a,
    )
  }

  /** A live block came, `now` by our clock. */
  stamp(block: BlockHeader, now: bigint): void {
    if (block.flags & FLAG_CLOCK_STEPPED) this.#stepped = true
    const anchor = { ns: block.monotonicNs, position: block.firstFrame }
    let clock = this.#streams.at(-1)
    if (clock?.stream !== block.stream) {
      const { stream, rate } = block
      clock = {
        stream,
        rate,
        heardAt: now,
        newest: anchor.ns,
        settled: anchor,
        running: anchor,
        runningSince: anchor.ns,
      }
      this.#streams.push(clock)
      if (this.#streams.length > MAX_STREAMS) this.#streams.shift()
    } else if (anchor.ns - clock.runningSince > WINDOW_NS) {
      clock.settled = clock.running
      clock.running = anchor
      clock.runningSince = anchor.ns
    } else if (lateness(anchor, clock.running, clock.rate) <= 0) clock.running = anchor
    clock.heardAt = now
    clock.newest = anchor.ns
    this.#point(clock, anchor)
  }

  /** The frame captured at a moment of our clock; undefined before the first exchange and block, and before the oldest stream known. */
  positionAt(ns: bigint): StreamPosition | undefined {
    if (!this.#best) return undefined
    const at = ns + this.#best.offset
    for (const clock of this.#streams.toReversed()) {
      const { settled, running, rate, stream } = clock
      const anchor = lateness(running, settled, rate) <= 0 ? running : settled
      const position = anchor.position + roundedFrames(at - anchor.ns, rate)
      if (position >= 0n) return { stream, position }
    }
    return undefined
  }

  /** How late a moment of the node's clock is here and now, ns; undefined before the first exchange. */
  ageOf(nodeNs: bigint, now: bigint): bigint | undefined {
    return this.#best && now - (nodeNs - this.#best.offset)
  }

  /** How long ago a frame was captured, ns, as far as its stream is known. */
  ageOfPosition({ stream, position }: StreamPosition, now: bigint): bigint | undefined {
    const clock = this.#streams.find((s) => s.stream === stream)
    return clock && this.ageOf(clock.settled.ns + framesToNs(position - clock.settled.position, clock.rate), now)
  }

  /** The place of a stream among those known, oldest 0. */
  order(stream: bigint): number | undefined {
    const at = this.#streams.findIndex((s) => s.stream === stream)
    return at < 0 ? undefined : at
  }

  get view(): NodeClockView | undefined {
    if (!this.#best) return undefined
    const driftPpm = this.#drift()
    return {
      offsetNs: this.#best.offset,
      roundTripMs: Number(this.#best.roundTrip) / 1e6,
      stepped: this.#stepped,
      ...(driftPpm === undefined ? {} : { driftPpm }),
    }
  }

  /** The node's monotonic clock began anew: what was stamped by the one before is moved along. */
  #beginAnew(before: bigint, after: bigint): void {
    this.#samples = []
    this.#best = undefined
    this.#restartDrift()
    for (const clock of this.#streams) {
      const late = (offset: bigint): bigint => magnitude(clock.heardAt - (clock.newest - offset))
      if (late(after) < late(before)) continue
      const move = (anchor: Anchor): Anchor => ({ ...anchor, ns: anchor.ns + after - before })
      clock.settled = move(clock.settled)
      clock.running = move(clock.running)
      clock.runningSince += after - before
      clock.newest += after - before
    }
  }

  #restartDrift(): void {
    this.#points = []
    this.#origin = undefined
  }

  #point({ stream, rate }: StreamClock, anchor: Anchor): void {
    if (!this.#best) return
    const ns = anchor.ns - this.#best.offset
    if (this.#origin?.stream !== stream) {
      this.#restartDrift()
      this.#origin = { ns, position: anchor.position, stream }
      this.#lastPoint = ns
    } else if (ns - this.#lastPoint < POINT_NS) return
    this.#lastPoint = ns
    const x = Number(ns - this.#origin.ns) / 1e9
    this.#points.push({ x, y: Number(anchor.position - this.#origin.position) / rate - x })
    if (this.#points.length > MAX_POINTS) this.#points.shift()
  }

  /** Slope of captured time against our time, by least squares. */
  #drift(): number | undefined {
    const points = this.#points
    const span = points.length < 3 ? 0 : points.at(-1)!.x - points[0]!.x
    if (span < MIN_DRIFT_SECONDS) return undefined
    const meanX = points.reduce((sum, p) => sum + p.x, 0) / points.length
    const meanY = points.reduce((sum, p) => sum + p.y, 0) / points.length
    const up = points.reduce((sum, p) => sum + (p.x - meanX) * (p.y - meanY), 0)
    return (up / points.reduce((sum, p) => sum + (p.x - meanX) ** 2, 0)) * 1e6
  }
}

/** What an exchange has lost of its worth since, ns. */
function aged(sample: Sample, now: bigint): bigint {
  return ((now - sample.at) * CLOCKS_APART_PPM) / 1_000_000n
}

/** How much later `anchor` is stamped than `than` says of its position, ns. */
function lateness(anchor: Anchor, than: Anchor, rate: number): number {
  return Number(anchor.ns - than.ns) - (Number(anchor.position - than.position) / rate) * 1e9
}

function roundedFrames(ns: bigint, rate: number): bigint {
  const scaled = 2n * ns * BigInt(rate) + NS_PER_SECOND
  const twice = 2n * NS_PER_SECOND
  return scaled >= 0n ? scaled / twice : -((-scaled + twice - 1n) / twice)
}

function magnitude(n: bigint): bigint {
  return n < 0n ? -n : n
}
