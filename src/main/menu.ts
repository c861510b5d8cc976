/** The native menus: what the toolbar and the keys do, and what every desktop program has. The page does it; here is only the asking. */
import { app, Menu, shell, type MenuItemConstructorOptions } from 'electron'
import { RECORDING_ACTIONS, WORKSTATION_ACTIONS, type ActionName } from '#contract/actions.ts'
import type { Shortcut } from '#shared/shortcut.ts'
import { openOutside, STANDARDS } from './security.ts'

export interface MenuOptions {
  readonly dataDir: string
  readonly ask: (action: ActionName) => void
}

type Line = Shortcut<ActionName>

/** Where people look for them; every other action of the workstation is in the first menu. */
const IN_VIEW: readonly ActionName[] = ['overview', 'wall']
const IN_HELP: readonly ActionName[] = ['shortcuts']
const ABOUT_THE_PROGRAM: readonly ActionName[] = ['settings']

const SEPARATOR: MenuItemConstructorOptions = { type: 'separator' }

export function setMenu({ dataDir, ask }: MenuOptions): void {
  const mac = process.platform === 'darwin'
  const item = ({ action, keys, words }: Line): MenuItemConstructorOptions => ({
    id: action,
    label: words,
    click: () => ask(action),
    // Shown and not registered: a single key also types. The page listens to it, and knows when it is a letter. On a Mac
    // every shown key is registered.
    ...(mac ? {} : { accelerator: keys[0]!.toUpperCase(), registerAccelerator: false }),
  })
  const lines: readonly Line[] = WORKSTATION_ACTIONS
  const among = (names: readonly ActionName[]): MenuItemConstructorOptions[] =>
    lines.filter(({ action }) => names.includes(action)).map(item)
  const placed = new Set([...IN_VIEW, ...IN_HELP, ...ABOUT_THE_PROGRAM])
  const template: MenuItemConstructorOptions[] = [
    ...(mac ? ([{ role: 'appMenu' }] as const) : []),
    {
      label: '&File',
      submenu: [
        ...lines.filter(({ action }) => !placed.has(action)).map(item),
        SEPARATOR,
        ...among(ABOUT_THE_PROGRAM),
        ...(mac ? [] : [SEPARATOR, { role: 'quit' } as const]),
      ],
    },
    { label: '&Recording', submenu: RECORDING_ACTIONS.map(item) },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        ...among(IN_VIEW),
        SEPARATOR,
        ...(app.isPackaged ? [] : ([{ role: 'reload' }, { role: 'toggleDevTools' }, SEPARATOR] as const)),
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        SEPARATOR,
        { role: 'togglefullscreen' },
      ],
    },
    {
      role: 'help',
      submenu: [
        ...among(IN_HELP),
        SEPARATOR,
        { label: 'Loudness: ITU-R BS.1770', click: () => openOutside(STANDARDS.loudness) },
        { label: 'Meters: EBU Tech 3341', click: () => openOutside(STANDARDS.meters) },
        SEPARATOR,
        { label: 'Show the data folder', click: () => void shell.openPath(dataDir) },
        ...(mac ? [] : ([{ role: 'about' }] as const)),
      ],
    },
  ]
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
  app.setAboutPanelOptions({ applicationName: 'Farfield', applicationVersion: app.getVersion() })
}
