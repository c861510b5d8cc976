/** A button that opens a menu, and what such a menu has: actions with their keys, and one of a few to choose. */
import { useState, type KeyboardEvent, type ReactElement, type ReactNode } from 'react'
import { Menu as Base } from '@base-ui/react/menu'
import { keySign } from '#shared/shortcut.ts'
import { CheckIcon } from './icons.tsx'

export interface MenuProps {
  /** What stands on the button. */
  readonly label: ReactNode
  /** Where no words stand on it. */
  readonly name?: string
  readonly className?: string
  /** What the button is made of; a plain one where absent. */
  readonly trigger?: ReactElement
  /** Its items have a second line. */
  readonly wide?: boolean
  /** Keys of the button's own; true keeps the key from opening the menu. */
  readonly onKeyDown?: (event: KeyboardEvent) => boolean
  readonly children: ReactNode
}

export function Menu({
  label,
  name,
  className = 'button button-quiet',
  trigger,
  wide,
  onKeyDown,
  children,
}: MenuProps) {
  // Beside its button, not at the end of the page: a menu belongs to the part of the page that it acts on.
  const [place, setPlace] = useState<HTMLElement | null>(null)
  return (
    <Base.Root>
      <Base.Trigger
        className={className}
        aria-label={name}
        title={name}
        onKeyDown={(event) => onKeyDown?.(event) && event.preventBaseUIHandler()}
        {...(trigger && { render: trigger })}
      >
        {label}
      </Base.Trigger>
      <div ref={setPlace} className="menu-root" />
      <Base.Portal container={place}>
        {/* Fixed: the edge of a panel cuts nothing off. */}
        <Base.Positioner className="menu-place" side="bottom" align="end" sideOffset={4} positionMethod="fixed">
          <Base.Popup className={wide ? 'menu menu-wide' : 'menu'} data-modal="">
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
      {shortcut && <kbd aria-hidden="true">{keySign(shortcut)}</kbd>}
    </Base.Item>
  )
}

export interface MenuCheckProps {
  readonly children: ReactNode
  /** A second line. */
  readonly about: string
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
}

/** Something that is there or not; the menu stays open for more. */
export function MenuCheck({ children, about, checked, onChange }: MenuCheckProps) {
  return (
    <Base.CheckboxItem className="menu-item" checked={checked} onCheckedChange={(next) => onChange(next)}>
      <span className="menu-mark">
        <Base.CheckboxItemIndicator>
          <CheckIcon />
        </Base.CheckboxItemIndicator>
      </span>
      <span className="menu-text">
        {children}
        <span className="menu-about">{about}</span>
      </span>
    </Base.CheckboxItem>
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
