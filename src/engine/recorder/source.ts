/** What a take needs of the session of its node. */
import type { Disposable } from '#shared/lifecycle.ts'
import type { Range } from '#engine/backfill/ranges.ts'
import type { NodeClockView } from '#engine/node-clock.ts'
import type { Session } from '#engine/session.ts'

export interface TakeSource {
  /** The stream that is heard now; undefined before the first sound. */
  readonly live: bigint | undefined
  /** Behind the newest frame heard of a stream; 0 before any was. */
  heard(stream: bigint): bigint
  hold(): Disposable
  want(stream: bigint, from: bigint, to: bigint): void
  unsettled(stream: bigint, from: bigint, to: bigint): readonly Range[]
  /** The disk was too slow for these frames: they will be wanted again. */
  unwritten(stream: bigint, from: bigint, to: bigint): void
  positionAt(monotonicNs: bigint): { readonly stream: bigint; readonly position: bigint } | undefined
  /** What the node keeps of a stream. */
  ring(stream: bigint): { readonly from: bigint; readonly to: bigint } | undefined
  /** The node's clocks against this computer's. */
  readonly clock: NodeClockView | undefined
  /** For how long it keeps sound, s; 0 when it keeps none, undefined before it has said. */
  readonly ringSeconds: number | undefined
}

export function sourceOf(session: Session): TakeSource {
  return {
    get live() {
      return session.tracker.stream
    },
    get ringSeconds() {
      return session.metadata?.ringSeconds
    },
    get clock() {
      return session.clock
    },
    heard: (stream) => session.tracker.ledger(stream)?.heard ?? 0n,
    hold: () => session.hold(),
    want: (stream, from, to) => session.want(stream, from, to),
    unsettled: (stream, from, to) => session.unsettled(stream, from, to),
    unwritten: (stream, from, to) => session.unwritten(stream, from, to),
    positionAt: (ns) => session.positionAt(ns),
    ring: (stream) => {
      const held = session.metadata?.ring?.streams.find((s) => BigInt(`0x${s.id}`) === stream)
      return held && { from: BigInt(held.from), to: BigInt(held.to) }
    },
  }
}
