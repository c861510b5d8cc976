import type { NodeView, WorkstationState } from '#contract/state.ts'
import { canRecord, canStop, type Actions } from './actions.ts'
import { formatBytes, formatRoom } from './format.ts'
import { useRun } from './hooks.ts'
import {
  AddIcon,
  ConnectIcon,
  DisconnectIcon,
  MarkerIcon,
  RecordIcon,
  ScanIcon,
  SettingsIcon,
  StopIcon,
  ViewIcon,
} from './icons.tsx'
import { ARRANGEMENTS, useArrangement, type Arrangement } from './overview/overview.tsx'
import { Menu, MenuChoice, MenuItem, MenuLine } from './menu.tsx'
import { chooseTheme, THEME_CHOICES, useThemeChoice, type ThemeChoice } from './theme.ts'
import { isRunning, roomSeconds } from './takes.ts'
import { Tip } from './tip.tsx'

export interface ToolbarProps {
  readonly state: WorkstationState
  readonly node: NodeView | undefined
  readonly actions: Actions
  /** The connection is lost: nothing can be asked. */
  readonly stale: boolean
}

export function Toolbar({ state, node, actions, stale }: ToolbarProps) {
  const run = useRun()
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
        <Tip text="Record every live node (R)">
          <button
            type="button"
            className="button button-record"
            disabled={stale || !canRecord(state)}
            aria-keyshortcuts="R"
            onClick={() => actions.record([])}
          >
            <RecordIcon /> Record
          </button>
        </Tip>
        <Tip text="Stop every recording (S)">
          <button
            type="button"
            className="button"
            disabled={stale || !canStop(state)}
            aria-keyshortcuts="S"
            onClick={() => actions.stop([])}
          >
            <StopIcon /> Stop
          </button>
        </Tip>
        <Tip text="Set a marker in every recording (M)">
          <button
            type="button"
            className="button"
            disabled={stale || !canStop(state)}
            aria-keyshortcuts="M"
            onClick={actions.mark}
          >
            <MarkerIcon /> Marker
          </button>
        </Tip>
      </div>
      <DiskRoom state={state} />
      <div className="tools tools-end">
        <button
          type="button"
          className="button button-quiet"
          aria-keyshortcuts=","
          onClick={() => actions.open('settings')}
        >
          <SettingsIcon /> Settings
        </button>
        <ViewMenu actions={actions} />
      </div>
    </header>
  )
}

/** For how long the disk will do: for what is recorded now, else for every live node. */
function DiskRoom({ state: { disk, takes } }: { readonly state: WorkstationState }) {
  const seconds = roomSeconds(takes) ?? disk?.seconds
  if (!disk || seconds === undefined) return null
  const recording = takes.some(isRunning)
  return (
    <p
      className={disk.low ? 'room room-low' : 'room'}
      data-testid="disk-room"
      data-value={seconds}
      title={`${formatBytes(disk.freeBytes)} free in ${disk.folder}`}
    >
      <span>{recording ? 'Disk full in' : 'Disk has room for'}</span>
      <strong className="figure">{formatRoom(seconds)}</strong>
    </p>
  )
}

const ARRANGEMENT_WORDS: Readonly<Record<Arrangement, string>> = { tiles: 'Tiles', rows: 'Rows' }
const THEME_WORDS: Readonly<Record<ThemeChoice, string>> = { dark: 'Dark', light: 'Light', system: 'As the system' }

function ViewMenu({ actions }: { readonly actions: Actions }) {
  const theme = useThemeChoice()
  const [arrangement, arrange] = useArrangement()
  return (
    <Menu
      label={
        <>
          <ViewIcon /> View
        </>
      }
    >
      <MenuItem shortcut="O" onClick={actions.toggleOverview}>
        All nodes, or one
      </MenuItem>
      <MenuItem shortcut="W" onClick={actions.toggleWall}>
        Wall
      </MenuItem>
      <MenuLine />
      <MenuChoice
        title="All nodes as"
        values={ARRANGEMENTS}
        value={arrangement}
        say={(one) => ARRANGEMENT_WORDS[one]}
        onChoose={arrange}
      />
      <MenuLine />
      <MenuChoice
        title="Theme"
        values={THEME_CHOICES}
        value={theme}
        say={(choice) => THEME_WORDS[choice]}
        onChoose={chooseTheme}
      />
      <MenuLine />
      <MenuItem shortcut="?" onClick={() => actions.open('shortcuts')}>
        Keyboard shortcuts
      </MenuItem>
    </Menu>
  )
}
