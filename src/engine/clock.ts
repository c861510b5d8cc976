import type { Clock } from '#shared/clock.ts'

/** UTC is taken from the wall clock once a call; it may jump. The monotonic clock never does. */
export const systemClock: Clock = {
  monotonicNs: () => process.hrtime.bigint(),
  utcNs: () => BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000)) * 1000n,
}
