/** Which ended takes are listed, and in which order. */
import type { TakeView } from '#contract/state.ts'

export type SortBy = 'started' | 'node' | 'length' | 'size' | 'loudness'

export interface Order {
  readonly by: SortBy
  readonly down: boolean
}

export const NEWEST_FIRST: Order = { by: 'started', down: true }

export interface Filter {
  /** Undefined: of every node. */
  readonly node?: string
  readonly certificate: 'all' | 'whole' | 'incomplete'
  /** At least so long, s. */
  readonly seconds: number
  /** At least so loud, LUFS; -Infinity for any, those that were never loud enough to be measured too. */
  readonly loudness: number
}

export const EVERYTHING: Filter = { certificate: 'all', seconds: 0, loudness: -Infinity }

export function fits(take: TakeView, filter: Filter): boolean {
  const { node, certificate, seconds, loudness } = filter
  if (node !== undefined && take.name !== node) return false
  if (certificate !== 'all' && take.verdict?.whole !== (certificate === 'whole')) return false
  return take.seconds >= seconds && (take.integrated ?? -Infinity) >= loudness
}

/** Equal ones stay newest first. */
export function listed(takes: readonly TakeView[], filter: Filter, { by, down }: Order): readonly TakeView[] {
  const newest = takes.filter((take) => fits(take, filter)).toSorted((a, b) => b.startedAt - a.startedAt)
  return newest.toSorted((a, b) => (down ? -1 : 1) * compare(by, a, b))
}

function compare(by: SortBy, a: TakeView, b: TakeView): number {
  if (by === 'node') return a.name.localeCompare(b.name)
  const value = ({ startedAt, seconds, bytes, integrated }: TakeView): number =>
    ({ started: startedAt, length: seconds, size: bytes, loudness: integrated ?? -Number.MAX_VALUE })[by]
  return value(a) - value(b)
}

/** A press on the head of a column: the other way round, or that column, figures largest first. */
export function pressedOn(by: SortBy, order: Order): Order {
  return { by, down: order.by === by ? !order.down : by !== 'node' }
}
