/** What can be done with a panel, in its head; what the hand does, the keys do too while this button has the focus. */
import { use, type KeyboardEvent } from 'react'
import { MoreIcon } from '#renderer/icons.tsx'
import { Menu, MenuItem, MenuLine } from '#renderer/menu.tsx'
import { PanelPlaceContext, type PanelPlace } from './place-context.ts'

export interface PanelMenuProps {
  readonly id: string
  readonly title: string
}

export function PanelMenu({ id, title }: PanelMenuProps) {
  const place = use(PanelPlaceContext)
  if (!place) return null
  const { step, grow, remove } = place
  return (
    <Menu
      label={<MoreIcon />}
      name={`Panel ${title}`}
      className="button button-quiet panel-menu"
      onKeyDown={(event) => press(event, id, place)}
    >
      <MenuItem shortcut="Shift+ArrowLeft" onClick={() => step(id, -1)}>
        Move earlier
      </MenuItem>
      <MenuItem shortcut="Shift+ArrowRight" onClick={() => step(id, 1)}>
        Move later
      </MenuItem>
      <MenuLine />
      <MenuItem shortcut="Control+Shift+ArrowRight" onClick={() => grow(id, 1, 0)}>
        Wider
      </MenuItem>
      <MenuItem shortcut="Control+Shift+ArrowLeft" onClick={() => grow(id, -1, 0)}>
        Narrower
      </MenuItem>
      <MenuItem shortcut="Control+Shift+ArrowDown" onClick={() => grow(id, 0, 1)}>
        Taller
      </MenuItem>
      <MenuItem shortcut="Control+Shift+ArrowUp" onClick={() => grow(id, 0, -1)}>
        Shorter
      </MenuItem>
      <MenuLine />
      <MenuItem shortcut="Delete" onClick={() => remove(id)}>
        Remove
      </MenuItem>
    </Menu>
  )
}

/** Keys of the button that opens the menu. True: it was one of them. */
function press(event: KeyboardEvent, id: string, { step, grow, remove }: PanelPlace): boolean {
  const act = actOf(event)
  if (!act) return false
  event.preventDefault()
  act()
  event.currentTarget.closest('[data-panel]')?.scrollIntoView({ block: 'nearest' })
  return true

  function actOf({ key, shiftKey, ctrlKey, altKey, metaKey }: KeyboardEvent): (() => void) | undefined {
    if (altKey || metaKey) return undefined
    if (key === 'Delete' && !shiftKey && !ctrlKey) return () => remove(id)
    if (!shiftKey) return undefined
    if (key === 'ArrowLeft') return ctrlKey ? () => grow(id, -1, 0) : () => step(id, -1)
    if (key === 'ArrowRight') return ctrlKey ? () => grow(id, 1, 0) : () => step(id, 1)
    if (key === 'ArrowUp') return ctrlKey ? () => grow(id, 0, -1) : () => step(id, -1)
    if (key === 'ArrowDown') return ctrlKey ? () => grow(id, 0, 1) : () => step(id, 1)
    return undefined
  }
}
