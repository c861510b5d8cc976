/** Cuts captured bytes into blocks and stamps each with its position and capture time. */
import { framesToNs } from '#shared/clock.ts'
import { frameBytes, type StreamFormat } from '#shared/pcm.ts'
import { FLAG_CLOCK_STEPPED, FLAG_DISCONTINUITY, type BlockHeader } from '#wire/packet.ts'
import { crc32 } from 'node:zlib'
import type { SystemClock } from './clock.ts'

export type SendBlock = (header: BlockHeader, samples: Uint8Array) => void

export interface StreamStart {
  readonly format: StreamFormat
  readonly blockFrames: number
  /** Stream id. */
  readonly stream: bigint
  /** Position of the first frame; default 0. */
  readonly firstFrame?: bigint
}

/**
 * One stream. Every block has `blockFrames` frames, except the last one before a loss or the end.
 * The samples given to `send` belong to the receiver: they are a piece of what came in, or a copy, and are never written again.
 */
export class BlockMaker {
  readonly format: StreamFormat
  readonly stream: bigint
  #blockBytes: number
  #frameBytes: number
  #clock: SystemClock
  #send: SendBlock
  /** A block that has begun: `#filled` of its bytes are there. */
  #partial: Uint8Array | undefined
  #filled = 0
  #partialNs = 0n
  #position: bigint
  #sequence = 0n
  #flags = 0

  constructor({ format, blockFrames, stream, firstFrame = 0n }: StreamStart, clock: SystemClock, send: SendBlock) {
    this.format = format
    this.stream = stream
    this.#position = firstFrame
    this.#frameBytes = frameBytes(format)
    this.#blockBytes = blockFrames * this.#frameBytes
    this.#clock = clock
    this.#send = send
  }

  /** `endNs`: capture time of the last frame in `bytes`, monotonic, ns. */
  push(bytes: Uint8Array, endNs: bigint): void {
    let at = 0
    while (at < bytes.byteLength) {
      const left = bytes.byteLength - at
      if (this.#filled === 0) {
        const startNs = endNs - framesToNs(BigInt(Math.ceil(left / this.#frameBytes)), this.format.rate)
        if (left >= this.#blockBytes) {
          this.#emit(bytes.subarray(at, at + this.#blockBytes), startNs)
          at += this.#blockBytes
          continue
        }
        this.#partialNs = startNs
        this.#partial = new Uint8Array(this.#blockBytes)
      }
      const taken = Math.min(left, this.#blockBytes - this.#filled)
      this.#partial!.set(bytes.subarray(at, at + taken), this.#filled)
      this.#filled += taken
      at += taken
      if (this.#filled === this.#blockBytes) {
        this.#filled = 0
        this.#emit(this.#partial!, this.#partialNs)
      }
    }
  }

  /** `frames` went missing after what was pushed so far: the position goes on counting real time. */
  lost(frames: number): void {
    this.flush()
    this.#position += BigInt(frames)
    this.#flags |= FLAG_DISCONTINUITY
  }

  /** Sends the frames of a block that will not be filled; a piece of a frame stays for the bytes that follow. */
  flush(): void {
    const whole = this.#filled - (this.#filled % this.#frameBytes)
    if (whole === 0) return
    const partial = this.#partial!
    const rest = partial.slice(whole, this.#filled)
    this.#filled = 0
    this.#emit(partial.subarray(0, whole), this.#partialNs)
    if (rest.byteLength === 0) return
    this.#partial = new Uint8Array(this.#blockBytes)
    this.#partial.set(rest)
    this.#filled = rest.byteLength
  }

  #emit(samples: Uint8Array, monotonicNs: bigint): void {
    if (this.#clock.observe()) this.#flags |= FLAG_CLOCK_STEPPED
    const frames = samples.byteLength / this.#frameBytes
    this.#send(
      {
        ...this.format,
        flags: this.#flags,
        stream: this.stream,
        sequence: this.#sequence++,
        firstFrame: this.#position,
        monotonicNs,
        utcNs: this.#clock.utcOf(monotonicNs),
        frames,
        crc: crc32(samples),
      },
      samples,
    )
    this.#position += BigInt(frames)
    this.#flags = 0
  }
}
