/** What endangers a node's sound now, as faults a person can act on. */
import { frameBytes, type StreamFormat } from '#shared/pcm.ts'
import type { Fault } from '#shared/result.ts'
import { duration } from './losses.ts'

export interface LinkCondition {
  /** The link carries less than its stream needs: the part of it that came in the last seconds. */
  readonly slow: { readonly share: number } | undefined
  readonly format: StreamFormat | undefined
  /** What the node's ring can hold, s; 0 without one. */
  readonly ringSeconds: number
  /** Age of the oldest sound that is needed and has not come, ns. */
  readonly oldestAge: bigint | undefined
}

/** Told this long before sound falls out of the ring: 30 s to act in, and time to hear of it. */
const RING_ENDS_SECONDS = 45

export function linkWarnings(name: string, condition: LinkCondition): readonly Fault[] {
  const { slow, format, ringSeconds, oldestAge } = condition
  const out: Fault[] = []
  if (slow && format)
    out.push({
      code: 'link-slow',
      message: `The network to ${name} is too slow for its sound: ${Math.min(99, Math.round(slow.share * 100))} % of the ${megabits(format)} Mb/s came through in the last few seconds. Use a cable or a better signal, or a lower sample rate at the node.`,
    })
  if (oldestAge !== undefined && ringSeconds > 0) {
    const left = ringSeconds - Number(oldestAge) / 1e9
    if (left > 0 && left <= RING_ENDS_SECONDS)
      out.push({
        code: 'ring-ends',
        message: `${name} keeps the missing sound for ${duration(left)} more, then it is lost for good. Bring its network back before that.`,
      })
  }
  return out
}

function megabits(format: StreamFormat): string {
  return ((frameBytes(format) * format.rate * 8) / 1e6).toFixed(1)
}
