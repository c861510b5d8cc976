/** Requests exactly as written, for tests of the browser host: neither dots nor headers are tidied up on the way. */
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { request, type IncomingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { DisposableStore } from '#shared/lifecycle.ts'
import { startWebHost, type WebHost, type WebHostOptions } from '#web/host.ts'

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export const SCRIPT = '/assets/main-Ab3_dE-9.js'

/** A folder as the bundler leaves it, beside a secret and with a link that leads to it. */
export async function builtScreens(store: DisposableStore): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'farfield-web-'))
  store.defer(() => rm(folder, { recursive: true }))
  const root = join(folder, 'renderer')
  await mkdir(join(root, 'assets'), { recursive: true })
  await writeFile(join(folder, 'secret.txt'), 'secret')
  await writeFile(
    join(root, 'index.html'),
    `<!doctype html><title>Farfield</title><link rel="icon" href="data:,"><script type="module" src="${SCRIPT}"></script>`,
  )
  await writeFile(join(root, SCRIPT), 'export {}\n')
  await writeFile(join(root, 'assets', 'font.woff2'), 'font')
  await writeFile(join(root, 'empty.txt'), '')
  await writeFile(join(root, '.hidden'), 'secret')
  await symlink(join(folder, 'secret.txt'), join(root, 'link.txt'))
  return root
}

/** Starts a host on a free loopback port; its end is the store's. */
export async function start(store: DisposableStore, options: Partial<WebHostOptions> = {}): Promise<WebHost> {
  const root = options.root ?? (await builtScreens(store))
  const started = await startWebHost({ port: 0, attach: () => ({ dispose: () => {} }), ...options, root })
  if (!started.ok) throw new Error(started.fault.message)
  store.defer(() => started.value.close())
  return started.value
}

export function ask(
  web: WebHost,
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', headers = {}, body } = options
    const asked = request({ host: '127.0.0.1', port: web.port, path, method, headers, agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (text += chunk))
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body: text }))
      response.on('error', reject)
    })
    asked.on('error', reject)
    asked.end(body)
  })
}

/** Sends the login form as the page does. */
export function logIn(web: WebHost, password: string, headers: Record<string, string> = {}): Promise<Answer> {
  return ask(web, '/login', {
    method: 'POST',
    body: new URLSearchParams({ password }).toString(),
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: originOf(web), ...headers },
  })
}

/** The cookie of an answer, as the browser sends it back. */
export function cookieOf(answer: Answer): string {
  return (answer.headers['set-cookie']?.[0] ?? '').split(';')[0]!
}

export function originOf(web: WebHost): string {
  return web.url.slice(0, -1)
}

/** An open socket, or the status and sentence with which it was refused. */
export function openSocket(
  web: WebHost,
  headers: Record<string, string> = {},
  path = '/link',
): Promise<WebSocket | { status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const origin = headers['Origin'] ?? originOf(web)
    const socket = new WebSocket(`ws://127.0.0.1:${web.port}${path}`, { origin, headers })
    socket.once('open', () => resolve(socket))
    socket.once('unexpected-response', (_, response) => {
      let body = ''
      response.on('data', (chunk: Buffer) => (body += chunk.toString()))
      response.on('end', () => resolve({ status: response.statusCode!, body }))
    })
    socket.on('error', reject)
  })
}

/** Fails where the socket was refused. */
export async function connected(web: WebHost, headers: Record<string, string> = {}): Promise<WebSocket> {
  const socket = await openSocket(web, headers)
  if (!(socket instanceof WebSocket)) throw new Error(`refused: ${socket.status} ${socket.body}`)
  return socket
}

/** The code with which a socket ends. */
export function closed(socket: WebSocket): Promise<number> {
  return new Promise((resolve) => socket.once('close', resolve))
}
