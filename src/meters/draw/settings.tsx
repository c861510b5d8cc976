/** More choices than fit beside a title: a button that says in short what is chosen, and opens the rest. */
import { useState, type ReactNode } from 'react'
import { Popover } from '@base-ui/react/popover'

export interface SettingsProps {
  /** Of what: "Spectrum". */
  readonly title: string
  /** What is chosen, each in a word or two. */
  readonly chosen: readonly string[]
  readonly children: ReactNode
}

export function Settings({ title, chosen, children }: SettingsProps) {
  const [place, setPlace] = useState<HTMLElement | null>(null)
  const name = `Settings of ${title}`
  return (
    <Popover.Root>
      <Popover.Trigger className="pick settings-button" title={name}>
        <span className="clip">{chosen.join(' · ') || 'Settings'}</span>
        <span className="unseen">, {name}</span>
      </Popover.Trigger>
      <div ref={setPlace} className="menu-root" />
      <Popover.Portal container={place}>
        <Popover.Positioner className="menu-place" side="bottom" align="end" sideOffset={4} positionMethod="fixed">
          <Popover.Popup className="menu settings" aria-label={name} data-modal="">
            {children}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}

/** One choice of them, with its name beside it. */
export function Setting({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div className="setting">
      {/* The select says it too, to those who hear it. */}
      <span aria-hidden="true">{title}</span>
      <span>{children}</span>
    </div>
  )
}
