/**
 * Requests for backfill wait here and are answered one at a time, each asker in turn, so that somebody who lost an hour
 * does not keep waiting whoever lost a block, and neither keeps the live sound waiting.
 */
import { encodeBackfill, type BackfillRequest } from '#wire/backfill.ts'
import { PROTOCOL_VERSION } from '#wire/packet.ts'
import { beyond, type Ring } from '#producer/ring/ring.ts'

/** An asker needs one answer at a time; a few more hide the way there and back. */
const WAITING_PER_ASKER = 4
/** Workstations that are mended at the same time. The rest hears `busy` and asks again. */
const ASKERS = 16

type Parts = (string | Uint8Array)[]

interface Waiting {
  /** What brings the answer to the asker: identity, and an empty part for a REQ socket. */
  readonly envelope: readonly Uint8Array[]
  readonly request: BackfillRequest
}

export class BackfillDesk {
  readonly #ring: Ring | undefined
  readonly #send: (parts: Parts) => Promise<boolean>
  /** By asker, in the order of their turns. */
  readonly #askers = new Map<string, Waiting[]>()
  #answering = false
  #closed = false
  #requests = 0
  #busy = 0
  #blocks = 0
  #bytes = 0

  /** `send` never rejects, and says whether the answer went on its way. */
  constructor(ring: Ring | undefined, send: (parts: Parts) => Promise<boolean>) {
    this.#ring = ring
    this.#send = send
  }

  get counters(): {
    readonly backfillRequests: number
    readonly backfillBusy: number
    readonly backfillBlocks: number
    readonly backfillBytes: number
  } {
    return {
      backfillRequests: this.#requests,
      backfillBusy: this.#busy,
      backfillBlocks: this.#blocks,
      backfillBytes: this.#bytes,
    }
  }

  /** Takes a request. Returns the answer at once when there is no room for it to wait. */
  take(envelope: readonly Uint8Array[], request: BackfillRequest): Parts | undefined {
    this.#requests++
    const asker = Buffer.from(envelope[0] ?? new Uint8Array()).toString('hex')
    const waiting = this.#askers.get(asker) ?? []
    if (waiting.length >= WAITING_PER_ASKER || (waiting.length === 0 && this.#askers.size >= ASKERS)) {
      this.#busy++
      const answer = { ...beyond(request, undefined, false), status: 'busy' as const, id: request.id }
      return encodeBackfill(answer, PROTOCOL_VERSION)
    }
    waiting.push({ envelope, request })
    this.#askers.set(asker, waiting)
    if (!this.#answering) void this.#answerAll()
    return undefined
  }

  close(): void {
    this.#closed = true
    this.#askers.clear()
  }

  async #answerAll(): Promise<void> {
    this.#answering = true
    for (let next = this.#next(); next && !this.#closed; next = this.#next()) {
      const { envelope, request } = next
      const answer = this.#ring ? await this.#ring.read(request) : beyond(request, undefined, true)
      if (this.#closed) break
      const parts = encodeBackfill({ ...answer, id: request.id }, PROTOCOL_VERSION)
      if (await this.#send([...envelope, ...parts])) {
        this.#blocks += answer.blocks.length
        this.#bytes += answer.blocks.reduce((sum, { samples }) => sum + samples.byteLength, 0)
      }
      // Capture and publishing have their turn of the event loop between any two answers.
      await new Promise((resolve) => setImmediate(resolve))
    }
    this.#answering = false
  }

  /** The first request of the asker whose turn it is, who then goes to the end of the row. */
  #next(): Waiting | undefined {
    const [turn] = this.#askers
    if (!turn) return undefined
    const [asker, waiting] = turn
    const first = waiting.shift()
    this.#askers.delete(asker)
    if (waiting.length > 0) this.#askers.set(asker, waiting)
    return first
  }
}
