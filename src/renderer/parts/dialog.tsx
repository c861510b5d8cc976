/** A modal dialog; `data-first` marks what has the focus at first. The focus stays inside, Escape closes, and the focus goes back to where it was. */
import { useState, type ReactNode } from 'react'
import { AlertDialog } from '@base-ui/react/alert-dialog'
import { Dialog as Base } from '@base-ui/react/dialog'
import { CloseIcon } from './icons.tsx'

export interface DialogProps {
  readonly title: string
  readonly wide?: boolean
  readonly widest?: boolean
  /** It asks before something is lost: a press beside it is no answer. */
  readonly asks?: boolean
  readonly onClose: () => void
  readonly children: ReactNode
}

/** For those who must know that the keys belong to what is open: a dialog or a menu. */
export const MODAL = '[data-modal]'

export function Dialog({ title, wide, widest, asks, onClose, children }: DialogProps) {
  const [before] = useState(() => document.activeElement)
  const Parts = asks ? AlertDialog : Base
  return (
    <Parts.Root open onOpenChange={(open) => !open && onClose()}>
      <Parts.Portal>
        <Parts.Backdrop className="backdrop" />
        <Parts.Popup
          ref={focusFirst}
          className={widest ? 'dialog dialog-widest' : wide ? 'dialog dialog-wide' : 'dialog'}
          data-modal=""
          initialFocus={false}
          finalFocus={() => (before instanceof HTMLElement ? before : true)}
        >
          <header className="dialog-head">
            <Parts.Title>{title}</Parts.Title>
            <Parts.Close className="button button-quiet button-icon" aria-label="Close">
              <CloseIcon />
            </Parts.Close>
          </header>
          {children}
        </Parts.Popup>
      </Parts.Portal>
    </Parts.Root>
  )
}

/** In the turn in which the dialog appears: the library would wait for a frame, and what is typed until then be lost. */
function focusFirst(dialog: HTMLElement | null): void {
  const first = dialog?.querySelector<HTMLElement>('[data-first]') ?? dialog?.querySelector('button')
  first?.focus()
}
