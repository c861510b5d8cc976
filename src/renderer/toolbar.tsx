import type { NodeView, WorkstationState } from '#contract/state.ts'
import { canRecord, canStop, type Actions } from './actions.ts'
import { useRun } from './hooks.ts'
import {
  AddIcon,
  ConnectIcon,
  DisconnectIcon,
  KeysIcon,
  MoonIcon,
  RecordIcon,
  ScanIcon,
  SettingsIcon,
  StopIcon,
  SunIcon,
} from './icons.tsx'
import { setTheme, useTheme } from './theme.ts'

export interface ToolbarProps {
  readonly state: WorkstationState
  readonly node: NodeView | undefined
  readonly actions: Actions
  /** The connection is lost: nothing can be asked. */
  readonly stale: boolean
}

export function Toolbar({ state, node, actions, stale }: ToolbarProps) {
  const run = useRun()
  const theme = useTheme()
  const connected = node !== undefined && node.presence !== 'disconnected'
  const toggle = (): void => {
    if (node) void run(connected ? 'node.disconnect' : 'node.connect', { node: node.key })
  }
  return (
    <header className="toolbar">
      <h1 className="brand">Farfield</h1>
      <div className="tools" role="toolbar" aria-label="Workstation">
        <button
          type="button"
          className="button"
          disabled={stale}
          aria-keyshortcuts="F"
          onClick={() => actions.open('scan')}
        >
          <ScanIcon /> Scan
        </button>
        <button
          type="button"
          className="button"
          disabled={stale}
          aria-keyshortcuts="A"
          onClick={() => actions.open('add')}
        >
          <AddIcon /> Add address
        </button>
        <button type="button" className="button tool-connect" disabled={stale || !node} onClick={toggle}>
          {connected ? <DisconnectIcon /> : <ConnectIcon />}
          {connected ? 'Disconnect' : 'Connect'}
        </button>
        <span className="tool-gap" />
        <button
          type="button"
          className="button button-record"
          disabled={stale || !canRecord(state)}
          aria-keyshortcuts="R"
          title="Record every live node (R)"
          onClick={() => actions.record([])}
        >
          <RecordIcon /> Record
        </button>
        <button
          type="button"
          className="button"
          disabled={stale || !canStop(state)}
          aria-keyshortcuts="S"
          title="Stop every recording (S)"
          onClick={() => actions.stop([])}
        >
          <StopIcon /> Stop
        </button>
      </div>
      <div className="tools tools-end">
        <button
          type="button"
          className="button button-quiet"
          aria-keyshortcuts=","
          onClick={() => actions.open('settings')}
        >
          <SettingsIcon /> Settings
        </button>
        <button
          type="button"
          className="button button-quiet button-icon"
          aria-label={theme === 'dark' ? 'Use the light theme' : 'Use the dark theme'}
          onClick={() => setTheme(theme === 'dark' ? 'light' : 'dark')}
        >
          {theme === 'dark' ? <SunIcon /> : <MoonIcon />}
        </button>
        <button
          type="button"
          className="button button-quiet button-icon"
          aria-label="Keyboard shortcuts"
          aria-keyshortcuts="?"
          onClick={() => actions.open('shortcuts')}
        >
          <KeysIcon />
        </button>
      </div>
    </header>
  )
}
