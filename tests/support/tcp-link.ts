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
        let due = 0
        let waiting = 0
        a.on('data', (bytes) => {
          const now = performance.now()
          due = Math.max(due, now + (delayOf?.(a === near ? 'to-node' : 'from-node') ?? 0))
          if (due <= now && waiting === 0) return void b.write(bytes)
          waiting++
          setTimeout(() => {
            waiting--
            if (!b.destroyed) b.write(bytes)
          }, due - now)
        })
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
