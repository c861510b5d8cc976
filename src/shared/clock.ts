/**
 * Two clocks, never mixed: the monotonic one orders things and measures spans, UTC only labels them for people.
 * Both in nanoseconds as bigint, because a double loses whole nanoseconds after 104 days.
 */
export interface Clock {
  monotonicNs(): bigint
  utcNs(): bigint
}

export const NS_PER_SECOND = 1_000_000_000n

/** Length of a number of frames, ns, rounded down. */
export function framesToNs(frames: bigint, rate: number): bigint {
  return (frames * NS_PER_SECOND) / BigInt(rate)
}
