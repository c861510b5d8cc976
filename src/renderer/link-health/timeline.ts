/** The last ten minutes of a link as the workstation has them, one second after the other. */
import { LINK_HISTORY_SECONDS, type LinkHistory } from '#contract/link-health.ts'
import type { Result } from '#shared/result.ts'
import { OnDemand } from '#renderer/on-demand.ts'

export type AskLink = (since: number) => Promise<Result<LinkHistory>>

const NOTHING: LinkHistory = {
  at: [],
  latencyMs: [],
  latencyMaxMs: [],
  jitterMs: [],
  roundTripMs: [],
  heardMs: [],
  missingMs: [],
}

export class Timeline extends OnDemand {
  readonly #ask: AskLink
  #history = NOTHING
  #asking = false
  #newest = 0

  constructor(ask: AskLink) {
    super()
    this.#ask = ask
  }

  get history(): LinkHistory {
    return this.#history
  }

  /** There are seconds up to `at`, ms since 1970; undefined: the session is over, and the next one begins anew. */
  follow(at: number | undefined): void {
    if (at === undefined) {
      this.#newest = 0
      this.#history = NOTHING
      this.redraw()
      return
    }
    this.#newest = at
    void this.#fetch()
  }

  /** One question at a time: what came meanwhile is asked for with the next one. */
  async #fetch(): Promise<void> {
    const since = this.#history.at.at(-1) ?? 0
    if (this.#asking || this.#newest <= since) return
    this.#asking = true
    const before = this.#history
    const answer = await this.#ask(since)
    this.#asking = false
    if (!answer.ok || answer.value.at.length === 0) return
    // A session that ended meanwhile has left nothing to go on with.
    if (this.#history === before) this.#history = joined(before, answer.value)
    this.redraw()
    void this.#fetch()
  }
}

function joined(before: LinkHistory, more: LinkHistory): LinkHistory {
  const kept = <T>(name: keyof LinkHistory): T[] =>
    [...(before[name] as readonly T[]), ...(more[name] as readonly T[])].slice(-LINK_HISTORY_SECONDS)
  return {
    at: kept('at'),
    latencyMs: kept('latencyMs'),
    latencyMaxMs: kept('latencyMaxMs'),
    jitterMs: kept('jitterMs'),
    roundTripMs: kept('roundTripMs'),
    heardMs: kept('heardMs'),
    missingMs: kept('missingMs'),
  }
}
