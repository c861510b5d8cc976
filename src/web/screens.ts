/** The WebSocket end: admits screens, hands each over as a link, and finds out which of them are gone. */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import { MAX_SCREEN_MESSAGE, type Link } from '#contract/link.ts'
import { socketLink } from '#contract/socket-link.ts'
import type { Disposable } from '#shared/lifecycle.ts'
import type { Admission } from './gate.ts'
import { PLAIN_HEADERS } from './headers.ts'
import type { SessionId } from './sessions.ts'

export interface ScreensOptions {
  readonly attach: (link: Link) => Disposable
  /** At most so many at once. */
  readonly max: number
  /** A screen that answered no ping for one to two of these is gone, ms. */
  readonly heartbeatMs: number
  readonly stillIn: (admission: Admission) => boolean
}

interface OpenScreen {
  readonly admission: Admission
  answered: boolean
}

export class Screens {
  readonly #options: ScreensOptions
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_SCREEN_MESSAGE,
    // Frames are floats that hardly shrink, and compression would hold memory for each screen.
    perMessageDeflate: false,
    clientTracking: false,
  })
  readonly #open = new Map<WebSocket, OpenScreen>()
  readonly #heartbeat: NodeJS.Timeout

  constructor(options: ScreensOptions) {
    this.#options = options
    this.#heartbeat = setInterval(() => this.#beat(), options.heartbeatMs)
    this.#heartbeat.unref()
  }

  get count(): number {
    return this.#open.size
  }

  get full(): boolean {
    return this.#open.size >= this.#options.max
  }

  get fullSentence(): string {
    return `${this.#options.max} screens are open already. Close one and try again.`
  }

  /** The caller has checked the request; `admission` says whose it is. */
  take(request: IncomingMessage, socket: Duplex, head: Buffer, admission: Admission): void {
    if (this.full) return refuse(socket, 503, this.fullSentence)
    this.#server.handleUpgrade(request, socket, head, (webSocket) => this.#attach(webSocket, admission))
  }

  /** Closes the screens of a session that was logged out. */
  closeSession(session: SessionId): void {
    for (const [socket, screen] of this.#open)
      if (screen.admission.session === session) socket.close(4401, 'logged out')
  }

  close(): void {
    clearInterval(this.#heartbeat)
    for (const socket of this.#open.keys()) socket.terminate()
    this.#server.close()
  }

  #attach(socket: WebSocket, admission: Admission): void {
    const screen: OpenScreen = { admission, answered: true }
    this.#open.set(socket, screen)
    socket.on('pong', () => (screen.answered = true))
    const link = socketLink(socket)
    const attached = this.#options.attach(link)
    socket.on('close', () => {
      this.#open.delete(socket)
      void attached.dispose()
    })
  }

  #beat(): void {
    for (const [socket, screen] of this.#open) {
      if (!screen.answered) socket.terminate()
      else if (!this.#options.stillIn(screen.admission)) socket.close(4401, 'logged out')
      else {
        screen.answered = false
        socket.ping()
      }
    }
  }
}

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  421: 'Misdirected Request',
  503: 'Service Unavailable',
}

/** Answers a request for a WebSocket with a sentence in place of one. */
export function refuse(socket: Duplex, status: number, sentence: string): void {
  const headers = {
    ...PLAIN_HEADERS,
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(sentence),
    Connection: 'close',
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.on('error', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status} ${REASONS[status]}\r\n${lines.join('')}\r\n${sentence}`)
}
