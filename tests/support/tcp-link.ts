/** The cable between a node and a workstation, both of its ports, that can be pulled and put back. */
import { connect, createServer, type Server, type Socket } from 'node:net'
import { freePortPair } from './node-process.ts'

export interface TcpLink {
  /** Address of the node as seen through the cable. */
  readonly url: string
  /** Nothing passes, connections are reset. */
  cut(): void
  heal(): void
  close(): Promise<void>
}

export async function startTcpLink(nodePort: number): Promise<TcpLink> {
  const port = await freePortPair()
  const sockets = new Set<Socket>()
  let whole = true
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
        a.pipe(b)
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
    async close() {
      cut()
      await Promise.all(servers.map((s) => new Promise((done) => s.close(done))))
    },
  }
}
