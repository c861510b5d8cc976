/** When and where a take ends, and how long it then waits for sound that is still to come. */

export class Ending {
  #stopped: { readonly at: number; readonly ns: bigint | undefined; readonly ends: Map<bigint, bigint> } | undefined
  #givenUpAt: number | undefined

  /** No more is taken up. */
  get stopped(): boolean {
    return this.#stopped !== undefined
  }

  /** Of the stop, ns of the monotonic clock; undefined where no stream but those of `ends` belongs to the take. */
  get moment(): bigint | undefined {
    return this.#stopped?.ns
  }

  /** When it gives up what is missing, UTC ms; undefined while it goes on for as long as it takes. */
  get givenUpAt(): number | undefined {
    return this.#givenUpAt
  }

  /** Waiting for what is missing is in vain by now. */
  get isOverdue(): boolean {
    return this.#givenUpAt !== undefined && Date.now() >= this.#givenUpAt
  }

  /** `ends`: behind the last frame, by stream. `patience`: how long missing sound may take from now on, ms. Returns the moment, UTC ms. */
  stop(ns: bigint | undefined, ends: Map<bigint, bigint>, patience: number): number {
    const at = Date.now()
    this.#stopped = { at, ns, ends }
    this.#givenUpAt = at + patience
    return at
  }

  /** As a crash left it. The ring has what the node captured since it was `seenAt`; later than that waiting is in vain. */
  restore(
    stopped: { readonly at: number; readonly ends: ReadonlyMap<bigint, bigint> } | undefined,
    seenAt: number,
    patience: number,
  ): void {
    if (stopped) this.#stopped = { at: stopped.at, ns: undefined, ends: new Map(stopped.ends) }
    this.#givenUpAt = (stopped?.at ?? seenAt) + patience
  }

  /** Its live sound is heard: a take that runs waits for nothing else. */
  heard(): void {
    if (!this.#stopped) this.#givenUpAt = undefined
  }

  /** Where the stop is in a stream; undefined where it is not known, or there is none. */
  of(stream: bigint): bigint | undefined {
    return this.#stopped?.ends.get(stream)
  }

  /** The stop turned out to be at `end` of a stream. */
  set(stream: bigint, end: bigint): void {
    this.#stopped?.ends.set(stream, end)
  }
}
