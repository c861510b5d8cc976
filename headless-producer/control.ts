/** Answers `hello`, `time` and `backfill` on the port after the one for sound. */
import type { Clock } from '#shared/clock.ts'
import { encodeReply, MAX_CONTROL_BYTES, parseRequest, type ControlReply, type ControlRequest } from '#wire/control.ts'
import type { NodeCounters, NodeMeta } from '#wire/meta.ts'
import { PROTOCOL_VERSION } from '#wire/packet.ts'
import type { Ring } from '#producer/ring/ring.ts'
import { Router } from 'zeromq'
import { BackfillDesk } from './backfill.ts'
import { HANDSHAKE_MS, HEARTBEATS } from './publisher.ts'

/** Identity, an empty delimiter from REQ sockets, the request. */
const MAX_PARTS = 3
/** Answers of at most 1 MiB that an asker does not fetch; those that follow are dropped, and asked for again. */
const WAITING_ANSWERS = 8

type Parts = (string | Uint8Array)[]

export class ControlServer {
  #socket: Router
  #clock: Clock
  #meta: () => NodeMeta
  #desk: BackfillDesk
  #refused = 0
  #dropped = 0
  /** ZeroMQ takes one message at a time. */
  #sending: Promise<unknown> = Promise.resolve()

  constructor(clock: Clock, meta: () => NodeMeta, ring: Ring | undefined, ipv6: boolean) {
    this.#clock = clock
    this.#meta = meta
    this.#desk = new BackfillDesk(ring, (parts) => this.#send(parts))
    // A few requests a second are normal; whoever sends more than the queue holds loses answers, not the node.
    // `mandatory` and no time to wait: an answer that does not fit is told and dropped, never waited for.
    this.#socket = new Router({
      ...HEARTBEATS,
      handshakeInterval: HANDSHAKE_MS,
      ipv6,
      linger: 0,
      mandatory: true,
      maxMessageSize: MAX_CONTROL_BYTES,
      receiveHighWaterMark: 100,
      sendHighWaterMark: WAITING_ANSWERS,
      sendTimeout: 0,
    })
  }

  get counters(): Pick<
    NodeCounters,
    'requestsRefused' | 'answersDropped' | 'backfillRequests' | 'backfillBusy' | 'backfillBlocks' | 'backfillBytes'
  > {
    return { requestsRefused: this.#refused, answersDropped: this.#dropped, ...this.#desk.counters }
  }

  async bind(url: string): Promise<void> {
    await this.#socket.bind(url)
    void this.#serve()
  }

  close(): void {
    this.#desk.close()
    this.#socket.close()
  }

  async #serve(): Promise<void> {
    for await (const parts of this.#socket) {
      const t2 = this.#clock.monotonicNs()
      const json = parts.at(-1)
      if (!json || parts.length < 2 || parts.length > MAX_PARTS) {
        this.#refused++
        continue
      }
      const envelope = parts.slice(0, -1)
      const answer = this.#take(envelope, parseRequest(json.toString(), PROTOCOL_VERSION), t2)
      if (answer) await this.#send([...envelope, ...answer])
    }
  }

  /** The answer, or nothing when it comes later. */
  #take(envelope: readonly Uint8Array[], request: ReturnType<typeof parseRequest>, t2: bigint): Parts | undefined {
    if (!request.ok) {
      this.#refused++
      return [encodeReply({ id: request.id ?? 0, op: 'error', message: request.fault.message }, PROTOCOL_VERSION)]
    }
    const { value } = request
    if (value.op === 'backfill') return this.#desk.take(envelope, value)
    return [encodeReply(this.#answer(value, t2), PROTOCOL_VERSION)]
  }

  #answer(request: Exclude<ControlRequest, { readonly op: 'backfill' }>, t2: bigint): ControlReply {
    const { id } = request
    if (request.op === 'hello') return { id, op: 'hello', meta: this.#meta() }
    const t3 = this.#clock.monotonicNs()
    return { id, op: 'time', time: { t1: BigInt(request.t1), t2, t3, utc: this.#clock.utcNs() } }
  }

  /** False when it did not go: whoever asked is gone or takes nothing, or the node is closing. */
  #send(parts: Parts): Promise<boolean> {
    const sent = this.#sending.then(async () => {
      try {
        await this.#socket.send(parts)
        return true
      } catch {
        this.#dropped++
        return false
      }
    })
    this.#sending = sent
    return sent
  }
}
