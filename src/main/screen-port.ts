/** Gives the screen its end of the link to the workstation, anew each time the page loads; and brings it what the menu asks for. */
import { ipcMain, MessageChannelMain, type BrowserWindow } from 'electron'
import { ACTION_MESSAGE, type ActionName } from '#contract/actions.ts'
import type { Link } from '#contract/link.ts'
import { portLink } from '#contract/port-link.ts'
import type { Disposable } from '#shared/lifecycle.ts'
import { isFromScreen } from './security.ts'

/** Also named in src/preload/index.ts. */
const OPEN = 'farfield:open'
const PORT = 'farfield:port'

/** The page decides what comes of it, as it does of a key. */
export function askScreen(window: BrowserWindow, action: ActionName): void {
  window.webContents.postMessage(ACTION_MESSAGE, action)
}

/** A page has one link: asking again, as a reload does, closes the one before. */
export function handOverPorts(window: BrowserWindow, attach: (link: Link) => Disposable): void {
  const contents = window.webContents
  let current: Disposable | undefined
  ipcMain.on(OPEN, (event) => {
    if (!isFromScreen(event, contents)) return
    void current?.dispose()
    const { port1, port2 } = new MessageChannelMain()
    current = attach(portLink(port1))
    contents.postMessage(PORT, null, [port2])
  })
}
