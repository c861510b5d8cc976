/** What can be done with a panel, in its head; what the hand does, the keys do too while this button has the focus. */
import { Fragment, use, type KeyboardEvent, type ReactNode } from 'react'
import { MoreIcon } from '#renderer/icons.tsx'
import { Menu, MenuItem, MenuLine } from '#renderer/menu.tsx'
import { PANEL_KEYS } from '#renderer/shortcuts/table.ts'
import { pressed } from '#shared/shortcut.ts'
import { PanelPlaceContext, type PanelPlace } from './place-context.ts'

type PanelAction = (typeof PANEL_KEYS)[number]['action']

/** In the order of the menu, by what belongs together. */
const GROUPS: readonly (readonly (readonly [PanelAction, words: string])[])[] = [
  [
    ['earlier', 'Move earlier'],
    ['later', 'Move later'],
  ],
  [
    ['wider', 'Wider'],
    ['narrower', 'Narrower'],
    ['taller', 'Taller'],
    ['shorter', 'Shorter'],
  ],
  [['remove', 'Remove']],
]

export interface PanelMenuProps {
  readonly id: string
  readonly title: string
  /** Of the panel by itself, wherever it stands: items at the top. */
  readonly children: ReactNode
}

export function PanelMenu({ id, title, children }: PanelMenuProps) {
  const place = use(PanelPlaceContext)
  if (!place) return null
  const doing = doingOf(place, id)
  const press = (event: KeyboardEvent): boolean => {
    const action = pressed(PANEL_KEYS, event)
    if (!action) return false
    event.preventDefault()
    const cell = event.currentTarget.closest('[data-panel]')
    doing[action]()
    cell?.scrollIntoView({ block: 'nearest' })
    return true
  }
  return (
    <Menu label={<MoreIcon />} name={`Panel ${title}`} className="button button-quiet panel-menu" onKeyDown={press}>
      {children}
      {GROUPS.map((group) => (
        <Fragment key={group[0]![0]}>
          <MenuLine />
          {group.map(([action, words]) => (
            <MenuItem key={action} shortcut={keyOf(action)} onClick={doing[action]}>
              {words}
            </MenuItem>
          ))}
        </Fragment>
      ))}
    </Menu>
  )
}

function doingOf({ step, grow, remove }: PanelPlace, id: string): Readonly<Record<PanelAction, () => void>> {
  return {
    earlier: () => step(id, -1),
    later: () => step(id, 1),
    wider: () => grow(id, 1, 0),
    narrower: () => grow(id, -1, 0),
    taller: () => grow(id, 0, 1),
    shorter: () => grow(id, 0, -1),
    remove: () => remove(id),
  }
}

function keyOf(action: PanelAction): string {
  return PANEL_KEYS.find((one) => one.action === action)!.keys[0]
}
