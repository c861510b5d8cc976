/** The workstation in a browser: its screens over HTTP, their link over a WebSocket at `/link`, closed to strangers. */
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { access } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { hostname, networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { Readable, type Duplex } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream as WebStream } from 'node:stream/web'
import type { Link } from '#contract/link.ts'
import type { Disposable } from '#shared/lifecycle.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import { hostAllowed, hostsToOpen, isLoopback, sameOrigin, urlHost } from './addresses.ts'
import { redirect, sendSentence, sendText } from './answer.ts'
import { sendFile } from './files.ts'
import { LoginGate, openGate, type Gate } from './gate.ts'
import { PLAIN_HEADERS, securityHeaders } from './headers.ts'
import { STYLE, STYLE_PATH } from './pages.ts'
import type { StoredPassword } from './password.ts'
import { refuse, Screens } from './screens.ts'
import { answerTake, isTakePath, type OpenTakeFile } from './take-answer.ts'

export interface WebHostOptions {
  /** Address to listen on; 127.0.0.1 where absent. Anything but loopback demands a password. */
  readonly host?: string
  /** 0: any free one. */
  readonly port: number
  /** Folder of the built screens. */
  readonly root: string
  /** Serves a screen until its link closes. */
  readonly attach: (link: Link) => Disposable
  /** Opens a file of a finished take; without it none is handed out. */
  readonly takeFile?: OpenTakeFile
  readonly password?: StoredPassword
  /** PEM texts. */
  readonly tls?: { readonly cert: string; readonly key: string }
  /** More names under which this computer is reached, such as that of a proxy before it; a name demands a password too. */
  readonly allowedHosts?: readonly string[]
  /** Demands a login even on loopback. */
  readonly requireLogin?: boolean
  readonly limits?: Partial<WebLimits>
  /** Monotonic ms, for sessions and the login's waits. */
  readonly now?: () => number
  /** Told what failed inside while a request was answered, which is our own bug; the browser gets a sentence. */
  readonly onBug?: (error: unknown) => void
}

export interface WebLimits {
  /** Screens open at once. */
  readonly screens: number
  readonly heartbeatMs: number
  /** A connection that has not sent its request's head by then is closed, ms. */
  readonly headersMs: number
}

export interface WebHost {
  /** Where to open it on this computer, ending in a slash. */
  readonly url: string
  /** `url`, and where others open it when it listens on every interface. */
  readonly urls: readonly string[]
  readonly port: number
  close(): Promise<void>
}

export const LINK_PATH = '/link'
const LIMITS: WebLimits = { screens: 32, heartbeatMs: 5_000, headersMs: 10_000 }
const MAX_CONNECTIONS = 256
/** The browser went away in the middle of an answer, which is no error of ours. */
const GONE = new Set(['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'])

/** Faults: `login-required`, `port-in-use`, `bad-address`, `bad-argument`, `file-missing`. */
export async function startWebHost(options: WebHostOptions): Promise<Result<WebHost>> {
  const host = options.host ?? '127.0.0.1'
  const needsLogin =
    options.requireLogin === true || !isLoopback(host) || (options.allowedHosts ?? []).some((name) => !isLoopback(name))
  if (needsLogin && !options.password)
    return fail(
      'login-required',
      `Others could reach the workstation on ${host}, so it needs a password. Set one with "farfield password", then start it again.`,
    )
  if (!(await exists(join(options.root, 'index.html'))))
    return fail(
      'file-missing',
      `The screens are not built (${options.root}). Run "npm run build", then start it again.`,
    )
  return new Web(options, host, needsLogin ? options.password : undefined).listen()
}

class Web implements WebHost {
  readonly #options: WebHostOptions
  readonly #host: string
  readonly #names: readonly string[]
  readonly #loopbackOnly: boolean
  readonly #limits: WebLimits
  readonly #gate: Gate
  readonly #screens: Screens
  #server: Server | undefined

  constructor(options: WebHostOptions, host: string, password: StoredPassword | undefined) {
    this.#options = options
    this.#host = host
    this.#loopbackOnly = isLoopback(host)
    this.#limits = { ...LIMITS, ...options.limits }
    const own = this.#loopbackOnly ? [] : [host, hostname(), `${hostname()}.local`]
    this.#names = [...own, ...(options.allowedHosts ?? [])]
    this.#gate = password
      ? new LoginGate({
          password,
          tls: options.tls !== undefined,
          now: options.now ?? (() => performance.now()),
          onLogout: (session) => this.#screens.closeSession(session),
        })
      : openGate
    this.#screens = new Screens({
      attach: options.attach,
      max: this.#limits.screens,
      heartbeatMs: this.#limits.heartbeatMs,
      stillIn: (admission) => this.#gate.stillIn(admission),
    })
  }

  get port(): number {
    return (this.#server!.address() as AddressInfo).port
  }

  get url(): string {
    return this.urls[0]!
  }

  get urls(): readonly string[] {
    const scheme = this.#options.tls ? 'https' : 'http'
    const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses?.map((a) => a.address) ?? [])
    return hostsToOpen(this.#host, own).map((host) => `${scheme}://${urlHost(host)}:${this.port}/`)
  }

  async listen(): Promise<Result<WebHost>> {
    const server = this.#createServer()
    if (!server.ok) return server
    const listening = await listen(server.value, this.#host, this.#options.port)
    if (!listening.ok) {
      this.#screens.close()
      return listening
    }
    this.#server = server.value
    // Such as no file handle left for one more connection; those that are open go on.
    this.#server.on('error', (error) => this.#options.onBug?.(error))
    return ok(this)
  }

  async close(): Promise<void> {
    const server = this.#server!
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    this.#screens.close()
    server.closeAllConnections()
    await closed
  }

  #createServer(): Result<Server> {
    const { headersMs } = this.#limits
    const limits = {
      headersTimeout: headersMs,
      requestTimeout: 2 * headersMs,
      connectionsCheckingInterval: headersMs / 4,
      keepAliveTimeout: 5_000,
      maxHeaderSize: 16 << 10,
    }
    const onRequest: RequestListener = (request, response) => void this.#answer(request, response)
    try {
      const { tls } = this.#options
      const server: Server = tls ? createTlsServer({ ...limits, ...tls }, onRequest) : createServer(limits, onRequest)
      server.maxConnections = MAX_CONNECTIONS
      server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) =>
        this.#upgrade(request, socket, head),
      )
      return ok(server)
    } catch {
      return fail(
        'bad-argument',
        'The certificate and its key cannot be used. Give both as PEM files that belong together.',
      )
    }
  }

  #knows(request: IncomingMessage): boolean {
    return hostAllowed(request.headers.host, this.#loopbackOnly, this.#names)
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      if (this.#knows(request)) {
        setHeaders(response, securityHeaders(request.headers.host!, this.#options.tls !== undefined))
        await this.#route(request, response)
      } else {
        setHeaders(response, PLAIN_HEADERS)
        const sentence = 'Farfield is not known under this name here. Open it by its address.'
        sendSentence(request, response, 421, 'Unknown name', sentence)
      }
    } catch (error) {
      if (!GONE.has((error as NodeJS.ErrnoException).code ?? '')) this.#options.onBug?.(error)
      if (response.headersSent) response.destroy()
      else
        sendSentence(
          request,
          response,
          500,
          'Error',
          'The workstation could not answer because of an error of its own.',
        )
    }
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = pathOf(request)
    if (path === undefined)
      return sendSentence(request, response, 400, 'Not understood', 'This request names no page of this computer.')
    if (await this.#gate.answer(path, request, response)) return
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD')
      return sendSentence(request, response, 405, 'Not possible', 'Pages can be read here and not written.')
    }
    if (path === STYLE_PATH) {
      response.setHeader('Cache-Control', 'no-cache')
      return sendText(request, response, 200, 'text/css', STYLE)
    }
    if (!this.#gate.admit(request)) {
      if (path === '/') return redirect(response, '/login')
      return sendSentence(request, response, 401, 'Log in first', 'This page is for those who are logged in.')
    }
    if (path === LINK_PATH) {
      // What a screen asks that was refused its WebSocket: the browser did not tell it why.
      if (this.#screens.full) return sendSentence(request, response, 503, 'No room', this.#screens.fullSentence)
      response.setHeader('Upgrade', 'websocket')
      return sendSentence(request, response, 426, 'Not a page', 'This address is for the screens and not to be read.')
    }
    if (isTakePath(path) && this.#options.takeFile)
      return this.#sendTake(path, this.#options.takeFile, request, response)
    if (!(await sendFile(this.#options.root, path, request, response)))
      sendSentence(request, response, 404, 'Not found', 'There is no such page here.')
  }

  async #sendTake(path: string, open: OpenTakeFile, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const header = (name: string): string | undefined => request.headers[name]?.toString()
    const { status, headers, body } = await answerTake({ method: request.method!, path, header }, open)
    response.writeHead(status, Object.fromEntries(headers))
    if (!body || request.method === 'HEAD') response.end()
    else await pipeline(Readable.fromWeb(body as WebStream), response)
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { host, origin } = request.headers
    if (!this.#knows(request)) return refuse(socket, 421, 'Farfield is not known under this name here.')
    if (pathOf(request) !== LINK_PATH) return refuse(socket, 404, 'There is no link at this address.')
    if (!sameOrigin(origin, host))
      return refuse(socket, 403, 'Only the pages of this workstation may open a link to it.')
    const admission = this.#gate.admit(request)
    if (!admission) return refuse(socket, 401, 'Log in first.')
    this.#screens.take(request, socket, head, admission)
  }
}

/** The path of a request as it was sent, still percent-encoded; undefined for a request that is meant for a proxy. */
function pathOf(request: IncomingMessage): string | undefined {
  const { url = '' } = request
  return url.startsWith('/') ? url.replace(/[?#].*$/s, '') : undefined
}

function setHeaders(response: ServerResponse, headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

function listen(server: Server, host: string, port: number): Promise<Result<null>> {
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    return Promise.resolve(
      fail('bad-argument', `The port ${port} does not exist. Give a whole number from 1 to 65535.`),
    )
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => resolve(listenFault(error, host, port)))
    server.listen(port, host.replace(/^\[(.*)\]$/, '$1'), () => {
      resolve(ok(null))
    })
  })
}

function listenFault(error: NodeJS.ErrnoException, host: string, port: number): Result<never> {
  if (error.code === 'EADDRINUSE')
    return fail(
      'port-in-use',
      `Port ${port} on ${host} is in use, perhaps by another Farfield. Close that program or choose another port.`,
    )
  if (error.code === 'EACCES')
    return fail('bad-address', `This user may not open port ${port} on ${host}. Choose a port above 1023.`)
  return fail('bad-address', `This computer has no address ${host} to listen on. Choose 127.0.0.1 or one of its own.`)
}
