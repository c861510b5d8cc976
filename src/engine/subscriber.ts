/**
 * The sockets of one node that are always open: SUB for sound and metadata, DEALER for control. Turns bytes into checked packets and the
 * link's ups and downs into events; keeps no other state. One receive loop a socket, because a second one throws.
 */
import { crc32 } from 'node:zlib'
import { Dealer, Subscriber as Sub } from 'zeromq'
import { fail, type Fault, type Result } from '#shared/result.ts'
import { parseReply, MAX_CONTROL_BYTES, type ControlReply } from '#wire/control.ts'
import { MAX_META_BYTES, parseMeta, type NodeMeta } from '#wire/meta.ts'
import { decodeHeader, MAX_BLOCK_BYTES, PROTOCOL_VERSION, type BlockHeader } from '#wire/packet.ts'
import { connectPatiently, isInproc, linkOptions, type Connection } from './sockets.ts'
import { META_PREFIX, nodeIdOfTopic, PCM_PREFIX, type NodeEndpoint } from '#wire/topics.ts'

/** `ready`: sound can come. `answering`: questions can be asked. */
export type LinkEvent = 'connected' | 'ready' | 'answering' | 'closed' | 'foreign'

/** `samples` are the captured bytes; they belong to the receiver of the event from then on. */
export interface SubscriberEvents {
  block(nodeId: string, header: BlockHeader, samples: Buffer): void
  meta(meta: NodeMeta): void
  reply(reply: ControlReply): void
  /** A packet that could not be used. */
  refused(fault: Fault): void
  link(event: LinkEvent): void
}

/** Ten seconds of 10 ms blocks: more would only hide that this process cannot keep up. */
const RECEIVE_BLOCKS = 1000

export class Subscriber {
  readonly #events: SubscriberEvents
  readonly #sub: Sub
  readonly #control: Dealer
  readonly #connections: readonly [Connection, Connection]
  #closed = false

  constructor(endpoint: NodeEndpoint, events: SubscriberEvents) {
    this.#events = events
    const options = linkOptions(endpoint.pub)
    this.#sub = new Sub({
      ...options,
      receiveHighWaterMark: RECEIVE_BLOCKS,
      maxMessageSize: MAX_BLOCK_BYTES,
    })
    this.#control = new Dealer({
      ...options,
      // Without a connection a question is refused at once instead of waiting to be answered late.
      immediate: true,
      sendTimeout: 0,
      sendHighWaterMark: 16,
      receiveHighWaterMark: 16,
      maxMessageSize: MAX_META_BYTES + MAX_CONTROL_BYTES,
    })
    this.#watch(isInproc(endpoint.pub))
    this.#sub.subscribe(PCM_PREFIX, META_PREFIX)
    this.#connections = [connectPatiently(this.#sub, endpoint.pub), connectPatiently(this.#control, endpoint.control)]
    void this.#receive()
    void this.#receiveControl()
  }

  /** Sends a control request; false when there is no connection. */
  async ask(request: Record<string, unknown>): Promise<boolean> {
    if (this.#closed) return false
    try {
      await this.#control.send(JSON.stringify({ v: PROTOCOL_VERSION, ...request }))
      return true
    } catch {
      return false
    }
  }

  /** The same node at another address. */
  move(endpoint: NodeEndpoint): void {
    const [sound, control] = this.#connections
    sound.move(endpoint.pub)
    control.move(endpoint.control)
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    for (const connection of this.#connections) connection.close()
    this.#sub.close()
    this.#control.close()
  }

  #watch(inproc: boolean): void {
    if (inproc) {
      // The in-process transport has no connection to speak of.
      this.#events.link('connected')
      this.#events.link('ready')
      return
    }
    const say = (event: LinkEvent) => () => {
      if (!this.#closed) this.#events.link(event)
    }
    const { events } = this.#sub
    events.on('connect', say('connected'))
    events.on('handshake', say('ready'))
    events.on('handshake:error:protocol', say('foreign'))
    events.on('handshake:error:auth', say('foreign'))
    events.on('handshake:error:other', say('foreign'))
    events.on('disconnect', say('closed'))
    this.#control.events.on('handshake', say('answering'))
  }

  async #receive(): Promise<void> {
    for (;;) {
      let parts: Buffer[]
      try {
        parts = await this.#sub.receive()
      } catch {
        return
      }
      if (this.#closed) return
      const fault = this.#take(parts)
      if (fault) this.#events.refused(fault)
    }
  }

  #take(parts: Buffer[]): Fault | undefined {
    const [topic, head, samples] = parts
    const named = topic && topic.length <= 80 ? nodeIdOfTopic(topic.toString('latin1')) : undefined
    if (!named || !head) return BAD_PACKET
    if (named.kind === 'meta') {
      const meta = parts.length === 2 ? parseMeta(head.toString('utf8'), PROTOCOL_VERSION) : NOT_A_PACKET
      if (!meta.ok) return meta.fault
      if (meta.value.id !== named.nodeId) return BAD_PACKET
      this.#events.meta(meta.value)
      return undefined
    }
    const header = parts.length === 3 ? decodeBlock(head, samples!) : NOT_A_PACKET
    if (!header.ok) return header.fault
    this.#events.block(named.nodeId, header.value, samples!)
    return undefined
  }

  async #receiveControl(): Promise<void> {
    for (;;) {
      let parts: Buffer[]
      try {
        parts = await this.#control.receive()
      } catch {
        return
      }
      if (this.#closed) return
      const reply = parseReply(parts[0]?.toString('utf8') ?? '', PROTOCOL_VERSION)
      if (reply.ok) this.#events.reply(reply.value)
      else this.#events.refused(reply.fault)
    }
  }
}

const NOT_A_PACKET = fail('bad-packet', 'A packet has the wrong number of parts.')
const BAD_PACKET = fail('bad-packet', 'A packet was not addressed as a node addresses them.').fault

function decodeBlock(head: Buffer, samples: Buffer): Result<BlockHeader> {
  const header = decodeHeader(head, samples.length)
  if (header.ok && crc32(samples) !== header.value.crc)
    return fail('bad-packet', 'A packet was damaged on its way (its CRC does not match).')
  return header
}
