/** Is the node of a session there, and if not, why: from what was heard of it and when. */
import { NS_PER_SECOND, type Clock } from '#shared/clock.ts'
import type { Fault } from '#shared/result.ts'
import type { Presence } from '#contract/state.ts'
import type { NodeMeta } from '#wire/meta.ts'
import { explainNoAnswer } from './reachability.ts'

/** No sound for this long is no longer live. */
export const LIVE_NS = NS_PER_SECOND
/** Nothing at all for this long is lost: heartbeats and metadata come each second. */
export const LOST_NS = 3n * NS_PER_SECOND
/** A first connection on a local network takes milliseconds; later than this deserves a sentence. */
const ANSWER_NS = (3n * NS_PER_SECOND) / 2n

export class PresenceWatch {
  readonly #clock: Clock
  readonly #startedAt: bigint
  /** When something took a connection for the first time. */
  #reachedAt: bigint | undefined
  #heardAt: bigint | undefined
  #soundAt: bigint | undefined
  #fault: Fault | undefined
  #explaining = false
  #closed = false

  constructor(clock: Clock) {
    this.#clock = clock
    this.#startedAt = clock.monotonicNs()
  }

  /** When the newest live sound came. */
  get soundAt(): bigint | undefined {
    return this.#soundAt
  }

  /** Something took the connection. */
  connected(): void {
    this.#reachedAt ??= this.#clock.monotonicNs()
  }

  /** The node is looked for at another address from now on. */
  moved(): void {
    this.#reachedAt = undefined
  }

  /** The node said something. Returns when. */
  heard(): bigint {
    this.#fault = undefined
    return (this.#heardAt = this.#clock.monotonicNs())
  }

  /** Live sound came. Returns when. */
  sound(): bigint {
    return (this.#soundAt = this.heard())
  }

  foreign(url: string): void {
    this.#fault = notANode(url)
  }

  /** What came cannot be understood. */
  incompatible(fault: Fault): void {
    this.#fault = fault
  }

  close(): void {
    this.#closed = true
  }

  /** Finds a sentence for a node that has not been heard at all yet. */
  tick(url: string): void {
    if (this.#heardAt !== undefined || this.#fault || this.#explaining) return
    const now = this.#clock.monotonicNs()
    if (this.#reachedAt !== undefined) {
      // Metadata is due each second: who takes the connection and says nothing that a node says is something else.
      if (now - this.#reachedAt > LOST_NS) this.foreign(url)
      return
    }
    if (now - this.#startedAt < ANSWER_NS) return
    this.#explaining = true
    void explainNoAnswer(url).then((fault) => {
      this.#explaining = false
      if (!this.#closed && this.#heardAt === undefined && this.#reachedAt === undefined) this.#fault ??= fault
    })
  }

  view(meta: NodeMeta | undefined): { readonly presence: Presence; readonly fault?: Fault } {
    const now = this.#clock.monotonicNs()
    const state = meta?.source.state
    // The node says at once that its sound is over; silence would take a second to tell.
    const over = state === 'lost' || state === 'ended'
    if (!over && this.#soundAt !== undefined && now - this.#soundAt < LIVE_NS) return { presence: 'live' }
    if (this.#heardAt === undefined) return withFault('connecting', this.#fault)
    if (now - this.#heardAt >= LOST_NS)
      return withFault('lost', {
        code: 'connection-lost',
        message: `${meta?.name ?? 'The node'} has not been heard for ${(now - this.#heardAt) / NS_PER_SECOND} s. Check its power and network. Trying again.`,
      })
    return withFault('stalled', this.#fault ?? stallFault(meta))
  }
}

function withFault(presence: Presence, fault: Fault | undefined): { presence: Presence; fault?: Fault } {
  return fault ? { presence, fault } : { presence }
}

function notANode(url: string): Fault {
  return {
    code: 'not-a-node',
    message: `Something answers at ${url.replace(/^tcp:\/\//, '')}, but it is not a Farfield node. Check the address and the port (5555 unless the node was given another).`,
  }
}

function stallFault(meta: NodeMeta | undefined): Fault {
  if (meta?.source.state === 'ended')
    return { code: 'device-lost', message: `${meta.source.label} has been played to its end.` }
  return {
    code: 'device-lost',
    message: meta?.source.message ?? 'The node is there but sends no sound. Check its microphone and its log.',
  }
}
