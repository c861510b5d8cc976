/**
 * All that the page gets from the desktop: one end of the link to the workstation, and the names of actions that the menu
 * asks for. No function to call.
 * The page asks anew after each load, because a port does not outlive its page.
 */
import { ipcRenderer } from 'electron'
import { ACTION_MESSAGE } from '#contract/actions.ts'

/** Also named in src/main/screen-port.ts. */
const OPEN = 'farfield:open'
const PORT = 'farfield:port'

ipcRenderer.on(PORT, (event) => window.postMessage({ type: PORT }, '*', [...event.ports]))
ipcRenderer.on(ACTION_MESSAGE, (_event, action: unknown) => window.postMessage({ type: ACTION_MESSAGE, action }, '*'))

// By then the page's own script has run and listens.
window.addEventListener('DOMContentLoaded', () => ipcRenderer.send(OPEN))
