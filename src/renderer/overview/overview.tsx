import { useEffect, useLayoutEffect, useRef, type KeyboardEvent, type RefObject } from 'react'
import type { WorkstationState } from '#contract/state.ts'
import { useRemembered } from '#meters/draw/remembered.ts'
import { plural } from '#renderer/format.ts'
import { WallIcon } from '#renderer/parts/icons.tsx'
import { OVERVIEW_KEYS } from '#renderer/shortcuts/table.ts'
import { pressed } from '#shared/shortcut.ts'
import { Tile } from './tile.tsx'
import { wallColumns } from './words.ts'

export const ARRANGEMENTS = ['tiles', 'rows'] as const
export type Arrangement = (typeof ARRANGEMENTS)[number]

/** Fewer fill a screen as large tiles. */
const FEW = 6

export function useArrangement() {
  return useRemembered('overview', ARRANGEMENTS)
}

export interface OverviewProps {
  readonly state: WorkstationState
  readonly selected: number | undefined
  /** For a screen on a wall: all nodes at once, as large as they can be, and nothing else. */
  readonly wall: boolean
  /** The person came here by key: the list has the focus. */
  readonly focused: boolean
  readonly onSelect: (key: number) => void
  readonly onOpen: (key: number) => void
  readonly onRemove: () => void
  readonly onWall: () => void
}

/** Every node at a glance, as a list to walk through: arrows choose, Enter opens. */
export function Overview({ state, selected, wall, focused, onSelect, onOpen, onRemove, onWall }: OverviewProps) {
  const [arrangement] = useArrangement()
  const list = useRef<HTMLDivElement>(null)
  const { nodes, takes } = state
  useWallGrid(list, wall, nodes.length)
  useEffect(() => {
    if (focused) list.current?.focus({ preventScroll: true })
  }, [focused])
  const onKeyDown = (event: KeyboardEvent): void => {
    const index = Math.max(
      0,
      nodes.findIndex((node) => node.key === selected),
    )
    const node = nodes[index]
    const action = pressed(OVERVIEW_KEYS, event)
    if (!node || !action) return
    event.preventDefault()
    if (action === 'open') return onOpen(node.key)
    if (action === 'remove') return onRemove()
    const next = nodes[nextIndex(action, index, nodes.length, columnsOf(list.current!))]
    if (!next) return
    onSelect(next.key)
    list.current?.querySelector(`#node-${next.key}`)?.scrollIntoView({ block: 'nearest' })
  }
  const live = nodes.filter((node) => node.presence === 'live').length
  return (
    <div className={wall ? 'overview overview-wall' : 'overview'}>
      {!wall && (
        <header className="overview-head">
          <h2>All nodes</h2>
          <p className="muted">
            {plural(nodes.length, 'node')}, {live} live
          </p>
          <button type="button" className="button button-small" aria-keyshortcuts="W" onClick={onWall}>
            <WallIcon /> Wall
          </button>
        </header>
      )}
      <div
        ref={list}
        className={`tiles tiles-${wall ? 'wall' : arrangement}${nodes.length <= FEW ? ' tiles-few' : ''}`}
        role="listbox"
        aria-label="Nodes"
        aria-orientation="horizontal"
        tabIndex={0}
        aria-activedescendant={selected === undefined ? undefined : `node-${selected}`}
        onKeyDown={onKeyDown}
      >
        {nodes.map((node) => (
          <Tile
            key={node.key}
            node={node}
            take={node.take === undefined ? undefined : takes.find((take) => take.id === node.take)}
            selected={node.key === selected}
            onOpen={onOpen}
          />
        ))}
      </div>
    </div>
  )
}

type Move = Exclude<(typeof OVERVIEW_KEYS)[number]['action'], 'open' | 'remove'>

function nextIndex(move: Move, index: number, count: number, columns: number): number {
  const last = count - 1
  const places: Readonly<Record<Move, number>> = {
    right: Math.min(index + 1, last),
    left: Math.max(index - 1, 0),
    down: index + columns <= last ? index + columns : index,
    up: index - columns >= 0 ? index - columns : index,
    first: 0,
    last,
  }
  return places[move]
}

/** As many as stand beside the first. */
function columnsOf(list: HTMLElement): number {
  const tiles = [...list.children] as HTMLElement[]
  const below = tiles.findIndex((tile) => tile.offsetTop > tiles[0]!.offsetTop)
  return below < 0 ? Math.max(1, tiles.length) : below
}

function useWallGrid(list: RefObject<HTMLDivElement | null>, wall: boolean, count: number): void {
  useLayoutEffect(() => {
    const element = list.current
    if (!wall || !element) return undefined
    const fit = (): void => {
      const columns = wallColumns(count, element.clientWidth, element.clientHeight)
      element.style.setProperty('--columns', String(columns))
      element.style.setProperty('--rows', String(Math.ceil(count / columns)))
    }
    fit()
    const resized = new ResizeObserver(fit)
    resized.observe(element)
    return () => resized.disconnect()
  }, [list, wall, count])
}
