/** How the sound of a node comes here: how late, how evenly, by whose clock. Times of this computer unless it is said otherwise. */

/** Of the newest second. What is absent is not known: there was no sound, or the clocks are not mapped yet. */
export interface LinkHealth {
  /** When that second ended, ms since 1970. */
  readonly at: number
  /** From the capture of a block's last frame to its arrival here, ms: mean, and the largest. */
  readonly latencyMs?: number
  readonly latencyMaxMs?: number
  /** By so much at most the latency is wrong, ms: half the round trip by which the node's clock is known. */
  readonly uncertaintyMs?: number
  /** How unevenly blocks come, against their capture: interarrival jitter (RFC 3550, 6.4.1), ms. */
  readonly jitterMs?: number
  /** Live sound and its headers, bits a second. */
  readonly bitsPerSecond: number
  /** The node's wall clock minus this computer's, ms; wrong by `uncertaintyMs` at most. */
  readonly wallOffsetMs?: number
  /** How much faster the node captures than its rate says by this computer's clock, parts per million; absent for half a minute. */
  readonly driftPpm?: number
  /** The node's wall clock was set since the session began. */
  readonly stepped: boolean
  /** Captured since the stream began, s: as far as it was heard. */
  readonly streamSeconds?: number
  /** The session with the node, s: since it was connected, outages included. */
  readonly sessionSeconds: number
  /** What the node keeps to send again; absent without a ring. */
  readonly ring?: RingHealth
  /** Age of the oldest sound that is needed and has not come, s. */
  readonly pendingAgeSeconds?: number
}

export interface RingHealth {
  readonly kind: 'memory' | 'disk'
  /** What it can hold and what it holds, s. */
  readonly seconds: number
  readonly heldSeconds: number
  /** What is wrong with it. */
  readonly message?: string
}

/** A second each, oldest first. null where there was no sound, or nothing to tell the time by. */
export interface LinkHistory {
  /** When each second ended, ms since 1970. */
  readonly at: readonly number[]
  readonly latencyMs: readonly (number | null)[]
  readonly latencyMaxMs: readonly (number | null)[]
  readonly jitterMs: readonly (number | null)[]
  readonly roundTripMs: readonly (number | null)[]
  /** Sound that came live, ms. */
  readonly heardMs: readonly number[]
  /** Sound that was found missing, ms; it may have come later. */
  readonly missingMs: readonly number[]
}

/** How far back a history of a link goes, s. */
export const LINK_HISTORY_SECONDS = 600
