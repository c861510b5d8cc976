/** What a test opened and has to close again, also when it fails: processes left behind would be found by the next one. */
export class Closing {
  #items: (() => unknown)[] = []

  /** Register on the line after opening. */
  defer(close: () => unknown): void {
    this.#items.push(close)
  }

  /** Closes in the reverse order; for `afterEach`. */
  async close(): Promise<void> {
    for (const close of this.#items.splice(0).reverse()) await close()
  }
}
