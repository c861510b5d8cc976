import { useMemo, useState, type DragEvent } from 'react'
import type { NodeView } from '#contract/state.ts'
import { Pick } from '#meters/draw/pick.tsx'
import type { MeterView, Totals } from '#meters/draw/view.ts'
import { METERS, meterIndex } from '#meters/registry.ts'
import { VIEWS } from '#meters/views.ts'
import { describeFormat, type StreamFormat } from '#shared/pcm.ts'
import type { Actions } from './actions.ts'
import { CalibrationPanel, useCalibrationFile } from './calibration.tsx'
import { PRESENCE_WORDS } from './format.ts'
import { NodeFlags } from './flags.tsx'
import { HistoryPanel } from './history-panel.tsx'
import { useFeed, useRun, useWatched } from './hooks.ts'
import { LostIcon, PresenceIcon, RecordIcon, StopIcon, TrashIcon } from './icons.tsx'
import { LevelHistoryPanel } from './level-history/panel.tsx'
import { LinkPanel } from './link-panel.tsx'
import { Panel } from './panel.tsx'

export interface NodePaneProps {
  readonly node: NodeView
  /** The only node: what the toolbar does, it does to this one. */
  readonly alone: boolean
  readonly actions: Actions
  readonly onRemove: () => void
}

export function NodePane({ node, alone, actions, onRemove }: NodePaneProps) {
  useWatched(node.key)
  const [dragging, setDragging] = useState(false)
  const load = useCalibrationFile(node.key)
  const hasFile = (event: DragEvent): boolean => event.dataTransfer.types.includes('Files')
  return (
    <div
      className={dragging ? 'pane pane-drop' : 'pane'}
      onDragOver={(event) => {
        if (!hasFile(event)) return
        event.preventDefault()
        setDragging(true)
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setDragging(false)
      }}
      onDrop={(event) => {
        if (!hasFile(event)) return
        event.preventDefault()
        setDragging(false)
        const file = event.dataTransfer.files[0]
        if (file) load(file)
      }}
    >
      <NodeHead node={node} alone={alone} actions={actions} onRemove={onRemove} />
      <NodeTrouble node={node} />
      <LinkWarnings node={node} />
      {node.format ? (
        <div className={node.presence === 'live' ? 'panels' : 'panels panels-past'}>
          <Meters node={node} format={node.format} />
          <HistoryPanel node={node.key} />
          <LevelHistoryPanel key={node.key} node={node} />
          <CalibrationPanel node={node} onFile={load} />
          <LinkPanel node={node} />
        </div>
      ) : (
        <div className="panels">
          <LevelHistoryPanel key={node.key} node={node} />
          <CalibrationPanel node={node} onFile={load} />
          <LinkPanel node={node} />
        </div>
      )}
      {dragging && <div className="drop-hint">Drop a calibration file for {node.name}</div>}
    </div>
  )
}

function NodeHead({ node, alone, actions, onRemove }: NodePaneProps) {
  const facts = [node.address, node.format && describeFormat(node.format), node.source?.label].filter(Boolean)
  return (
    <header className="node-head">
      <div className="node-title">
        <div className="node-name-line">
          <h2 className="clip">{node.name}</h2>
          {node.source?.simulated && <span className="badge">Simulated</span>}
          {node.format && <NodeFlags node={node} format={node.format} />}
        </div>
        <p className="muted clip">{facts.join(' · ')}</p>
      </div>
      <p className={`state presence-${node.presence}`}>
        <PresenceIcon presence={node.presence} />
        {PRESENCE_WORDS[node.presence]}
      </p>
      <div className="node-tools">
        {!alone && <RecordThis node={node} actions={actions} />}
        <button
          type="button"
          className="button button-quiet button-icon"
          aria-label={`Remove ${node.name}`}
          onClick={onRemove}
        >
          <TrashIcon />
        </button>
      </div>
    </header>
  )
}

function RecordThis({ node, actions }: { readonly node: NodeView; readonly actions: Actions }) {
  const { take } = node
  if (take !== undefined)
    return (
      <button type="button" className="button" onClick={() => actions.stop([take])}>
        <StopIcon /> Stop this node
      </button>
    )
  return (
    <button
      type="button"
      className="button button-record"
      disabled={node.presence !== 'live'}
      onClick={() => actions.record([node.key])}
    >
      <RecordIcon /> Record this node
    </button>
  )
}

/** Why there is no sound, and what to do about it. The announcer says the state; this text may count seconds. */
function NodeTrouble({ node }: { readonly node: NodeView }) {
  if (node.presence === 'live' && !node.fault) return null
  return (
    <div className={`trouble trouble-${node.presence}`}>
      <PresenceIcon presence={node.presence} />
      <p>{node.fault?.message ?? ADVICE[node.presence]}</p>
    </div>
  )
}

/** What endangers the sound now, before any of it is lost. The announcer says that it is so; this text may count seconds. */
function LinkWarnings({ node }: { readonly node: NodeView }) {
  return node.link.warnings.map(({ code, message }) => (
    <div
      key={code}
      className={code === 'ring-ends' ? 'trouble trouble-lost' : 'trouble trouble-live'}
      data-warning={code}
    >
      <LostIcon />
      <p>{message}</p>
    </div>
  ))
}

const ADVICE: Readonly<Record<NodeView['presence'], string>> = {
  disconnected: 'Not connected. Press Connect to hear this node.',
  connecting:
    'Waiting for the first sound. If it does not come, check that the node is switched on and the address is right.',
  stalled: 'The node answers but sends no sound. Check its microphone and its sound device.',
  lost: 'Nothing is heard from this node any more. The workstation keeps trying; the meters show what was heard last.',
  live: '',
}

function Meters({ node, format }: { readonly node: NodeView; readonly format: StreamFormat }) {
  const run = useRun()
  const { key, paused } = node
  const totals = useMemo<Totals>(
    () => ({
      paused,
      onPause: (wanted) => void run('meters.pause', { node: key, paused: wanted }),
      onReset: () => void run('meters.reset', { node: key }),
    }),
    [run, key, paused],
  )
  return VIEWS.map((view) => <MeterPanel key={view.id} view={view} node={node} format={format} totals={totals} />)
}

interface MeterPanelProps {
  readonly view: MeterView
  readonly node: NodeView
  readonly format: StreamFormat
  readonly totals: Totals
}

function MeterPanel({ view, node, format, totals }: MeterPanelProps) {
  const feed = useFeed(node, view.id, format)
  const { Head, Component } = view
  const shape = `${format.rate} ${format.channels}`
  const chosen = node.choices[view.id]
  const aside = (
    <>
      {Head && (
        <div className="panel-picks">
          <Head key={shape} feed={feed} totals={totals} />
        </div>
      )}
      {chosen && (
        <div className="panel-picks">
          <MeterChoices node={node.key} meter={view.id} chosen={chosen} />
        </div>
      )}
    </>
  )
  return (
    <Panel id={view.id} title={view.title} aside={aside}>
      <Component key={shape} feed={feed} totals={totals} />
    </Panel>
  )
}

interface MeterChoicesProps {
  readonly node: number
  readonly meter: string
  readonly chosen: NodeView['choices'][string]
}

/** A select for each choice that the meter offers, whatever it is. */
function MeterChoices({ node, meter, chosen }: MeterChoicesProps) {
  const run = useRun()
  const { choices = {} } = METERS[meterIndex(meter)]!
  return Object.entries(choices).map(([name, { title, values, initial, say }]) => (
    <Pick
      key={name}
      title={title}
      values={values}
      value={chosen[name] ?? initial}
      say={say}
      onPick={(value) => void run('meters.choose', { node, meter, settings: { [name]: value } })}
    />
  ))
}
