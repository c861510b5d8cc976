/** Gives out frames at the speed of a real device, for sources that have none. */
import { framesToNs, NS_PER_SECOND } from '#shared/clock.ts'

export interface Paced {
  /** Make the next `frames` frames; the last of them belongs to `endNs`, monotonic, ns. False: there is no more. */
  produce(frames: number, endNs: bigint): boolean
  /** The process slept through `frames` frames: a device would have gone on without us. */
  skip(frames: number): void
}

/** No more than 100 wake-ups a second, whatever the length of a block. */
const SHORTEST_TICK_MS = 10
/** A pause longer than this is skipped, not made up for: nobody wants a burst of old sound after a suspend. */
const LONGEST_CATCH_UP_NS = 2n * NS_PER_SECOND

/**
 * Deadlines are counted in frames from the start, so timer jitter never adds up to drift.
 * Returns the way to stop it.
 */
export function pace(
  rate: number,
  blockMs: number,
  paced: Paced,
  now: () => bigint = () => process.hrtime.bigint(),
): () => void {
  const perTick = Math.max(1, Math.round((rate * blockMs * Math.ceil(SHORTEST_TICK_MS / blockMs)) / 1000))
  const start = now()
  let done = 0
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  const timeOf = (frame: number): bigint => start + framesToNs(BigInt(frame), rate)
  const tick = (): void => {
    // Looked at anew for each piece: the process may be suspended between any two of them.
    for (skipSleep(); timeOf(done + perTick) <= now(); skipSleep()) {
      done += perTick
      if (!paced.produce(perTick, timeOf(done)) || stopped) return
    }
    arm()
  }
  const skipSleep = (): void => {
    const behind = now() - timeOf(done)
    if (behind <= LONGEST_CATCH_UP_NS) return
    const due = Number((behind * BigInt(rate)) / NS_PER_SECOND)
    const skipped = due - (due % perTick)
    done += skipped
    paced.skip(skipped)
  }
  const arm = (): void => {
    const waitMs = Number(timeOf(done + perTick) - now()) / 1e6
    timer = setTimeout(tick, Math.max(1, Math.ceil(waitMs)))
  }
  arm()
  return () => {
    stopped = true
    clearTimeout(timer)
  }
}
