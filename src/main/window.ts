/** The one window: sandboxed, shown when it has something to show, put back where it was. */
import { join } from 'node:path'
import { BrowserWindow, dialog, nativeTheme, screen } from 'electron'
import { readPlace, writePlace, type WindowPlace } from './bounds.ts'
import { APP_URL } from './protocol.ts'

const DEFAULT_PLACE: WindowPlace = { width: 1280, height: 820, maximized: false }

/** The page's own ground, so that nothing flashes before it is drawn. */
const GROUND = { dark: '#0f1113', light: '#f4f5f6' }

/** A screen that dies again within this time is not reloaded once more. */
const RELOAD_AGAIN_AFTER_MS = 60_000

export interface WindowOptions {
  readonly dataDir: string
  /** Absolute path of the built preload. */
  readonly preload: string
  readonly log: (line: string) => void
}

export function openWindow({ dataDir, preload, log }: WindowOptions): BrowserWindow {
  const areas = screen.getAllDisplays().map((display) => display.workArea)
  const { maximized, ...place } = readPlace(placeFile(dataDir), areas, DEFAULT_PLACE)
  const window = new BrowserWindow({
    ...place,
    minWidth: 720,
    minHeight: 480,
    show: false,
    title: 'Farfield',
    backgroundColor: nativeTheme.shouldUseDarkColors ? GROUND.dark : GROUND.light,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      // Meters go on moving behind another window.
      backgroundThrottling: false,
      spellcheck: false,
    },
  })
  window.once('ready-to-show', () => {
    if (maximized) window.maximize()
    window.show()
  })
  reportTrouble(window, log)
  reloadOnce(window, log)
  void window.loadURL(APP_URL).catch((error: unknown) => log(`the page did not load: ${String(error)}`))
  return window
}

/** Asks the person for a folder; undefined where they did not choose one. */
export async function chooseFolder(from: string): Promise<string | undefined> {
  const [window] = BrowserWindow.getAllWindows()
  const { filePaths } = await dialog.showOpenDialog(window!, {
    title: 'Folder for recordings',
    defaultPath: from,
    buttonLabel: 'Record here',
    properties: ['openDirectory', 'createDirectory'],
  })
  return filePaths[0]
}

/** For the next start. */
export function rememberWindow(window: BrowserWindow, dataDir: string): void {
  writePlace(placeFile(dataDir), { ...window.getNormalBounds(), maximized: window.isMaximized() })
}

function placeFile(dataDir: string): string {
  return join(dataDir, 'window.json')
}

/** What goes wrong in the page is of use only where somebody can read it. */
function reportTrouble(window: BrowserWindow, log: (line: string) => void): void {
  window.webContents.on('console-message', ({ level, message }) => {
    if (level === 'error') log(`error in the page: ${message}`)
  })
  window.webContents.on('preload-error', (_event, path, error) => log(`the preload ${path} failed: ${error.message}`))
}

function reloadOnce(window: BrowserWindow, log: (line: string) => void): void {
  let last = -Infinity
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return
    log(`the page's process ended: ${reason}`)
    const again = performance.now() - last < RELOAD_AGAIN_AFTER_MS
    last = performance.now()
    if (!again) window.webContents.reload()
    void dialog
      .showMessageBox(window, {
        type: again ? 'error' : 'warning',
        message: again ? 'The screen stopped working again.' : 'The screen stopped working and was loaded again.',
        detail: 'Connections and recordings run apart from the screen and go on.',
        buttons: again ? ['Load again', 'Leave it'] : ['OK'],
        cancelId: again ? 1 : 0,
      })
      .then(({ response }) => {
        if (again && response === 0) window.webContents.reload()
      })
  })
}
