/** Opens a link to the workstation: over the port that Electron's preload hands over, or over a WebSocket to the host of this page. */
import { portLink } from '#contract/port-link.ts'
import { socketLink } from '#contract/socket-link.ts'
import type { Link } from '#contract/link.ts'

/** Why the host gives no link, where it said so. login: it wants to know again who asks. full: it shows as many screens as it may. */
export type Refusal = 'login' | 'full'

/** Calls back with each link, one at a time; `open` asks for another after one closed. */
export interface Connector {
  /** The workstation itself offers links; asking for one makes no difference. */
  readonly passive: boolean
  open(onLink: (link: Link) => void, onRefused: (why: Refusal) => void): void
}

/** Code of a WebSocket that closes because its login has ended. */
const LOGGED_OUT = 4401
const REFUSALS: Readonly<Record<number, Refusal>> = { 401: 'login', 503: 'full' }

export const PORT_MESSAGE = 'farfield:port'

/** Not by the page's scheme: the desktop's tests serve the same files where Chromium knows no `app:`. */
export function isDesktop(): boolean {
  return navigator.userAgent.includes(' Electron/')
}

export function connector(): Connector {
  return isDesktop() ? portConnector() : socketConnector()
}

function socketConnector(): Connector {
  const url = new URL('/link', location.href)
  url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:'
  return {
    passive: false,
    open: (onLink, onRefused) => {
      const socket = new WebSocket(url)
      let opened = false
      socket.addEventListener('open', () => (opened = true))
      socket.addEventListener('close', ({ code }) => {
        if (code === LOGGED_OUT) onRefused('login')
        else if (!opened) void refusal().then((why) => why && onRefused(why))
      })
      onLink(socketLink(socket))
    },
  }
}

/** A browser does not tell why a WebSocket was refused; to a plain request the host says it. */
async function refusal(): Promise<Refusal | undefined> {
  try {
    const { status } = await fetch('/link', { cache: 'no-store' })
    return REFUSALS[status]
  } catch {
    // Nobody answers: the host is not there, which is no refusal.
    return undefined
  }
}

/** Electron's main process sends a port after each load, and a new one whenever it had to serve anew. */
function portConnector(): Connector {
  let waiting: ((link: Link) => void) | undefined
  let early: MessagePort | undefined
  window.addEventListener('message', (event) => {
    const port = event.ports[0]
    // Only this window's own preload may hand over a port.
    if (event.source !== window || !port || (event.data as { type?: unknown } | null)?.type !== PORT_MESSAGE) return
    if (waiting) waiting(portLink(port))
    else early = port
  })
  return {
    passive: true,
    open: (onLink) => {
      waiting = onLink
      if (early) onLink(portLink(early))
      early = undefined
    },
  }
}
