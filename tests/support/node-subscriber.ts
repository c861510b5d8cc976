/** The smallest subscriber: keeps what a node sends, in order, for tests to look at. */
import { decodeHeader, type BlockHeader, PROTOCOL_VERSION } from '#wire/packet.ts'
import { parseMeta, type NodeMeta } from '#wire/meta.ts'
import { Subscriber } from 'zeromq'
import { crc32 } from 'node:zlib'

export interface ReceivedBlock {
  readonly header: BlockHeader
  readonly samples: Uint8Array
  /** Monotonic clock, ns. */
  readonly arrivedNs: bigint
}

export class NodeSubscriber {
  readonly blocks: ReceivedBlock[] = []
  readonly metas: NodeMeta[] = []
  #socket = new Subscriber({ linger: 0, reconnectInterval: 50, receiveHighWaterMark: 0 })
  #waiting = new Set<() => void>()
  #failure: Error | undefined

  constructor(url: string) {
    this.#socket.connect(url)
    this.#socket.subscribe('pcm/', 'meta/')
    void this.#receive()
  }

  /** Waits until `done` is true of what has come; throws when it is not within `ms`, or when a message is not valid. */
  async until(done: (seen: this) => boolean, ms = 10_000): Promise<void> {
    const deadline = Date.now() + ms
    while (!done(this)) {
      if (this.#failure) throw this.#failure
      const left = deadline - Date.now()
      if (left <= 0)
        throw new Error(
          `not seen within ${ms} ms: ${this.blocks.length} blocks, last ${JSON.stringify(this.metas.at(-1))}`,
        )
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left)
        this.#waiting.add(() => {
          clearTimeout(timer)
          resolve()
        })
      })
    }
  }

  close(): void {
    this.#socket.close()
  }

  async #receive(): Promise<void> {
    try {
      for await (const [topic, body, samples] of this.#socket) {
        const arrivedNs = process.hrtime.bigint()
        if (topic!.toString().startsWith('meta/')) {
          const meta = parseMeta(body!.toString(), PROTOCOL_VERSION)
          if (!meta.ok) throw new Error(meta.fault.message)
          this.metas.push(meta.value)
        } else {
          const header = decodeHeader(body!, samples!.byteLength)
          if (!header.ok) throw new Error(header.fault.message)
          if (crc32(samples!) !== header.value.crc) throw new Error('CRC mismatch')
          // A copy: received memory belongs to ZeroMQ.
          this.blocks.push({ header: header.value, samples: Uint8Array.from(samples!), arrivedNs })
        }
        this.#wake()
      }
    } catch (error) {
      if (this.#socket.closed) return
      this.#failure = error as Error
      this.#wake()
    }
  }

  #wake(): void {
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const wake of waiting) wake()
  }
}
