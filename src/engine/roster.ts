/** The nodes of the workstation: which there are, where they are, and what is remembered of them. */
import type { FoundNode } from '#contract/state.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import { parseAddress, type NodeEndpoint } from '#wire/topics.ts'
import type { ManagedNode } from './nodes.ts'
import type { RememberedNode } from './settings.ts'

/** As many removed nodes can be brought back; the one removed longest ago is forgotten. */
const MAX_REMOVED = 16

export class Roster {
  readonly #make: (key: number, endpoint: NodeEndpoint, remembered: RememberedNode) => ManagedNode
  readonly #nodes = new Map<number, ManagedNode>()
  /** The newest last. */
  readonly #removed: { readonly node: ManagedNode; readonly connected: boolean }[] = []
  #nextKey = 1

  constructor(make: (key: number, endpoint: NodeEndpoint, remembered: RememberedNode) => ManagedNode) {
    this.#make = make
  }

  get(key: number): ManagedNode | undefined {
    return this.#nodes.get(key)
  }

  /** In the order in which they were added. */
  values(): MapIterator<ManagedNode> {
    return this.#nodes.values()
  }

  /** Adds a node, or finds the one with this address. Fault: `bad-address`. */
  add(remembered: RememberedNode): Result<ManagedNode> {
    const endpoint = parseAddress(remembered.address)
    if (!endpoint.ok) return endpoint
    const known = this.#at(endpoint.value)
    if (known) return ok(known)
    const node = this.#make(this.#nextKey++, endpoint.value, remembered)
    this.#nodes.set(node.key, node)
    return ok(node)
  }

  remove(key: number): void {
    const node = this.#nodes.get(key)
    if (!node) return
    this.#removed.push({ node, connected: node.session !== undefined })
    if (this.#removed.length > MAX_REMOVED) this.#removed.shift()
    node.disconnect()
    this.#nodes.delete(key)
  }

  /** Puts a removed node back in its place, connected if it was. Faults: `not-found`, `busy`. */
  restore(key: number): Result<null> {
    const place = this.#removed.findIndex(({ node }) => node.key === key)
    const removed = this.#removed[place]
    if (!removed) return fail('not-found', 'This node was removed too long ago. Add it again by its address.')
    const { node, connected } = removed
    if (this.#at(node.endpoint)) return fail('busy', `${node.name} is in the list again already.`)
    this.#removed.splice(place, 1)
    // Keys were given in the order in which nodes were added.
    const all = [...this.#nodes.values(), node].sort((a, b) => a.key - b.key)
    this.#nodes.clear()
    for (const one of all) this.#nodes.set(one.key, one)
    if (connected) node.connect()
    return ok(null)
  }

  /** A node found at a new address is the one we knew: its session moves there, unless it is live where it was. True if one moved. */
  adopt(found: FoundNode): boolean {
    let moved = false
    for (const node of this.#nodes.values()) {
      if (node.id !== found.id || node.endpoint.pub === found.address || !node.session) continue
      if (node.session.presence().presence === 'live') continue
      const endpoint = parseAddress(found.address)
      if (!endpoint.ok || this.#at(endpoint.value)) continue
      node.move(endpoint.value)
      moved = true
    }
    return moved
  }

  /** The node that was found, where it has been added. */
  find(found: FoundNode): ManagedNode | undefined {
    for (const node of this.#nodes.values())
      if (node.id === found.id || node.endpoint.pub === found.address) return node
    return undefined
  }

  /** What the next start begins with. The demo is started by hand or by `--demo`, never remembered. */
  remembered(): RememberedNode[] {
    return [...this.#nodes.values()].filter((n) => !n.endpoint.pub.startsWith('inproc:')).map((n) => n.remember())
  }

  #at({ pub }: NodeEndpoint): ManagedNode | undefined {
    return [...this.#nodes.values()].find((n) => n.endpoint.pub === pub)
  }
}
