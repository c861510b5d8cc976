/** A queue with a limit, a policy in its name and a count of what it dropped. */

export type DropPolicy = 'drop-oldest' | 'drop-newest'

export class BoundedQueue<T> {
  readonly limit: number
  readonly policy: DropPolicy
  #items: T[] = []
  #size = 0
  #dropped = 0
  #weigh: (item: T) => number

  /** `limit` is in the unit of `weigh` (bytes, say); without `weigh`, in items. */
  constructor(limit: number, policy: DropPolicy, weigh: (item: T) => number = () => 1) {
    this.limit = limit
    this.policy = policy
    this.#weigh = weigh
  }

  /** Items dropped since the queue was made. */
  get dropped(): number {
    return this.#dropped
  }

  get length(): number {
    return this.#items.length
  }

  /** Weight now held, in the unit of `limit`. */
  get size(): number {
    return this.#size
  }

  /** Returns what was dropped to keep the limit: older items, or the given one. */
  push(item: T): readonly T[] {
    const weight = this.#weigh(item)
    if (this.policy === 'drop-newest' && this.#size + weight > this.limit) {
      this.#dropped++
      return [item]
    }
    this.#items.push(item)
    this.#size += weight
    const out: T[] = []
    while (this.#size > this.limit && this.#items.length > 1) {
      out.push(this.shift()!)
      this.#dropped++
    }
    return out
  }

  peek(): T | undefined {
    return this.#items[0]
  }

  shift(): T | undefined {
    const item = this.#items.shift()
    if (item !== undefined) this.#size -= this.#weigh(item)
    return item
  }

  clear(): void {
    this.#items = []
    this.#size = 0
  }
}
