/** What a test opened and has to close again, also when it fails: processes left behind would be found by the next one. */
export class Closing {
  #items: (() => unknown)[] = []

  /** Register on the line after opening. */
  defer(close: () => unknown): void {
    this.#items.push(close)
  }

  /** Closes everything in the reverse order, then throws what the first failure threw; for `afterEach`. */
  async close(): Promise<void> {
    const failures: unknown[] = []
    for (const close of this.#items.splice(0).reverse()) {
      try {
        await close()
      } catch (error) {
        failures.push(error)
      }
    }
    if (failures.length > 0) throw failures[0]
  }
}
