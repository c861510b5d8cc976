/** Open it, register its disposal on the next line; everything closes in the reverse order. */

export interface Disposable {
  dispose(): void | Promise<void>
}

export class DisposableStore implements Disposable {
  #items: Disposable[] = []
  #done = false

  /** Returns what it was given, so that opening and registering is one line. After disposal a late item is closed at once. */
  add<T extends Disposable>(item: T): T {
    if (this.#done) void item.dispose()
    else this.#items.push(item)
    return item
  }

  defer(close: () => void | Promise<void>): void {
    this.add({ dispose: close })
  }

  get disposed(): boolean {
    return this.#done
  }

  async dispose(): Promise<void> {
    this.#done = true
    const items = this.#items
    this.#items = []
    for (const item of items.reverse()) await item.dispose()
  }
}

/** A list of listeners. Listeners run in the order they came, synchronously; `on` returns the way to leave. */
export class Emitter<T> {
  #listeners = new Set<(value: T) => void>()

  on(listener: (value: T) => void): Disposable {
    this.#listeners.add(listener)
    return { dispose: () => void this.#listeners.delete(listener) }
  }

  emit(value: T): void {
    for (const listener of this.#listeners) listener(value)
  }

  get size(): number {
    return this.#listeners.size
  }
}
