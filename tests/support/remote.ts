/** A workstation in a process of its own (`farfield serve`), worked from here over the link that a browser uses. */
import { WebSocket } from 'ws'
import { openScreen, type Screen } from '#contract/open.ts'
import { socketLink } from '#contract/socket-link.ts'
import type { NodeView, TakeView } from '#contract/state.ts'
import { serve, type ServeOptions, type Served } from './served.ts'
import { until } from './station.ts'

export interface Remote {
  readonly served: Served
  readonly screen: Screen
  node(key: number): NodeView
  take(id: string): TakeView
  /** Adds a node and resolves with its key when sound flows. */
  connect(address: string): Promise<number>
  /** Starts recording a node and resolves with the take's id when sound is in it. */
  record(key: number): Promise<string>
}

/** Starts it and waits until its state has come. Its end is `served.stop` or `served.kill`. */
export async function openRemote(options: ServeOptions = {}): Promise<Remote> {
  const served = await serve(options)
  const link = new URL('/link', served.url)
  link.protocol = 'ws:'
  const screen = openScreen(socketLink(new WebSocket(link, { origin: new URL(served.url).origin })))
  screen.onFrame(() => screen.ready())
  await until(screen, () => true)
  const node = (key: number): NodeView => screen.state!.nodes.find((n) => n.key === key)!
  const take = (id: string): TakeView => screen.state!.takes.find((t) => t.id === id)!
  return {
    served,
    screen,
    node,
    take,
    async connect(address) {
      const added = await screen.call('node.add', { address })
      if (!added.ok) throw new Error(added.fault.message)
      const { key } = added.value
      await until(screen, () => node(key).presence === 'live' && node(key).software !== undefined)
      return key
    },
    async record(key) {
      const started = await screen.call('record.start', { nodes: [key] })
      if (!started.ok) throw new Error(started.fault.message)
      const id = started.value.takes[0]!
      await until(screen, () => take(id).seconds > 0.2)
      return id
    },
  }
}
