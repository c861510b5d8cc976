/** Every carrier of a link, made for real: two ends of one wire. */
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import type { Link } from '#contract/link.ts'
import { portLink } from '#contract/port-link.ts'
import { socketLink } from '#contract/socket-link.ts'
import { DisposableStore, type Disposable } from '#shared/lifecycle.ts'
import { startWebHost } from '#web/host.ts'

export interface Wire {
  readonly screen: Link
  readonly host: Link
  /** Sends what a `Link` cannot send. */
  readonly junk: (value: unknown) => void
}

export interface Carrier extends Disposable {
  /** A new wire; `attach` is given the host's end in the turn in which it opens. */
  connect(attach?: (link: Link) => Disposable): Promise<Wire>
}

const detached = (): Disposable => ({ dispose: () => {} })

/** `electron`: dressed as the port of Electron's main process, which is an emitter of events. */
export async function portCarrier(electron: boolean): Promise<Carrier> {
  const store = new DisposableStore()
  return {
    connect: (attach = detached) => {
      const { port1, port2 } = new MessageChannel()
      store.defer(() => port1.close())
      const host = portLink(electron ? electronFace(port1) : port1)
      const wire = { screen: portLink(port2), host, junk: (value: unknown) => port2.postMessage(value) }
      attach(host)
      return Promise.resolve(wire)
    },
    dispose: () => store.dispose(),
  }
}

function electronFace(port: MessagePort) {
  return {
    postMessage: (message: unknown) => port.postMessage(message),
    start: () => port.start(),
    close: () => port.close(),
    on: (type: 'message' | 'close', listener: (event: { data?: unknown }) => void) =>
      type === 'message'
        ? port.on('message', (data: unknown) => listener({ data }))
        : port.on('close', () => listener({})),
  }
}

/** Through the browser host itself, on loopback. */
export async function socketCarrier(): Promise<Carrier> {
  const root = await mkdtemp(join(tmpdir(), 'farfield-root-'))
  await writeFile(join(root, 'index.html'), '<!doctype html><title>Farfield</title>')
  let attachNext: (link: Link) => Disposable = detached
  const started = await startWebHost({ port: 0, root, attach: (link) => attachNext(link) })
  if (!started.ok) throw new Error(started.fault.message)
  const web = started.value
  return {
    connect: (attach = detached) =>
      new Promise((resolve, reject) => {
        const origin = web.url.slice(0, -1)
        const socket = new WebSocket(`${origin.replace('http', 'ws')}/link`, { origin })
        const screen = socketLink(socket)
        attachNext = (host) => {
          const attached = attach(host)
          resolve({
            screen,
            host,
            junk: (value) => socket.send(value as string | Buffer),
          })
          return attached
        }
        socket.once('error', reject)
      }),
    dispose: async () => {
      await web.close()
      await rm(root, { recursive: true })
    },
  }
}
