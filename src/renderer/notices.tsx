/** What went wrong or was done, at the corner of the screen: the workstation's notices and this screen's own. */
import { useEffect, useRef, useState } from 'react'
import { Toast } from '@base-ui/react/toast'
import type { Notice } from '#contract/state.ts'
import { useRun, type Teller } from './hooks.ts'
import { CloseIcon } from './parts/icons.tsx'

type Kind = 'fault' | 'loss' | 'done'
type Manager = ReturnType<typeof Toast.createToastManager>

/** More wait until there is room. */
const MAX_SHOWN = 6
/** A message that something was done goes by itself, unless somebody is at it; a fault stays until it is dismissed. */
const DONE_MS = 10_000
/** Time to read, to reach for it and to think again. */
const OFFER_MS = 20_000
const STAYS = 0

/** The teller writes into the manager; `Notices` below the provider shows what is in it. */
export function useTeller(): { readonly teller: Teller; readonly manager: Manager } {
  const [both] = useState(() => {
    const manager = Toast.createToastManager()
    const tell =
      (type: Kind): Teller['done'] =>
      (title, offer, lines = []) => {
        const id = offer?.of ?? title
        const back = (): void => {
          manager.close(id)
          offer?.act()
        }
        const actionProps = offer && { children: offer.words ?? 'Undo', onClick: back }
        manager.add({
          id,
          title,
          type,
          timeout: offer ? OFFER_MS : DONE_MS,
          actionProps,
          description: lines.map((line) => <span key={line}>{line}</span>),
        })
      }
    const teller: Teller = {
      // The same message again takes the place of the first.
      fault: ({ message: title }) =>
        void manager.add({ id: title, title, type: 'fault' satisfies Kind, timeout: STAYS }),
      done: tell('done'),
      loss: tell('loss'),
    }
    return { teller, manager }
  })
  return both
}

export interface NoticesProps {
  readonly notices: readonly Notice[]
  readonly manager: Manager
}

export function Notices({ notices, manager }: NoticesProps) {
  useWorkstationNotices(notices, manager)
  return (
    <div className="notices-place">
      <Toast.Provider toastManager={manager} limit={MAX_SHOWN}>
        <Toast.Viewport className="notices" aria-label="Notices">
          <Toasts />
        </Toast.Viewport>
      </Toast.Provider>
    </div>
  )
}

function Toasts() {
  const { toasts } = Toast.useToastManager()
  return toasts.map((toast) => (
    <Toast.Root
      key={toast.id}
      toast={toast}
      swipeDirection="right"
      className={`notice notice-${toast.type}`}
      data-testid="notice"
    >
      <div className="notice-text">
        <Toast.Title render={<p />} />
        <Toast.Description className="notice-lines" />
      </div>
      <Toast.Action className="button button-small notice-undo" aria-hidden={false} />
      <Toast.Close className="button button-quiet button-icon" aria-label="Dismiss" aria-hidden={false}>
        <CloseIcon />
      </Toast.Close>
    </Toast.Root>
  ))
}

/** Every screen shows the workstation's notices; one that is dismissed here goes everywhere. */
function useWorkstationNotices(notices: readonly Notice[], manager: Manager): void {
  const run = useRun()
  const shown = useRef(new Set<number>())
  useEffect(() => {
    const now = new Set(notices.map(({ id }) => id))
    for (const id of shown.current)
      if (!now.has(id)) {
        shown.current.delete(id)
        manager.close(keyOf(id))
      }
    for (const { id, fault } of notices) {
      if (shown.current.has(id)) continue
      shown.current.add(id)
      const onClose = (): void => {
        if (shown.current.has(id)) void run('notice.dismiss', { id })
      }
      manager.add({ id: keyOf(id), title: fault.message, type: 'fault' satisfies Kind, timeout: STAYS, onClose })
    }
  }, [notices, manager, run])
}

function keyOf(id: number): string {
  return `notice ${id}`
}
