/**
 * All that the page gets from the desktop: one end of the link to the workstation, and no function to call.
 * The page asks anew after each load, because a port does not outlive its page.
 */
import { ipcRenderer } from 'electron'

/** Also named in src/main/screen-port.ts. */
const OPEN = 'farfield:open'
const PORT = 'farfield:port'

ipcRenderer.on(PORT, (event) => window.postMessage({ type: PORT }, '*', [...event.ports]))

// By then the page's own script has run and listens.
window.addEventListener('DOMContentLoaded', () => ipcRenderer.send(OPEN))
