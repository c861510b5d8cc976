/**
 * The connection over which old sound comes: a DEALER of its own, so that neither live sound nor the time exchanges stand
 * behind it. One request at a time. It closes with the session, which ends its one pending receive.
 */
import { crc32 } from 'node:zlib'
import { Dealer } from 'zeromq'
import { fail, type Result } from '#shared/result.ts'
import { backfillRequest, parseBackfill, type BackfillReply } from '#wire/backfill.ts'
import { MAX_BLOCK_BYTES, PROTOCOL_VERSION } from '#wire/packet.ts'
import { connectPatiently, isInproc, linkOptions, type Connection } from '#engine/sockets.ts'
import type { Ask } from './scheduler.ts'

/** Longer than any answer of 2 s of sound takes on a link that carries live sound at all. */
const ANSWER_MS = 10_000

export interface RingAnswer {
  readonly reply: BackfillReply
  /** Indices of blocks whose samples were damaged on their way. */
  readonly damaged: ReadonlySet<number>
}

export class RingLink {
  readonly #socket: Dealer
  readonly #connection: Connection
  #waiting: { readonly id: number; readonly done: (answer: Result<RingAnswer>) => void } | undefined
  #id = 0
  #closed = false

  /** `connected`: a connection was made. */
  constructor(url: string, connected: () => void) {
    this.#socket = new Dealer({
      ...linkOptions(url),
      // Without a connection a question is refused at once instead of waiting to be answered late.
      immediate: true,
      sendTimeout: 0,
      sendHighWaterMark: 4,
      receiveHighWaterMark: 4,
      maxMessageSize: MAX_BLOCK_BYTES,
    })
    if (!isInproc(url)) {
      this.#socket.events.on('handshake', () => {
        if (!this.#closed) connected()
      })
      // What was asked over a connection that is gone will not be answered.
      this.#socket.events.on('disconnect', () => this.#done(NO_CONNECTION))
    }
    this.#connection = connectPatiently(this.#socket, url)
    void this.#receive()
  }

  /** Faults: `no-answer`, `bad-packet` for an answer that cannot be read, `bad-command` when the node does not know the question. */
  ask(ask: Ask): Promise<Result<RingAnswer>> {
    return new Promise((resolve) => {
      const id = ++this.#id
      const timer = setTimeout(() => this.#done(NO_CONNECTION), ANSWER_MS)
      this.#waiting = {
        id,
        done: (answer) => {
          clearTimeout(timer)
          resolve(answer)
        },
      }
      if (this.#closed) return this.#done(NO_CONNECTION)
      this.#socket.send(backfillRequest({ id, ...ask }, PROTOCOL_VERSION)).catch(() => {
        if (this.#waiting?.id === id) this.#done(NO_CONNECTION)
      })
    })
  }

  move(url: string): void {
    this.#connection.move(url)
    this.#done(NO_CONNECTION)
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#connection.close()
    this.#socket.close()
    this.#done(NO_CONNECTION)
  }

  #done(answer: Result<RingAnswer>): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    waiting?.done(answer)
  }

  async #receive(): Promise<void> {
    for (;;) {
      let parts: Buffer[]
      try {
        parts = await this.#socket.receive()
      } catch {
        return
      }
      if (this.#closed) return
      const [head, ...blocks] = parts
      const answer = parseBackfill(head?.toString('utf8') ?? '', blocks, PROTOCOL_VERSION)
      // An answer to an earlier question: that one was given up and is asked again.
      if (!this.#waiting || answer.id !== this.#waiting.id) continue
      this.#done(answer.ok ? { ok: true, value: { reply: answer.value, damaged: damaged(answer.value) } } : answer)
    }
  }
}

const NO_CONNECTION = fail('no-answer', 'The node does not answer on its control port.')

function damaged({ blocks }: BackfillReply): ReadonlySet<number> {
  const out = new Set<number>()
  blocks.forEach(({ header, samples }, i) => {
    if (crc32(samples) !== header.crc) out.add(i)
  })
  return out
}
