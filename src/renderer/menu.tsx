/** A button that opens a menu, and what such a menu has: actions with their keys, and one of a few to choose. */
import { useState, type ReactElement, type ReactNode } from 'react'
import { Menu as Base } from '@base-ui/react/menu'
import { CheckIcon } from './icons.tsx'

export interface MenuProps {
  /** What stands on the button. */
  readonly label: ReactNode
  readonly className?: string
  /** What the button is made of; a plain one where absent. */
  readonly trigger?: ReactElement
  readonly children: ReactNode
}

export function Menu({ label, className = 'button button-quiet', trigger, children }: MenuProps) {
  // Beside its button, not at the end of the page: a menu belongs to the part of the page that it acts on.
  const [place, setPlace] = useState<HTMLElement | null>(null)
  return (
    <Base.Root>
      <Base.Trigger className={className} {...(trigger && { render: trigger })}>
        {label}
      </Base.Trigger>
      <div ref={setPlace} className="menu-root" />
      <Base.Portal container={place}>
        <Base.Positioner className="menu-place" side="bottom" align="end" sideOffset={4}>
          <Base.Popup className="menu" data-modal="">
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

export interface MenuItemProps {
  readonly children: ReactNode
  /** The key that does the same. */
  readonly shortcut?: string
  readonly disabled?: boolean
  readonly onClick: () => void
}

export function MenuItem({ children, shortcut, disabled, onClick }: MenuItemProps) {
  return (
    <Base.Item className="menu-item" disabled={disabled ?? false} onClick={onClick} aria-keyshortcuts={shortcut}>
      <span className="menu-mark" />
      <span className="menu-text">{children}</span>
      {shortcut && <kbd aria-hidden="true">{shortcut}</kbd>}
    </Base.Item>
  )
}

export interface MenuChoiceProps<Value extends string> {
  readonly title: string
  readonly values: readonly Value[]
  readonly value: Value
  readonly say: (value: Value) => string
  readonly onChoose: (value: Value) => void
}

export function MenuChoice<Value extends string>({ title, values, value, say, onChoose }: MenuChoiceProps<Value>) {
  return (
    <Base.Group>
      <Base.GroupLabel className="menu-title">{title}</Base.GroupLabel>
      <Base.RadioGroup value={value} onValueChange={(chosen: Value) => onChoose(chosen)}>
        {values.map((one) => (
          <Base.RadioItem key={one} value={one} className="menu-item" closeOnClick>
            <span className="menu-mark">
              <Base.RadioItemIndicator>
                <CheckIcon />
              </Base.RadioItemIndicator>
            </span>
            <span className="menu-text">{say(one)}</span>
          </Base.RadioItem>
        ))}
      </Base.RadioGroup>
    </Base.Group>
  )
}

export function MenuLine() {
  return <Base.Separator className="menu-line" />
}
