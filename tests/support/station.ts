/** A real workstation in this process, with a folder of its own, for tests of the engine. */
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import { openScreen, type Screen } from '#contract/open.ts'
import { portLink } from '#contract/port-link.ts'
import type { NodeView, TakeView } from '#contract/state.ts'
import { Workstation } from '#engine/workstation.ts'

export interface TestStation {
  readonly folder: string
  readonly station: Workstation
  readonly screen: Screen
  /** Adds a node and resolves with its key when sound flows. */
  connect(address: string): Promise<number>
  node(key: number): NodeView
  take(id: string): TakeView
  close(): Promise<void>
}

export async function openStation(options: { remember?: boolean; folder?: string } = {}): Promise<TestStation> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'farfield-station-')))
  const station = await Workstation.open({
    dataDir: folder,
    recordingFolder: join(folder, 'recordings'),
    workerUrl: new URL('../../src/engine/dsp/worker.ts', import.meta.url),
    version: 'test',
    remember: options.remember ?? false,
    scanInterfaces: ['127.0.0.1'],
    log: () => undefined,
  })
  const { port1, port2 } = new MessageChannel()
  station.attach(portLink(port1))
  const screen = openScreen(portLink(port2))
  screen.onFrame(() => screen.ready())
  const node = (key: number): NodeView => screen.state!.nodes.find((n) => n.key === key)!
  return {
    folder,
    station,
    screen,
    node,
    take: (id) => screen.state!.takes.find((t) => t.id === id)!,
    async connect(address) {
      const added = await screen.call('node.add', { address })
      if (!added.ok) throw new Error(added.fault.message)
      await until(
        screen,
        () => node(added.value.key).presence === 'live' && node(added.value.key).software !== undefined,
      )
      return added.value.key
    },
    async close() {
      await station.dispose()
      if (options.folder === undefined) await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Resolves when the screen's state satisfies `holds`; rejects, with what was asked, when it does not within `ms`. */
export function until(screen: Screen, holds: () => boolean, ms = 10_000): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      if (!screen.state || !holds()) return
      clearTimeout(timer)
      void subscription.dispose()
      resolve()
    }
    const timer = setTimeout(() => {
      void subscription.dispose()
      reject(new Error(`not within ${ms} ms: ${holds.toString()}`))
    }, ms)
    const subscription = screen.onState(look)
    look()
  })
}

/** A loopback port whose successor is free too. */
export async function freePorts(): Promise<number> {
  for (;;) {
    const port = await listen(0)
    if (port < 65_000 && (await listen(port + 1).catch(() => 0)) !== 0) return port
  }
}

function listen(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      const { port: got } = server.address() as { port: number }
      server.close(() => resolve(got))
    })
  })
}
