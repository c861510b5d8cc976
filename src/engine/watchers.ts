/** Which pictures of the moment screens show of each node, counted over all screens. */
import type { Watched } from '#contract/link.ts'

export class Watchers {
  readonly #counts = new Map<number, Map<string, number>>()
  readonly #changed: (node: number, meters: readonly string[]) => void

  /** `changed` is told what is watched of a node when that is something else than before. */
  constructor(changed: (node: number, meters: readonly string[]) => void) {
    this.#changed = changed
  }

  add(shown: readonly Watched[], by: 1 | -1): void {
    for (const { node, meters } of shown) {
      const counts = this.#counts.get(node) ?? new Map<string, number>()
      this.#counts.set(node, counts)
      const before = counts.size
      for (const meter of meters) {
        const count = (counts.get(meter) ?? 0) + by
        if (count === 0) counts.delete(meter)
        else counts.set(meter, count)
      }
      if (counts.size !== before) this.#changed(node, [...counts.keys()])
      if (counts.size === 0) this.#counts.delete(node)
    }
  }
}
