import { useState, type DragEvent } from 'react'
import type { NodeView } from '#contract/state.ts'
import { describeFormat } from '#shared/pcm.ts'
import type { Actions } from '#renderer/actions.ts'
import { useCalibrationFile } from '#renderer/calibration/panel.tsx'
import { PanelNodeContext } from '#renderer/export/panel-files.ts'
import { NodeFlags } from './flags.tsx'
import { usePresenceWord, useWatched } from '#renderer/hooks.ts'
import { LostIcon, PresenceIcon, RecordIcon, StopIcon, TrashIcon } from '#renderer/parts/icons.tsx'
import { ArrangementBar } from '#renderer/panels/bar.tsx'
import { PanelGrid } from '#renderer/panels/grid.tsx'
import { useShownPictures } from '#renderer/panels/pictures.ts'

export interface NodePaneProps {
  readonly node: NodeView
  /** The only node: what the toolbar does, it does to this one. */
  readonly alone: boolean
  readonly actions: Actions
  readonly onRemove: () => void
}

export function NodePane({ node, alone, actions, onRemove }: NodePaneProps) {
  useWatched(node.key, useShownPictures())
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
      <ArrangementBar />
      <PanelNodeContext value={node}>
        <PanelGrid node={node} />
      </PanelNodeContext>
      {dragging && <div className="drop-hint">Drop a calibration file for {node.name}</div>}
    </div>
  )
}

function NodeHead({ node, alone, actions, onRemove }: NodePaneProps) {
  const word = usePresenceWord(node.presence)
  const facts = [
    node.address.endsWith(`//${node.name}`) ? undefined : node.address,
    node.format && describeFormat(node.format),
    node.source?.label,
  ].filter(Boolean)
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
        {word}
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
