import { useEffect, useRef, type KeyboardEvent } from 'react'
import type { NodeView } from '#contract/state.ts'
import { NO_FIGURE } from '#meters/draw/format.ts'
import { FigurePace, showFigure } from '#meters/draw/figure.ts'
import { plural } from '#renderer/format.ts'
import { usePresenceWord, useSource, useWorkstation } from '#renderer/hooks.ts'
import { pressed } from '#shared/shortcut.ts'
import { calibrationWord } from '#renderer/overview/words.ts'
import { PresenceIcon, ViewIcon } from '#renderer/parts/icons.tsx'
import { NODE_LIST_KEYS } from '#renderer/shortcuts/table.ts'

export interface NodeListProps {
  readonly nodes: readonly NodeView[]
  readonly selected: number | undefined
  /** The person came here by key: the list has the focus. */
  readonly focused: boolean
  readonly onSelect: (key: number) => void
  readonly onRemove: () => void
  readonly onOverview: () => void
}

export function NodeList({ nodes, selected, focused, onSelect, onRemove, onOverview }: NodeListProps) {
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (focused) list.current?.focus({ preventScroll: true })
  }, [focused])
  const onKeyDown = (event: KeyboardEvent): void => {
    const action = pressed(NODE_LIST_KEYS, event)
    if (!action) return
    event.preventDefault()
    if (action === 'remove') return onRemove()
    const index = nodes.findIndex((node) => node.key === selected)
    const node = nodes[nextIndex(action, index, nodes.length)]
    if (!node) return
    onSelect(node.key)
    list.current?.querySelector(`#node-${node.key}`)?.scrollIntoView({ block: 'nearest' })
  }
  return (
    <nav className="sidebar" aria-label="Nodes">
      <div className="sidebar-head">
        <h2>
          Nodes <span className="muted">{nodes.length}</span>
        </h2>
        <button type="button" className="button button-quiet button-small" aria-keyshortcuts="O" onClick={onOverview}>
          <ViewIcon /> All nodes
        </button>
      </div>
      <div
        ref={list}
        className="nodes"
        role="listbox"
        aria-label="Nodes"
        tabIndex={0}
        aria-activedescendant={selected === undefined ? undefined : `node-${selected}`}
        onKeyDown={onKeyDown}
      >
        {nodes.map((node) => (
          <NodeItem key={node.key} node={node} selected={node.key === selected} onSelect={onSelect} />
        ))}
      </div>
    </nav>
  )
}

type Move = Exclude<(typeof NODE_LIST_KEYS)[number]['action'], 'remove'>

function nextIndex(move: Move, index: number, count: number): number {
  if (move === 'next') return Math.min(index + 1, count - 1)
  if (move === 'previous') return Math.max(index - 1, 0)
  return move === 'first' ? 0 : count - 1
}

function NodeItem(props: { node: NodeView; selected: boolean; onSelect: (key: number) => void }) {
  const { node, selected, onSelect } = props
  const word = usePresenceWord(node.presence)
  return (
    <div
      id={`node-${node.key}`}
      className={selected ? 'node node-selected' : 'node'}
      role="option"
      aria-selected={selected}
      data-presence={node.presence}
      onClick={() => onSelect(node.key)}
    >
      <div className="node-line">
        <PresenceIcon presence={node.presence} />
        <strong className="node-name clip">{node.name}</strong>
        {node.take !== undefined && (
          <span className="rec" title="Recording">
            <span className="rec-dot" /> REC
          </span>
        )}
      </div>
      <div className="node-line node-sub">
        <span className={`presence-word presence-${node.presence}`} data-testid="node-state">
          {word}
        </span>
        <span className="muted clip node-address">{placeOf(node)}</span>
        {node.link.missingFrames > 0 && <span className="node-loss">{plural(node.link.gaps, 'gap')}</span>}
      </div>
      <MiniLevel node={node.key} />
      <div className="node-line node-badges">
        {node.source?.simulated && <span className="badge">Simulated</span>}
        <span className={node.calibration.state === 'applied' || node.calibration.spl ? 'badge' : 'badge badge-plain'}>
          {calibrationWord(node).text}
        </span>
      </div>
    </div>
  )
}

/** Where it is, unless its name says so already. */
function placeOf({ name, address }: NodeView): string {
  const place = address.replace(/^tcp:\/\//, '')
  return place === name ? '' : place
}

const LOWEST_DB = -60

/** Highest RMS of any channel as a bar and momentary loudness as a figure, drawn by the app's loop. */
function MiniLevel({ node }: { readonly node: number }) {
  const source = useSource(node)
  const { frames } = useWorkstation()
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = box.current!
    const bar = element.querySelector<HTMLElement>('.mini-fill')!
    const figure = element.querySelector<HTMLElement>('.mini-figure')!
    const pace = new FigurePace()
    const drawing = source.onDraw(element, (now) => {
      const track = frames.track(node)
      const live = track?.live ? track : undefined
      bar.style.transform = `scaleX(${Math.min(1, Math.max(0, 1 - (live?.rms ?? -Infinity) / LOWEST_DB))})`
      if (!live || pace.due(now)) showFigure(figure, live?.momentary)
    })
    return () => void drawing.dispose()
  }, [source, frames, node])
  return (
    <div className="mini" ref={box} aria-hidden="true">
      <div className="mini-track">
        <div className="mini-fill" />
      </div>
      <span className="mini-figure figure">{NO_FIGURE}</span>
      <span className="unit">LUFS</span>
    </div>
  )
}
