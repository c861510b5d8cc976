/** Who is logged in. Only hashes of the tokens are held, so that a memory dump opens no session. */
import { createHash, randomBytes } from 'node:crypto'

/** Ends 12 h after it was last used; an open screen uses it. */
export const SESSION_MS = 12 * 3600 * 1000
const MAX_SESSIONS = 256

/** A logged-in browser, as the name under which it is held. */
export type SessionId = string

export class Sessions {
  readonly #now: () => number
  /** Monotonic ms at which each ends, least recently used first. */
  readonly #ends = new Map<SessionId, number>()

  /** `now`: monotonic ms. */
  constructor(now: () => number) {
    this.#now = now
  }

  /** A new session's token: 256 random bits for the cookie. The least recently used session ends where there are too many. */
  begin(): string {
    const token = randomBytes(32).toString('base64url')
    for (const [id, end] of this.#ends) if (end <= this.#now() || this.#ends.size >= MAX_SESSIONS) this.#ends.delete(id)
    this.#ends.set(idOf(token), this.#now() + SESSION_MS)
    return token
  }

  /** The session of a cookie's token, which is used by this; undefined where there is none. */
  find(token: string | undefined): SessionId | undefined {
    if (token === undefined) return undefined
    const id = idOf(token)
    return this.use(id) ? id : undefined
  }

  /** Puts the end off. False for a session that ended. */
  use(id: SessionId): boolean {
    const end = this.#ends.get(id)
    this.#ends.delete(id)
    if (end === undefined || end <= this.#now()) return false
    this.#ends.set(id, this.#now() + SESSION_MS)
    return true
  }

  end(id: SessionId): void {
    this.#ends.delete(id)
  }
}

function idOf(token: string): SessionId {
  return createHash('sha256').update(token).digest('base64')
}
