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
import { onlyKnown, strict } from './strict.ts'
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
      onlyKnown('a scheme', privileges, ['standard', 'secure', 'supportFetchAPI'])
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
surroundings.fetch = (url, method) => {
  const handler = handlers.get(new URL(url).protocol.slice(0, -1))
  if (!handler) throw new Error(`Nobody handles ${url}`)
  return Promise.resolve(handler(new Request(url, { method })))
}

/** Electron's permissions and Chromium's names for what they cover. */
const PERMISSIONS: readonly [electron: string, chromium: string][] = [
  ['media', 'microphone'],
  ['media', 'camera'],
  ['geolocation', 'geolocation'],
  ['notifications', 'notifications'],
  ['midi', 'midi'],
]
let check: ((contents: null, permission: string, origin: string, details: object) => boolean) | null = null

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
  }),
})
surroundings.denied = () =>
  PERMISSIONS.filter(([electron]) => check !== null && !check(null, electron, 'app://farfield', {})).map(
    ([, name]) => name,
  )

/** Nobody sits in front of the stand-in: a test puts the answer in the place of the question. */
function nobody(what: string): () => Promise<never> {
  return () => Promise.reject(new Error(`${what} was called and no test answers it.`))
}

export const dialog = strict('dialog', {
  showMessageBox: nobody('dialog.showMessageBox'),
  showErrorBox: (title: string, content: string): void => void process.stderr.write(`${title}: ${content}\n`),
})

export const shell = strict('shell', {
  openExternal: nobody('shell.openExternal'),
  openPath: nobody('shell.openPath'),
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

interface MenuItem {
  readonly label?: string
  readonly role?: string
  readonly type?: string
  readonly submenu?: readonly MenuItem[]
  readonly click?: () => void
}

function checkMenu(items: readonly MenuItem[]): void {
  for (const item of items) {
    onlyKnown('a menu item', item, ['label', 'role', 'type', 'submenu', 'click', 'accelerator'])
    if (item.role !== undefined && !ROLES.has(item.role)) throw new Error(`Unknown menu role "${item.role}".`)
    if (item.role === undefined && item.label === undefined && item.type !== 'separator')
      throw new Error('A menu item needs a label, a role or to be a separator.')
    if (item.submenu) checkMenu(item.submenu)
  }
}

export const Menu = strict('Menu', {
  buildFromTemplate(items: readonly MenuItem[]): { readonly items: readonly MenuItem[] } {
    checkMenu(items)
    return { items }
  },
  setApplicationMenu(_menu: { readonly items: readonly MenuItem[] } | null): void {
    return
  },
})
