import type { KeyboardEvent, ReactNode } from 'react'
import { Toolbar as Base } from '@base-ui/react/toolbar'
import type { ActionName } from '#contract/actions.ts'
import type { NodeView, WorkstationState } from '#contract/state.ts'
import { canRecord, canStop, type Actions } from './actions.ts'
import { isDesktop } from './connect.ts'
import { formatBytes, formatRoom } from './format.ts'
import {
  AddIcon,
  ConnectIcon,
  DisconnectIcon,
  MarkerIcon,
  ChooseIcon,
  RecordIcon,
  ScanIcon,
  SettingsIcon,
  SnapshotIcon,
  StopIcon,
  ViewIcon,
} from './parts/icons.tsx'
import { ARRANGEMENTS, useArrangement } from './overview/overview.tsx'
import { Menu, MenuChoice, MenuItem, MenuLine } from './parts/menu.tsx'
import { keyOf, wordsOf } from './shortcuts/table.ts'
import { ARRANGEMENT_WORDS, THEME_WORDS } from './settings/appearance.tsx'
import { chooseTheme, THEME_CHOICES, useThemeChoice } from './theme.ts'
import { isRunning, roomSeconds } from './takes/words.ts'
import { Tip } from './parts/tip.tsx'

export interface ToolbarProps {
  readonly state: WorkstationState
  readonly node: NodeView | undefined
  readonly actions: Actions
  /** The connection is lost: nothing can be asked. */
  readonly stale: boolean
}

/** One stop of the Tab key; arrows, Home and End walk through it. A tool that cannot be used now can be reached and read. */
export function Toolbar({ state, node, actions, stale }: ToolbarProps) {
  const connected = node !== undefined && node.presence !== 'disconnected'
  const toggle = (): void => {
    if (node && connected) actions.leave(node, 'disconnect')
    else if (node) actions.connect(node)
  }
  const tool = (action: ActionName, may = true) => ({
    tip: `${wordsOf(action)} (${keyOf(action)})`,
    shortcut: keyOf(action),
    disabled: stale || !may,
    onClick: actions.doing[action],
  })
  return (
    <header className="toolbar">
      <h1 className="brand">Farfield</h1>
      <Base.Root className="tools" aria-label="Workstation" onKeyDown={toTheEnds}>
        <Tool icon={<ScanIcon />} label="Scan" {...tool('scan')} />
        <Tool icon={<AddIcon />} label="Add address" {...tool('add')} />
        <Tool
          className="tool-connect"
          icon={connected ? <DisconnectIcon /> : <ConnectIcon />}
          label={connected ? 'Disconnect' : 'Connect'}
          tip={node ? `${connected ? 'Disconnect' : 'Connect'} ${node.name}` : 'There is no node to connect'}
          disabled={stale || !node}
          onClick={toggle}
        />
        <Base.Separator className="tool-gap" />
        <Tool
          className="button-record tool-named"
          icon={<RecordIcon />}
          label="Record"
          {...tool('record', canRecord(state))}
        />
        <Tool
          className="tool-more"
          icon={<ChooseIcon />}
          label="Choose what to record"
          {...tool('choose', canRecord(state))}
        />
        <Tool icon={<StopIcon />} label="Stop" {...tool('stop', canStop(state))} tip={stopTip()} />
        <Tool icon={<MarkerIcon />} label="Marker" {...tool('mark', canStop(state))} />
        <DiskRoom state={state} />
        <span className="tool-room" />
        <Tool
          className="button-quiet"
          icon={<SnapshotIcon />}
          label="Snapshot"
          {...tool('snapshot', node !== undefined)}
          disabled={!node}
        />
        <Tool
          className="button-quiet"
          icon={<SettingsIcon />}
          label="Settings"
          {...tool('settings')}
          disabled={false}
        />
        <ViewMenu actions={actions} />
      </Base.Root>
    </header>
  )
}

/** A browser's page may be closed: nothing asks before, because nothing is lost. */
function stopTip(): string {
  const what = `${wordsOf('stop')} (${keyOf('stop')})`
  return isDesktop() ? what : `${what}. The workstation goes on recording when this page is closed.`
}

/** The library's toolbar knows the arrows only. */
function toTheEnds(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'Home' && event.key !== 'End') return
  // Keys of an open menu come by here too.
  const tools = [...event.currentTarget.querySelectorAll<HTMLElement>('.tool')]
  if (!tools.some((tool) => tool === event.target)) return
  event.preventDefault()
  tools.at(event.key === 'Home' ? 0 : -1)?.focus()
}

interface ToolProps {
  readonly icon: ReactNode
  readonly label: string
  /** What it does, in full: where there is no room for the label it is all that is seen. */
  readonly tip: string
  readonly shortcut?: string
  readonly className?: string
  readonly disabled: boolean
  readonly onClick: () => void
}

function Tool({ icon, label, tip, shortcut, className = '', disabled, onClick }: ToolProps) {
  return (
    <Tip text={tip}>
      <Base.Button
        className={`button tool ${className}`}
        disabled={disabled}
        aria-keyshortcuts={shortcut}
        onClick={onClick}
      >
        {icon} <span className="tool-label">{label}</span>
      </Base.Button>
    </Tip>
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

function ViewMenu({ actions }: { readonly actions: Actions }) {
  const theme = useThemeChoice()
  const [arrangement, arrange] = useArrangement()
  return (
    <Menu
      className="button button-quiet tool"
      trigger={<Base.Button />}
      label={
        <>
          <ViewIcon /> <span className="tool-label">View</span>
        </>
      }
    >
      <MenuItem shortcut={keyOf('overview')} onClick={actions.toggleOverview}>
        Show all nodes, or one
      </MenuItem>
      <MenuItem shortcut={keyOf('wall')} onClick={actions.toggleWall}>
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
      <MenuItem shortcut={keyOf('shortcuts')} onClick={() => actions.open('shortcuts')}>
        Keyboard shortcuts
      </MenuItem>
    </Menu>
  )
}
