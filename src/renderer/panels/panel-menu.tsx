/** What can be done with a panel, in its head; what the hand does, the keys do too while this button has the focus. */
import { Fragment, use, type KeyboardEvent, type ReactNode } from 'react'
import { MoreIcon } from '#renderer/parts/icons.tsx'
import { Menu, MenuItem, MenuLine } from '#renderer/parts/menu.tsx'
import { PANEL_KEYS, type PanelAction } from '#renderer/shortcuts/table.ts'
import { pressed } from '#shared/shortcut.ts'
import { PanelPlaceContext, type PanelPlace } from './place-context.ts'

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
    if (place.may(id)[action]) doing[action]()
    cell?.scrollIntoView({ block: 'nearest' })
    return true
  }
  return (
    <Menu label={<MoreIcon />} name={`Panel ${title}`} className="button button-quiet panel-menu" onKeyDown={press}>
      {children}
      <PlaceItems doing={doing} may={() => place.may(id)} />
    </Menu>
  )
}

interface PlaceItemsProps {
  readonly doing: Doing
  /** Asked when the menu opens. */
  readonly may: () => Readonly<Record<PanelAction, boolean>>
}

function PlaceItems({ doing, may }: PlaceItemsProps) {
  const able = may()
  return GROUPS.map((group) => (
    <Fragment key={group[0]![0]}>
      <MenuLine />
      {group.map(([action, words]) => (
        <MenuItem key={action} shortcut={keyOf(action)} disabled={!able[action]} onClick={doing[action]}>
          {words}
        </MenuItem>
      ))}
    </Fragment>
  ))
}

type Doing = Readonly<Record<PanelAction, () => void>>

function doingOf({ step, grow, remove }: PanelPlace, id: string): Doing {
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
