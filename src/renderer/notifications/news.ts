/** What is worth a notification to somebody who looks elsewhere. */
import type { NodeView, TakeView, WorkstationState } from '#contract/state.ts'
import { formatRoom } from '#renderer/format.ts'
import { isOpen, roomSeconds, stopSummary } from '#renderer/takes/words.ts'

export const NEWS_KINDS = ['lost', 'finished', 'disk'] as const
export type NewsKind = (typeof NEWS_KINDS)[number]

export interface News {
  readonly kind: NewsKind
  readonly title: string
  readonly body: string
  /** The node that it is about; absent where it is about several or none. */
  readonly node?: number
}

export type Wanted = Readonly<Record<NewsKind, boolean>>

/** At most one of each kind: what happens to many nodes at once is one piece of news. */
export function newsOf(before: WorkstationState, now: WorkstationState): News[] {
  const lost = now.nodes.filter((node) => node.presence === 'lost' && wasHeard(before, node))
  const ended = now.takes.filter((take) => !isOpen(take) && wasOpen(before, take))
  return [...lostNews(lost), ...endedNews(ended), ...diskNews(before, now)]
}

/** None for what the person sees: whoever looks at the screen is told by the screen. */
export function isTold({ kind }: News, wanted: Wanted, looking: boolean): boolean {
  return wanted[kind] && !looking
}

function wasHeard({ nodes }: WorkstationState, { key }: NodeView): boolean {
  const presence = nodes.find((node) => node.key === key)?.presence
  return presence === 'live' || presence === 'stalled'
}

function wasOpen({ takes }: WorkstationState, { id }: TakeView): boolean {
  return takes.some((take) => take.id === id && isOpen(take))
}

function lostNews(nodes: readonly NodeView[]): News[] {
  const [first] = nodes
  if (!first) return []
  if (nodes.length > 1) {
    const names = nodes.map(({ name }) => name).join(', ')
    return [{ kind: 'lost', title: `${nodes.length} nodes are lost`, body: `Nothing is heard from ${names}.` }]
  }
  const body = first.take === undefined ? 'Nothing is heard from it.' : 'It is being recorded, and nothing is heard.'
  return [{ kind: 'lost', title: `${first.name} is lost`, body, node: first.key }]
}

function endedNews(takes: readonly TakeView[]): News[] {
  const [first] = takes
  if (!first) return []
  const failed = takes.some(({ state }) => state === 'failed')
  const one = takes.length === 1
  return [
    {
      kind: 'finished',
      title: `${one ? 'A recording' : `${takes.length} recordings`} ${failed ? 'ended with a fault' : 'finished'}`,
      body: stopSummary(takes),
      ...(one ? { node: first.node } : {}),
    },
  ]
}

function diskNews(before: WorkstationState, { disk, takes }: WorkstationState): News[] {
  if (!disk?.low || before.disk?.low) return []
  const seconds = roomSeconds(takes) ?? disk.seconds
  const room = seconds === undefined ? 'Little room is left' : `Room for ${formatRoom(seconds)} is left`
  return [{ kind: 'disk', title: 'The disk is nearly full', body: `${room} in ${disk.folder}.` }]
}
