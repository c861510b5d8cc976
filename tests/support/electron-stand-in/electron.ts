/**
 * A stand-in for the module `electron`, for the calls that Farfield's main process makes and no other: an unknown one
 * throws. The windows are pages of a real Chromium, so that the built main, preload and screens run as they are.
 *
 * What it cannot tell: whether Electron's own sandbox, scheme registration, ASAR loading, native dialogs, menus, single
 * instance lock and window placement work, and how Electron's Chromium differs from the one found here. The page's
 * address is `https://farfield.app.invalid/` instead of `app://farfield/`. See docs/decisions/0003-electron-stand-in.md.
 */
import { EventEmitter } from 'node:events'
import { app as realApp } from './app.ts'
import { onlyKnown, strict, StrictEmitter } from './strict.ts'
import { surroundings } from './windows.ts'

export { MessageChannelMain } from './ports.ts'
export { BrowserWindow } from './windows.ts'

export const app = strict('app', realApp)

export const ipcMain = strict('ipcMain', new EventEmitter())
surroundings.ipc = (channel, event, args) => {
  if (!ipcMain.emit(channel, event, ...args)) throw new Error(`Nobody listens to the IPC channel "${channel}".`)
}

type ProtocolHandler = (request: Request) => Response | Promise<Response>
const privileged = new Set<string>()
const handlers = new Map<string, ProtocolHandler>()

export const protocol = strict('protocol', {
  registerSchemesAsPrivileged(schemes: { scheme: string; privileges: Record<string, boolean> }[]): void {
    if (realApp.isReady()) throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready')
    if (privileged.size > 0) throw new Error('registerSchemesAsPrivileged can be called once only.')
    for (const { scheme, privileges } of schemes) {
      onlyKnown('a scheme', privileges, ['standard', 'secure', 'supportFetchAPI', 'stream'])
      if (scheme !== 'app' || !privileges['standard'] || !privileges['secure'])
        throw new Error('The Electron stand-in has one scheme, "app", and it is standard and secure.')
      privileged.add(scheme)
    }
  },
  handle(scheme: string, handler: ProtocolHandler): void {
    if (!realApp.isReady()) throw new Error('protocol can only be used after app is ready')
    if (!privileged.has(scheme)) throw new Error(`The scheme "${scheme}" was not registered as privileged.`)
    handlers.set(scheme, handler)
  },
})
surroundings.fetch = (url, method, headers) => {
  const handler = handlers.get(new URL(url).protocol.slice(0, -1))
  if (!handler) throw new Error(`Nobody handles ${url}`)
  return Promise.resolve(handler(new Request(url, { method, headers })))
}

/** Electron's permissions and Chromium's names for what they cover. */
const PERMISSIONS: readonly [electron: string, chromium: string][] = [
  ['media', 'microphone'],
  ['media', 'camera'],
  ['geolocation', 'geolocation'],
  ['notifications', 'notifications'],
  ['midi', 'midi'],
  ['screen-wake-lock', 'screen-wake-lock'],
  ['clipboard-sanitized-write', 'clipboard-write'],
  ['clipboard-read', 'clipboard-read'],
]
let check: ((contents: null, permission: string, origin: string, details: object) => boolean) | null = null

const sessionEvents = new StrictEmitter('session', ['will-download'])

export const session = strict('session', {
  defaultSession: strict('session', {
    setPermissionRequestHandler(handler: unknown): void {
      if (typeof handler !== 'function') throw new Error('A handler is expected.')
    },
    setPermissionCheckHandler(handler: typeof check): void {
      check = handler
    },
    setDevicePermissionHandler(handler: unknown): void {
      if (typeof handler !== 'function') throw new Error('A handler is expected.')
    },
    // Chromium tells of downloads the test, not the stand-in: a test emits what Electron would.
    on: (event: string, listener: (...args: never[]) => void) => sessionEvents.on(event, listener),
    emit: (event: string, ...args: unknown[]) => sessionEvents.emit(event, ...args),
  }),
})
surroundings.permissions = () =>
  PERMISSIONS.map(([electron, name]) => ({ name, granted: check?.(null, electron, 'app://farfield', {}) ?? true }))

/** Nobody sits in front of the stand-in: a test puts the answer in the place of the question. */
function nobody(what: string): () => Promise<never> {
  return () => Promise.reject(new Error(`${what} was called and no test answers it.`))
}

export const dialog = strict('dialog', {
  showMessageBox: nobody('dialog.showMessageBox'),
  showOpenDialog: nobody('dialog.showOpenDialog'),
  showErrorBox: (title: string, content: string): void => void process.stderr.write(`${title}: ${content}\n`),
})

export const shell = strict('shell', {
  openExternal: nobody('shell.openExternal'),
  openPath: nobody('shell.openPath'),
  showItemInFolder: nobody('shell.showItemInFolder'),
})

export const screen = strict('screen', {
  getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }],
})

export const nativeTheme = strict('nativeTheme', { shouldUseDarkColors: true })

const ROLES = new Set(
  (
    'about appMenu close copy cut editMenu fileMenu front help hide hideOthers minimize paste quit redo reload resetZoom ' +
    'selectAll separator services toggleDevTools togglefullscreen undo unhide viewMenu windowMenu zoom zoomIn zoomOut'
  ).split(' '),
)

let blockers: readonly number[] = []
let lastBlocker = 0

export const powerSaveBlocker = strict('powerSaveBlocker', {
  start(type: string): number {
    if (type !== 'prevent-app-suspension' && type !== 'prevent-display-sleep') throw new Error(`No type "${type}".`)
    blockers = [...blockers, ++lastBlocker]
    return lastBlocker
  },
  stop(id: number): boolean {
    const was = blockers.includes(id)
    blockers = blockers.filter((one) => one !== id)
    return was
  },
  isStarted: (id: number) => blockers.includes(id),
})

interface Template {
  readonly id?: string
  readonly label?: string
  readonly role?: string
  readonly type?: string
  readonly submenu?: readonly Template[]
  readonly accelerator?: string
  readonly registerAccelerator?: boolean
  readonly click?: (item: object, window: object | undefined, event: object) => void
}

interface BuiltMenu {
  readonly items: readonly BuiltItem[]
  getMenuItemById(id: string): BuiltItem | null
}

type BuiltItem = Omit<Template, 'submenu' | 'click'> & { readonly submenu?: BuiltMenu; readonly click: () => void }

const MENU_FIELDS = ['id', 'label', 'role', 'type', 'submenu', 'click', 'accelerator', 'registerAccelerator']

/** As Electron's: a submenu is a menu, and an item is clicked without arguments. */
function build(templates: readonly Template[]): BuiltMenu {
  const items = templates.map(({ submenu, click, ...item }): BuiltItem => {
    onlyKnown('a menu item', { ...item, ...(submenu && { submenu }), ...(click && { click }) }, MENU_FIELDS)
    if (item.role !== undefined && !ROLES.has(item.role)) throw new Error(`Unknown menu role "${item.role}".`)
    if (item.role === undefined && item.label === undefined && item.type !== 'separator')
      throw new Error('A menu item needs a label, a role or to be a separator.')
    const built = { ...item, ...(submenu && { submenu: build(submenu) }) }
    return { ...built, click: () => click?.(built, undefined, {}) }
  })
  const getMenuItemById = (id: string): BuiltItem | null => {
    for (const item of items) {
      const found = item.id === id ? item : item.submenu?.getMenuItemById(id)
      if (found) return found
    }
    return null
  }
  return strict('menu', { items, getMenuItemById })
}

let applicationMenu: BuiltMenu | null = null

export const Menu = strict('Menu', {
  buildFromTemplate: build,
  setApplicationMenu(menu: BuiltMenu | null): void {
    applicationMenu = menu
  },
  getApplicationMenu: () => applicationMenu,
})
