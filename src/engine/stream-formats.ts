/** The formats of a node's streams, of those too that are over: what comes again later is told by stream and position alone. */
import type { StreamFormat } from '#shared/pcm.ts'

/** Streams remembered: those of a ring, and as many that are over. */
const MAX_FORMATS = 64
const DEFAULT_RATE = 48_000

export class StreamFormats {
  /** Of the live stream; undefined before the first block. */
  live: StreamFormat | undefined
  readonly #formats = new Map<bigint, StreamFormat>()

  learn(stream: bigint, { format, channels, rate }: StreamFormat): void {
    if (this.#formats.has(stream)) return
    this.#formats.set(stream, { format, channels, rate })
    if (this.#formats.size > MAX_FORMATS) this.#formats.delete(this.#formats.keys().next().value!)
  }

  /** Undefined for a stream of which nothing was heard or told yet. */
  of(stream: bigint): StreamFormat | undefined {
    return this.#formats.get(stream)
  }

  /** Frames a second; that of the live stream, or the usual one, for a stream that is not known. */
  rateOf(stream: bigint): number {
    return (this.of(stream) ?? this.live)?.rate ?? DEFAULT_RATE
  }
}
