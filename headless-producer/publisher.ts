/** The broadcasting side of a node: blocks and metadata to whoever subscribes, dropped for those who cannot keep up. */
import { BoundedQueue } from '#shared/queue.ts'
import type { NodeMeta } from '#wire/meta.ts'
import { encodeHeader, HEADER_BYTES, type BlockHeader } from '#wire/packet.ts'
import { metaTopic, pcmTopic } from '#wire/topics.ts'
import { Publisher as PubSocket } from 'zeromq'

/**
 * What waits for a slow subscriber. ZeroMQ drops the newest beyond it, so more would only make old sound older; what is
 * dropped is still in the ring. The kernel's own buffer would grow to 4 MiB, 10 s of sound; this is what it holds of it.
 */
const QUEUE_SECONDS = 1
const KERNEL_BUFFER_BYTES = 256 * 1024

/**
 * A dead peer is noticed within 3 s; without heartbeats an outage of half a minute stalls a subscriber for twice as long.
 * With a domain ZeroMQ hangs up on what does not greet as its peers have since 2013: without one it takes any bytes for
 * a peer of its first version and keeps the connection. Nobody is asked about the domain as long as nothing answers at
 * `inproc://zeromq.zap.01`.
 */
export const HEARTBEATS = {
  heartbeatInterval: 1000,
  heartbeatTimeout: 3000,
  heartbeatTimeToLive: 3000,
  // A heartbeat waits behind sound that does not get through, and its own time runs only once it is sent.
  tcpMaxRetransmitTimeout: 5000,
  zapDomain: 'farfield',
} as const

/** Whoever connects and does not speak ZeroMQ is shown out after this, ms. */
export const HANDSHAKE_MS = 3000

/** The longest subscription that anybody needs is a topic. */
const MAX_SUBSCRIPTION_BYTES = 256

type Parts = (string | Uint8Array)[]

export class Publisher {
  #socket: PubSocket
  #pcm: string
  #meta: string
  #blocks = 0
  #connections = 0
  #waiting: BoundedQueue<Parts>
  #sending = false

  constructor(nodeId: string, blockMs: number, ipv6: boolean) {
    this.#pcm = pcmTopic(nodeId)
    this.#meta = metaTopic(nodeId)
    const limit = Math.max(20, Math.ceil((QUEUE_SECONDS * 1000) / blockMs))
    this.#waiting = new BoundedQueue<Parts>(limit, 'drop-oldest')
    this.#socket = new PubSocket({
      ...HEARTBEATS,
      handshakeInterval: HANDSHAKE_MS,
      ipv6,
      linger: 0,
      maxMessageSize: MAX_SUBSCRIPTION_BYTES,
      sendHighWaterMark: limit,
      sendBufferSize: KERNEL_BUFFER_BYTES,
    })
    this.#socket.events.on('accept', () => this.#connections++)
    this.#socket.events.on('disconnect', () => this.#connections--)
  }

  /** TCP connections to the port of the sound, now. */
  get connections(): number {
    return this.#connections
  }

  get blocks(): number {
    return this.#blocks
  }

  bind(url: string): Promise<void> {
    return this.#socket.bind(url)
  }

  /** ZeroMQ keeps `samples` until they are sent: never write to them again. */
  block(header: BlockHeader, samples: Uint8Array): void {
    const head = new Uint8Array(HEADER_BYTES)
    encodeHeader(header, head)
    this.#blocks++
    this.#send([this.#pcm, head, samples])
  }

  meta(meta: NodeMeta): void {
    this.#send([this.#meta, JSON.stringify(meta)])
  }

  close(): void {
    this.#waiting.clear()
    this.#socket.close()
  }

  #send(parts: Parts): void {
    this.#waiting.push(parts)
    if (!this.#sending) void this.#drain()
  }

  /** PUB queues or drops at once, but ZeroMQ wants one send at a time and now and then gives way to other work first. */
  async #drain(): Promise<void> {
    this.#sending = true
    try {
      for (let parts = this.#waiting.shift(); parts; parts = this.#waiting.shift()) await this.#socket.send(parts)
    } catch (error) {
      // A send that is cut short by closing is no loss: there is nobody to send to any more.
      if (!this.#socket.closed) throw error
    } finally {
      this.#sending = false
    }
  }
}
