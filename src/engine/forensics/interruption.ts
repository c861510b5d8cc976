/** How long a node captured nothing between two streams: known once it is known where the one ended and when the other began. */

export class Interruption {
  #stream: bigint | undefined
  /** From the last sound heard of the old stream to the first frame of the new one, ns. */
  #silentNs: bigint | undefined
  /** What of that time was captured, though not heard, ns. */
  #capturedNs: bigint | undefined

  /** Another stream followed `stream`. Returns the length, ns, when it is known. */
  followed(stream: bigint, silentNs: bigint): bigint | undefined {
    this.#about(stream)
    this.#silentNs = silentNs
    return this.#length()
  }

  /** `stream` is over. Returns the length, ns, when it is known. */
  ended(stream: bigint, capturedNs: bigint): bigint | undefined {
    this.#about(stream)
    this.#capturedNs = capturedNs
    return this.#length()
  }

  #about(stream: bigint): void {
    if (this.#stream === stream) return
    this.#stream = stream
    this.#silentNs = undefined
    this.#capturedNs = undefined
  }

  #length(): bigint | undefined {
    if (this.#silentNs === undefined || this.#capturedNs === undefined) return undefined
    const length = this.#silentNs - this.#capturedNs
    return length > 0n ? length : 0n
  }
}
