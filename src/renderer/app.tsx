import { useCallback, useEffect, useState, type ReactNode } from 'react'
import { ThemeContext } from '#meters/draw/theme.ts'
import type { WorkstationState } from '#contract/state.ts'
import { useActions, type DialogName, type Marked } from './actions.ts'
import { AddDialog } from './nodes/add-dialog.tsx'
import { Announcer } from './announcer.tsx'
import { isDesktop } from './connect.ts'
import { EmptyState, LostBanner, OpeningState } from './empty.tsx'
import { TellerContext, useSnapshot } from './hooks.ts'
import { LeaveDialog } from './leave-dialog.tsx'
import { NodeList } from './nodes/list.tsx'
import { NodePane } from './nodes/pane.tsx'
import { Notices, useTeller } from './notices.tsx'
import { Notifier } from './notifications/notifier.tsx'
import { Overview } from './overview/overview.tsx'
import { useWall } from './overview/wall.ts'
import { ScanDialog } from './nodes/scan-dialog.tsx'
import { SettingsDialog } from './settings/dialog.tsx'
import { ShortcutsDialog } from './shortcuts/dialog.tsx'
import { useShortcuts } from './shortcuts/keys.ts'
import { stayAwake } from './stay-awake.ts'
import { isRunning } from './takes/words.ts'
import { TakesDock } from './takes/dock.tsx'
import { RecordDialog } from './takes/record-dialog.tsx'
import { useTheme } from './theme.ts'
import { Toolbar } from './toolbar.tsx'
import { useWindowTitle } from './window-title.ts'

export function App() {
  const theme = useTheme()
  const { teller, manager } = useTeller()
  const { connection, refusal, state } = useSnapshot()
  useWindowTitle(state, connection === 'open')
  return (
    <ThemeContext value={theme}>
      <TellerContext value={teller}>
        {connection === 'lost' && <LostBanner refusal={refusal} />}
        {state ? (
          <Desk state={state} stale={connection === 'lost'}>
            <Notices notices={state.notices} manager={manager} />
          </Desk>
        ) : (
          <OpeningState refusal={refusal} />
        )}
      </TellerContext>
    </ThemeContext>
  )
}

interface DeskProps {
  readonly state: WorkstationState
  readonly stale: boolean
  /** Laid over the desk, above the recordings. */
  readonly children: ReactNode
}

function Desk({ state, stale, children }: DeskProps) {
  const [chosen, setChosen] = useState<number>()
  const [dialog, setDialog] = useState<DialogName>()
  const [marked, setMarked] = useState<Marked>()
  const [wanted, setWanted] = useState<{ readonly take: string | undefined }>()
  const { wall, toggle: toggleWall } = useWall()
  // Until the person chose: one node by itself, several at a glance.
  const [shown, setShown] = useState<{ readonly view: 'overview' | 'node'; readonly byKey: boolean }>()
  const node = state.nodes.find((n) => n.key === chosen) ?? state.nodes[0]
  const overview = wall || (shown?.view ?? (state.nodes.length > 1 ? 'overview' : 'node')) === 'overview'
  const closeDialog = useCallback(() => setDialog(undefined), [])
  const show = useCallback((key: number) => {
    setChosen(key)
    setShown({ view: 'node', byKey: false })
  }, [])
  const open = (key: number): void => {
    setChosen(key)
    setShown({ view: 'node', byKey: true })
    if (wall) toggleWall()
  }
  const toggleOverview = useCallback(() => {
    setShown({ view: overview ? 'node' : 'overview', byKey: true })
  }, [overview])
  const labelled = useCallback(() => setMarked(undefined), [])
  const showTake = useCallback((take: string | undefined) => setWanted({ take }), [])
  const actions = useActions({ select: show, marked: setMarked, showTake, open: setDialog, toggleOverview, toggleWall })
  useShortcuts(actions.doing)
  const remove = (): void => {
    if (!node) return
    // What had the focus may go with the node.
    setShown({ view: overview ? 'overview' : 'node', byKey: true })
    actions.leave(node, 'remove')
  }
  const recording = state.takes.some(isRunning)
  // On the desktop the program itself sees to it that the computer stays awake; its screen may sleep.
  useEffect(() => (recording && !isDesktop() ? stayAwake() : undefined), [recording])
  const all = overview && node !== undefined
  return (
    <>
      <a className="skip" href="#main">
        Skip to the {all ? 'nodes' : 'node'}
      </a>
      {!wall && <Toolbar state={state} node={node} actions={actions} stale={stale} />}
      <div className={stale ? 'desk desk-stale' : 'desk'}>
        {node && !all && (
          <NodeList
            nodes={state.nodes}
            selected={node.key}
            focused={shown?.byKey ?? false}
            onSelect={show}
            onRemove={remove}
            onOverview={toggleOverview}
          />
        )}
        <main
          id="main"
          tabIndex={-1}
          className={wall ? 'main main-wall' : 'main'}
          aria-label={all ? 'All nodes' : 'Node'}
        >
          {all && (
            <Overview
              state={state}
              selected={node.key}
              wall={wall}
              focused={wall || (shown?.byKey ?? false)}
              onSelect={setChosen}
              onOpen={open}
              onRemove={remove}
              onWall={toggleWall}
            />
          )}
          {node && !all && (
            <NodePane key={node.key} node={node} alone={state.nodes.length === 1} onRemove={remove} actions={actions} />
          )}
          {!node && <EmptyState actions={actions} focused={shown?.byKey ?? false} />}
        </main>
      </div>
      {children}
      {wall ? (
        <button type="button" className="button wall-leave" onClick={toggleWall}>
          Leave the wall
        </button>
      ) : (
        <TakesDock state={state} actions={actions} marked={marked} onLabelled={labelled} wanted={wanted} />
      )}
      <Announcer state={state} />
      <Notifier state={state} onShow={show} />
      {dialog === 'scan' && <ScanDialog scan={state.scan} nodes={state.nodes} onShow={show} onClose={closeDialog} />}
      {dialog === 'add' && <AddDialog onAdded={show} onClose={closeDialog} />}
      {dialog === 'record' && <RecordDialog state={state} onClose={closeDialog} />}
      {dialog === 'settings' && <SettingsDialog state={state} onClose={closeDialog} />}
      {dialog === 'shortcuts' && <ShortcutsDialog onClose={closeDialog} />}
      {node && (dialog === 'disconnect' || dialog === 'remove') && (
        <LeaveDialog
          node={node}
          leaving={dialog}
          onStop={() => actions.stopAndLeave(node, dialog)}
          onClose={closeDialog}
        />
      )}
    </>
  )
}
