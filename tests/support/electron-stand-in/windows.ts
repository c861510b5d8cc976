/** BrowserWindow and WebContents over a page of Chromium. One window, always sandboxed. */
import { isAbsolute } from 'node:path'
import type { BrowserContext } from '@playwright/test'
import { app } from './app.ts'
import { ChromiumPage, type Fetch, type Permission } from './page.ts'
import { portBehind, type Port } from './ports.ts'
import { emitPreventable, onlyKnown, strict, StrictEmitter } from './strict.ts'

/** What the windows need from the rest of the stand-in. */
export const surroundings: {
  context: BrowserContext | undefined
  agent: string
  fetch: Fetch
  /** What the session's check handler says; without a handler Electron grants all. */
  permissions: () => readonly Permission[]
  ipc: (channel: string, event: object, args: readonly unknown[]) => void
} = {
  context: undefined,
  agent: '',
  fetch: () => Promise.reject(new Error('No protocol is handled.')),
  permissions: () => [],
  ipc: () => undefined,
}

const CONTENTS_EVENTS = [
  'console-message',
  'did-finish-load',
  'preload-error',
  'render-process-gone',
  'will-attach-webview',
  'will-navigate',
  // Not Electron's: what became of a window that the page wanted to open.
  'stand-in:window-open',
]

type OpenHandler = (details: { url: string }) => { action: 'allow' | 'deny' }

export class WebContents extends StrictEmitter {
  readonly #page: Promise<ChromiumPage>
  #opened: ChromiumPage | undefined
  #openHandler: OpenHandler | undefined
  /** The object that the program knows, which is compared by identity. */
  face: WebContents = this

  constructor(preload: string) {
    super('webContents', CONTENTS_EVENTS)
    this.#page = this.#open(preload)
  }

  get mainFrame(): { readonly url: string; readonly parent: null } {
    return { url: this.getURL(), parent: null }
  }

  getURL(): string {
    return this.#opened?.url ?? ''
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.#openHandler = handler
  }

  async loadURL(url: string): Promise<void> {
    await (await this.#page).load(url)
  }

  reload(): void {
    void this.#page.then((page) => page.reload())
  }

  postMessage(channel: string, message: unknown, ports: readonly Port[] = []): void {
    this.#opened?.send(
      channel,
      [message],
      ports.map((port) => portBehind(port)),
    )
  }

  async #open(preload: string): Promise<ChromiumPage> {
    // After the program had its turn with the session and with 'web-contents-created'.
    await Promise.resolve()
    const { context, agent, fetch, permissions, ipc } = surroundings
    if (!context) throw new Error('A BrowserWindow cannot be created before the app is ready.')
    this.#opened = await ChromiumPage.open(context, { preload, agent, permissions: permissions() }, fetch, {
      ipc: (channel, args) =>
        ipc(channel, { sender: this.face, senderFrame: this.mainFrame, ports: [], type: 'frame' }, args),
      preloadError: (error) => this.emit('preload-error', {}, preload, error),
      console: (level, message) => this.emit('console-message', { level, message, lineNumber: 0, sourceId: '' }),
      mayNavigate: (url) => emitPreventable(this, 'will-navigate', { url, isMainFrame: true, isSameDocument: false }),
      mayOpen: (url) => {
        const action = this.#openHandler?.({ url }).action ?? 'allow'
        this.emit('stand-in:window-open', { url, action })
        return action === 'allow'
      },
      loaded: () => this.emit('did-finish-load'),
    })
    return this.#opened
  }
}

const WINDOW_EVENTS = ['close', 'closed', 'ready-to-show', 'show', 'focus']
const WINDOW_OPTIONS =
  'x y width height minWidth minHeight show title backgroundColor icon autoHideMenuBar webPreferences'.split(' ')
const PREFERENCES =
  'preload sandbox contextIsolation nodeIntegration webSecurity backgroundThrottling spellcheck'.split(' ')

interface WindowOptions {
  x?: number
  y?: number
  width: number
  height: number
  show?: boolean
  webPreferences: Record<string, unknown>
}

class Window extends StrictEmitter {
  static readonly all: Window[] = []
  readonly webContents: WebContents
  readonly #bounds: { x: number; y: number; width: number; height: number }
  #visible: boolean
  #maximized = false
  #destroyed = false

  constructor(options: WindowOptions) {
    super('BrowserWindow', WINDOW_EVENTS)
    if (!app.isReady()) throw new Error('Cannot create BrowserWindow before app is ready')
    onlyKnown('BrowserWindow', options, WINDOW_OPTIONS)
    onlyKnown('webPreferences', options.webPreferences, PREFERENCES)
    this.webContents = openContents(options.webPreferences)
    this.#bounds = { x: options.x ?? 0, y: options.y ?? 0, width: options.width, height: options.height }
    this.#visible = options.show !== false
    this.webContents.once('did-finish-load', () => this.emit('ready-to-show'))
    Window.all.push(this)
  }

  static getAllWindows(): Window[] {
    return Window.all.map((window) => FACES.get(window)!)
  }

  loadURL(url: string): Promise<void> {
    return this.webContents.loadURL(url)
  }

  show(): void {
    this.#visible = true
    this.emit('show')
  }

  focus(): void {
    this.emit('focus')
  }

  maximize(): void {
    this.#maximized = true
    this.#visible = true
  }

  restore(): void {
    this.#maximized = false
  }

  isVisible(): boolean {
    return this.#visible
  }

  isMaximized(): boolean {
    return this.#maximized
  }

  isMinimized(): boolean {
    return false
  }

  isDestroyed(): boolean {
    return this.#destroyed
  }

  getNormalBounds(): object {
    return { ...this.#bounds }
  }

  /** False where a listener refused. */
  close(): boolean {
    if (!emitPreventable(this, 'close')) return false
    this.#destroyed = true
    Window.all.splice(Window.all.indexOf(this), 1)
    this.emit('closed')
    if (Window.all.length === 0 && !app.emit('window-all-closed')) app.quit()
    return true
  }
}

const FACES = new WeakMap<Window, Window>()

app.closeWindows = () => [...Window.all].every((window) => window.close())

/** Electron's defaults are safe; the stand-in has no other kind of window, so it refuses what would ask for one. */
function openContents(preferences: Record<string, unknown>): WebContents {
  const { preload, sandbox = true, contextIsolation = true, nodeIntegration = false, webSecurity = true } = preferences
  if (sandbox !== true || contextIsolation !== true || nodeIntegration !== false || webSecurity !== true)
    throw new Error('The Electron stand-in has sandboxed, isolated windows without Node only.')
  if (typeof preload !== 'string' || !isAbsolute(preload)) throw new Error('The preload must be an absolute path.')
  const contents = new WebContents(preload)
  contents.face = strict('webContents', contents)
  app.emit('web-contents-created', {}, contents.face)
  return contents.face
}

export const BrowserWindow = new Proxy(Window, {
  construct: (Class, [options]: [WindowOptions]) => {
    const window = new Class(options)
    const face = strict('BrowserWindow', window)
    FACES.set(window, face)
    return face
  },
  get: (Class, property) => {
    if (typeof property === 'symbol' || property in Class) return Reflect.get(Class, property)
    throw new Error(`The Electron stand-in does not know BrowserWindow.${property}.`)
  },
})
