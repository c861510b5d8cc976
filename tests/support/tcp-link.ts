/** The cable between a node and a workstation, both of its ports, that can be pulled, put back and made longer. */
import { connect, createServer, type Server, type Socket } from 'node:net'
import { freePortPair } from './node-process.ts'

/** ms that the next bytes take; they never overtake those before them. */
export type Delay = (direction: 'to-node' | 'from-node') => number

export interface TcpLink {
  /** Address of the node as seen through the cable. */
  readonly url: string
  /** Nothing passes, connections are reset. */
  cut(): void
  heal(): void
  /** From now on. */
  delay(delay: Delay): void
  close(): Promise<void>
}

export async function startTcpLink(nodePort: number): Promise<TcpLink> {
  const port = await freePortPair()
  const sockets = new Set<Socket>()
  let whole = true
  let delayOf: Delay | undefined
  const forward = (to: number): Server =>
    createServer((near) => {
      if (!whole) {
        near.destroy()
        return
      }
      const far = connect(to, '127.0.0.1')
      for (const [a, b] of [
        [near, far],
        [far, near],
      ] as const) {
        sockets.add(a)
        a.on(
          'data',
          inOrder(b, () => delayOf?.(a === near ? 'to-node' : 'from-node') ?? 0),
        )
        a.on('error', () => b.destroy()).on('close', () => {
          sockets.delete(a)
          b.destroy()
        })
      }
    })
  const servers = [forward(nodePort), forward(nodePort + 1)]
  await Promise.all(servers.map((s, i) => new Promise<void>((done) => s.listen(port + i, '127.0.0.1', done))))
  const cut = (): void => {
    whole = false
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: `tcp://127.0.0.1:${port}`,
    cut,
    heal: () => void (whole = true),
    delay: (delay) => void (delayOf = delay),
    async close() {
      cut()
      await Promise.all(servers.map((s) => new Promise((done) => s.close(done))))
    },
  }
}

/** Writes to `out` what comes, each piece after its delay and none before the one before it. */
function inOrder(out: Socket, delayMs: () => number): (bytes: Buffer) => void {
  const waiting: Buffer[] = []
  let due = 0
  const next = (): void => {
    const bytes = waiting.shift()!
    if (!out.destroyed) out.write(bytes)
  }
  return (bytes) => {
    const now = performance.now()
    due = Math.max(due, now + delayMs())
    waiting.push(bytes)
    // Timers of different lengths may come in another order than they are due: each lets the oldest go.
    if (due > now || waiting.length > 1) setTimeout(next, due - now)
    else next()
  }
}
