import { useId, useState, type FormEvent } from 'react'
import type { NodeView, WorkstationState } from '#contract/state.ts'
import { Dialog } from '#renderer/parts/dialog.tsx'
import { formatBytes, formatRoom, PRESENCE_WORDS } from '#renderer/format.ts'
import { useWorkstation } from '#renderer/hooks.ts'
import { PreRollField } from '#renderer/settings/recording-fields.tsx'
import { describeFormat } from '#shared/pcm.ts'
import { keepChoice, keptChoice, lengthOf, nameOf, roomFor } from './record-choice.ts'

export interface RecordDialogProps {
  readonly state: WorkstationState
  readonly onClose: () => void
}

/** Records some of the nodes, with sound from before, for a time. What was chosen is there again the next time. */
export function RecordDialog({ state, onClose }: RecordDialogProps) {
  const workstation = useWorkstation()
  const [kept] = useState(keptChoice)
  const [without, setWithout] = useState<ReadonlySet<string>>(() => new Set(kept.without))
  const [preRoll, setPreRoll] = useState(kept.preRoll ?? state.settings.recording.preRoll)
  const [length, setLength] = useState(kept.length)
  const [error, setError] = useState<string>()
  const id = useId()
  const chosen = state.nodes.filter((node) => mayRecord(node) && !without.has(nameOf(node)))
  const seconds = length.trim() === '' ? undefined : lengthOf(length)

  const choose = (node: NodeView, wanted: boolean): void => {
    const next = new Set(without)
    if (wanted) next.delete(nameOf(node))
    else next.add(nameOf(node))
    setWithout(next)
    setError(undefined)
  }
  const start = async (): Promise<void> => {
    if (chosen.length === 0) return setError('Choose a node that is live.')
    if (length.trim() !== '' && seconds === undefined)
      return setError('This is no length. Write it as 90 s, 15 min, 1 h 30 min or 1:30:00, or leave it empty.')
    keepChoice({ without: [...without], preRoll, length: length.trim() })
    const nodes = chosen.map(({ key }) => key)
    const wanted = seconds === undefined ? {} : { seconds }
    const result = await workstation.call('record.start', { nodes, preRoll, ...wanted })
    if (result.ok) onClose()
    else setError(result.fault.message)
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    void start()
  }

  return (
    <Dialog title="Record" onClose={onClose}>
      <form className="dialog-body" onSubmit={submit} noValidate>
        <fieldset className="record-nodes">
          <legend className="field">Nodes</legend>
          {state.nodes.length === 0 && <p className="muted">There is no node yet. Scan, or add one by its address.</p>}
          {state.nodes.map((node) => (
            <label key={node.key} className={mayRecord(node) ? 'check' : 'check check-off'}>
              <input
                type="checkbox"
                checked={chosen.includes(node)}
                disabled={!mayRecord(node)}
                onChange={(event) => choose(node, event.target.checked)}
              />
              <span className="clip record-node">{node.name}</span>
              <span className="muted">{stateWords(node)}</span>
            </label>
          ))}
        </fieldset>
        <div className="field-row">
          <PreRollField value={preRoll} onChange={setPreRoll} />
          <label className="field" htmlFor={`${id}-length`}>
            Length
            <input
              id={`${id}-length`}
              className="input"
              value={length}
              placeholder="Until stopped"
              autoComplete="off"
              spellCheck={false}
              aria-invalid={length.trim() !== '' && seconds === undefined}
              aria-describedby={`${id}-help ${id}-error`}
              onChange={(event) => {
                setLength(event.target.value)
                setError(undefined)
              }}
            />
          </label>
        </div>
        <p className="help" id={`${id}-help`}>
          Leave it empty to record until stopped, or type 90 s, 15 min or 1:30:00. Sound from before the click comes on
          top.
        </p>
        <p
          className={roomIsShort(state, chosen, seconds) ? 'record-room warn' : 'record-room'}
          data-testid="record-room"
        >
          {roomWords(state, chosen, seconds)}
        </p>
        <p className="error" id={`${id}-error`} role="alert">
          {error}
        </p>
        <footer className="dialog-foot">
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button button-danger" data-first>
            {chosen.length === 1 ? 'Record 1 node' : `Record ${chosen.length} nodes`}
          </button>
        </footer>
      </form>
    </Dialog>
  )
}

function mayRecord(node: NodeView): boolean {
  return node.presence === 'live' && node.take === undefined
}

function stateWords(node: NodeView): string {
  if (node.take !== undefined) return 'Is being recorded'
  if (node.presence !== 'live') return PRESENCE_WORDS[node.presence]
  return node.format ? describeFormat(node.format) : ''
}

function roomIsShort(state: WorkstationState, chosen: readonly NodeView[], seconds: number | undefined): boolean {
  const room = roomFor(chosen, seconds, state).seconds
  return room !== undefined && (state.disk?.low === true || room < (seconds ?? 0))
}

function roomWords(state: WorkstationState, chosen: readonly NodeView[], seconds: number | undefined): string {
  const { seconds: room, bytes } = roomFor(chosen, seconds, state)
  const needs = bytes === undefined ? [] : [`Needs ${formatBytes(bytes)}.`]
  if (room === undefined || !state.disk) return needs.join(' ') || ' '
  const short = room < (seconds ?? 0) ? ' That is not enough.' : ''
  return [
    ...needs,
    `The disk has room for ${formatRoom(room)} (${formatBytes(state.disk.freeBytes)} free).${short}`,
  ].join(' ')
}
