/**
 * Looks for nodes that are lost: a node that got another address is the same node where it is now, for its id says so.
 * It asks only on the networks that such a node was on, and rests between two searches.
 */
import { lookup } from 'node:dns/promises'
import type { FoundNode } from '#contract/state.ts'
import { NS_PER_SECOND, type Clock } from '#shared/clock.ts'
import { interfacesToward, scan } from './discovery.ts'

const SEARCH_SECONDS = 1
const REST_NS = 4n * NS_PER_SECOND

export class Seeker {
  readonly #clock: Clock
  readonly #interfaces: readonly string[]
  readonly #found: (node: FoundNode) => void
  #restedAt: bigint
  #searching = false

  /** `interfaces`: the only ones to look on; every one when empty. */
  constructor(clock: Clock, interfaces: readonly string[], found: (node: FoundNode) => void) {
    this.#clock = clock
    this.#interfaces = interfaces
    this.#found = found
    this.#restedAt = clock.monotonicNs()
  }

  /** Call once a second with the addresses at which nodes were lost: `tcp://host:port`. Never throws. */
  tick(lost: readonly string[]): void {
    if (lost.length === 0 || this.#searching || this.#clock.monotonicNs() < this.#restedAt) return
    this.#searching = true
    void this.#search(lost).finally(() => {
      this.#searching = false
      this.#restedAt = this.#clock.monotonicNs() + REST_NS
    })
  }

  async #search(lost: readonly string[]): Promise<void> {
    const hosts = await Promise.all(lost.map(addressOf))
    const toward = new Set(hosts.flatMap((host) => (host === undefined ? [] : interfacesToward(host))))
    const allowed = [...toward].filter((own) => this.#interfaces.length === 0 || this.#interfaces.includes(own))
    // A search that fails is no news: the node is told to be lost, and the next search comes.
    if (allowed.length > 0) await scan(SEARCH_SECONDS, allowed, this.#found)
  }
}

/** IPv4; undefined for a name that nobody knows now. */
async function addressOf(url: string): Promise<string | undefined> {
  const host = /^tcp:\/\/([^[\]]+):\d+$/.exec(url)?.[1]
  return host === undefined
    ? undefined
    : lookup(host, 4).then(
        ({ address }) => address,
        () => undefined,
      )
}
