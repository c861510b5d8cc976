/** A TCP relay on loopback that can be cut like a cable, with or without telling the two ends. */
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

export interface Relay {
  /** Connections made so far. */
  readonly connections: number
  /** Connections that were hung up at once, because the cable was cut. */
  readonly refusals: number
  /** Closes what is connected and takes no more until `mend`. */
  cut(): void
  /** As an unplugged cable: nothing passes and nobody is told. What was sent meanwhile is thrown away with its connection. */
  freeze(): void
  mend(): void
  close(): void
}

/** What several relays together let through, as one link does. */
export class Pace {
  readonly #bytesPerMs: number
  #freeAt = 0

  constructor(bytesPerSecond: number) {
    this.#bytesPerMs = bytesPerSecond / 1000
  }

  /** Books so many bytes; ms until they are through. */
  take(bytes: number): number {
    const now = performance.now()
    this.#freeAt = Math.max(this.#freeAt, now) + bytes / this.#bytesPerMs
    return this.#freeAt - now
  }
}

/** `pace`: holds up what comes from the far end. */
export async function relay(port: number, to: number, pace?: Pace): Promise<Relay> {
  const pairs = new Set<readonly [Socket, Socket]>()
  let state: 'open' | 'cut' | 'frozen' = 'open'
  let connections = 0
  let refusals = 0
  const end = ([a, b]: readonly [Socket, Socket]): void => {
    a.destroy()
    b.destroy()
  }
  const server = createServer((near) => {
    if (state === 'cut') {
      refusals++
      near.destroy()
      return
    }
    connections++
    const far = connect(to, '127.0.0.1')
    const pair = [near, far] as const
    pairs.add(pair)
    for (const [a, b] of [pair, [far, near] as const]) {
      a.on('data', (bytes) => {
        const pass = (): void => {
          if (state === 'open' && !b.destroyed && !b.write(bytes)) a.pause()
        }
        if (!pace || a === near) return pass()
        a.pause()
        setTimeout(() => {
          a.resume()
          pass()
        }, pace.take(bytes.length))
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
    get refusals() {
      return refusals
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
