/** Answers `hello` and `time` on the port after the one for sound. */
import type { Clock } from '#shared/clock.ts'
import { encodeReply, MAX_CONTROL_BYTES, parseRequest, type ControlReply } from '#wire/control.ts'
import type { NodeMeta } from '#wire/meta.ts'
import { PROTOCOL_VERSION } from '#wire/packet.ts'
import { Router } from 'zeromq'
import { HEARTBEATS } from './publisher.ts'

/** Identity, an empty delimiter from REQ sockets, the request. */
const MAX_PARTS = 3

export class ControlServer {
  #socket: Router
  #clock: Clock
  #meta: () => NodeMeta

  constructor(clock: Clock, meta: () => NodeMeta, ipv6: boolean) {
    this.#clock = clock
    this.#meta = meta
    // A few requests a second are normal; whoever sends more than the queue holds loses answers, not the node.
    this.#socket = new Router({
      ...HEARTBEATS,
      ipv6,
      linger: 0,
      maxMessageSize: MAX_CONTROL_BYTES,
      receiveHighWaterMark: 100,
      sendHighWaterMark: 100,
    })
  }

  async bind(url: string): Promise<void> {
    await this.#socket.bind(url)
    void this.#serve()
  }

  close(): void {
    this.#socket.close()
  }

  async #serve(): Promise<void> {
    for await (const parts of this.#socket) {
      const t2 = this.#clock.monotonicNs()
      const request = parts.at(-1)
      if (!request || parts.length < 2 || parts.length > MAX_PARTS) continue
      try {
        await this.#socket.send([
          ...parts.slice(0, -1),
          encodeReply(this.#answer(request.toString(), t2), PROTOCOL_VERSION),
        ])
      } catch {
        // Whoever asked is gone, or the node is closing: there is nobody left to tell.
      }
    }
  }

  #answer(json: string, t2: bigint): ControlReply {
    const request = parseRequest(json, PROTOCOL_VERSION)
    if (!request.ok) return { id: request.id ?? 0, op: 'error', message: request.fault.message }
    const { id } = request.value
    if (request.value.op === 'hello') return { id, op: 'hello', meta: this.#meta() }
    if (request.value.op === 'backfill') return { id, op: 'error', message: 'This node keeps no sound.' }
    const t3 = this.#clock.monotonicNs()
    return { id, op: 'time', time: { t1: BigInt(request.value.t1), t2, t3, utc: this.#clock.utcNs() } }
  }
}
