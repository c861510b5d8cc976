/** A TCP relay on loopback that can be cut like a cable, with or without telling the two ends. */
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

export interface Relay {
  /** Connections made so far. */
  readonly connections: number
  /** Closes what is connected and takes no more until `mend`. */
  cut(): void
  /** As an unplugged cable: nothing passes and nobody is told. What was sent meanwhile is thrown away with its connection. */
  freeze(): void
  mend(): void
  close(): void
}

export async function relay(port: number, to: number): Promise<Relay> {
  const pairs = new Set<readonly [Socket, Socket]>()
  let state: 'open' | 'cut' | 'frozen' = 'open'
  let connections = 0
  const end = ([a, b]: readonly [Socket, Socket]): void => {
    a.destroy()
    b.destroy()
  }
  const server = createServer((near) => {
    if (state === 'cut') {
      near.destroy()
      return
    }
    connections++
    const far = connect(to, '127.0.0.1')
    const pair = [near, far] as const
    pairs.add(pair)
    for (const [a, b] of [pair, [far, near] as const]) {
      a.on('data', (bytes) => {
        if (state === 'open' && !b.destroyed && !b.write(bytes)) a.pause()
      })
      b.on('drain', () => a.resume())
      a.on('error', () => end(pair))
      a.on('close', () => {
        end(pair)
        pairs.delete(pair)
      })
    }
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    get connections() {
      return connections
    },
    cut() {
      state = 'cut'
      for (const pair of pairs) end(pair)
    },
    freeze() {
      state = 'frozen'
    },
    mend() {
      // A stretch of the bytes is missing: as with a real cable, a connection that lost some cannot go on.
      if (state === 'frozen') for (const pair of pairs) end(pair)
      state = 'open'
    },
    close() {
      server.close()
      for (const pair of pairs) end(pair)
    },
  }
}
