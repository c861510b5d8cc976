import { useCallback, useState, type ReactNode } from 'react'
import { ThemeContext } from '#meters/draw/theme.ts'
import type { WorkstationState } from '#contract/state.ts'
import { useActions, type DialogName } from './actions.ts'
import { AddDialog } from './add-dialog.tsx'
import { Announcer } from './announcer.tsx'
import { EmptyState, OpeningState } from './empty.tsx'
import { TellerContext, useSnapshot } from './hooks.ts'
import { NodeList } from './node-list.tsx'
import { NodePane } from './node-pane.tsx'
import { Notices, useTeller } from './notices.tsx'
import { RemoveDialog } from './remove-dialog.tsx'
import { ScanDialog } from './scan-dialog.tsx'
import { SettingsDialog } from './settings-dialog.tsx'
import { ShortcutsDialog, useShortcuts } from './shortcuts.tsx'
import { TakesDock } from './takes-dock.tsx'
import { useTheme } from './theme.ts'
import { Toolbar } from './toolbar.tsx'

export function App() {
  const theme = useTheme()
  const { teller, manager } = useTeller()
  const { connection, state } = useSnapshot()
  return (
    <ThemeContext value={theme}>
      <TellerContext value={teller}>
        {connection === 'lost' && (
          <div className="banner" role="alert">
            Connection to the workstation lost, trying again. What you see is from before.
          </div>
        )}
        {state ? (
          <Desk state={state} stale={connection === 'lost'}>
            <Notices notices={state.notices} manager={manager} />
          </Desk>
        ) : (
          <OpeningState />
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
  const node = state.nodes.find((n) => n.key === chosen) ?? state.nodes[0]
  const closeDialog = useCallback(() => setDialog(undefined), [])
  const actions = useActions(setChosen, setDialog)
  useShortcuts(actions.keys)
  return (
    <>
      <Toolbar state={state} node={node} actions={actions} stale={stale} />
      <div className={stale ? 'desk desk-stale' : 'desk'}>
        {state.nodes.length > 0 && (
          <NodeList
            nodes={state.nodes}
            selected={node?.key}
            onSelect={setChosen}
            onRemove={() => setDialog('remove')}
          />
        )}
        <main className="main" aria-label="Node">
          {node ? (
            <NodePane
              key={node.key}
              node={node}
              alone={state.nodes.length === 1}
              onRemove={() => setDialog('remove')}
              actions={actions}
            />
          ) : (
            <EmptyState actions={actions} />
          )}
        </main>
      </div>
      {children}
      <TakesDock takes={state.takes} onStop={actions.stop} />
      <Announcer state={state} />
      {dialog === 'scan' && (
        <ScanDialog scan={state.scan} nodes={state.nodes} onShow={setChosen} onClose={closeDialog} />
      )}
      {dialog === 'add' && <AddDialog onAdded={setChosen} onClose={closeDialog} />}
      {dialog === 'settings' && <SettingsDialog state={state} onClose={closeDialog} />}
      {dialog === 'shortcuts' && <ShortcutsDialog onClose={closeDialog} />}
      {dialog === 'remove' && node && <RemoveDialog node={node} onClose={closeDialog} />}
    </>
  )
}
