import type { Convolver } from '#dsp/convolver.ts'
import type { Face } from '#dsp/kernels.ts'
import { type KernelMemory, TURN_FRAMES } from './memory.ts'

/** Bytes for a filter and `channels`, by the same sizes as the constructor's; 0 where the kernel does not do it. */
export function convolverBytes(memory: KernelMemory, taps: number, channels: number, partition: number): number {
  const { exports } = memory
  const partitions = partitionsOf(taps, partition)
  if (partition < 16 || partition > exports.convolverMost()) return 0
  const shared = exports.convolverSharedBytes(partition, partitions)
  return shared + channels * exports.convolverChannelBytes(partition, partitions)
}

/** The kernel takes four at a time. */
function partitionsOf(taps: number, partition: number): number {
  return 4 * Math.max(1, Math.ceil(taps / partition / 4))
}

/** `Convolver` by a kernel, in single precision: within 1e-6 of the largest sample times the filter's gain. */
export class WasmConvolver implements Face<Convolver> {
  readonly latency: number
  readonly #memory: KernelMemory
  readonly #shared: number
  readonly #twiddles: number
  readonly #partitions: number
  readonly #channels: readonly number[]

  /** `at`: cleared memory of `convolverBytes`; `twiddles` for `partition` points. */
  constructor(
    memory: KernelMemory,
    at: number,
    twiddles: number,
    taps: Float32Array,
    channels: number,
    partition: number,
  ) {
    const { exports, f32 } = memory
    this.#memory = memory
    this.latency = partition
    this.#partitions = partitionsOf(taps.length, partition)
    this.#twiddles = twiddles
    this.#shared = at
    const shared = exports.convolverSharedBytes(partition, this.#partitions)
    const each = exports.convolverChannelBytes(partition, this.#partitions)
    this.#channels = Array.from({ length: channels }, (_, c) => at + shared + c * each)
    for (let j = 0; j < partition; j++) {
      f32[(at >> 2) + j] = Math.cos((Math.PI * j) / (2 * partition))
      f32[(at >> 2) + partition + j] = Math.sin((Math.PI * j) / (2 * partition))
    }
    // What will be the first channel's ring has room for the taps.
    const taken = this.#channels[0]! + 16
    f32.set(taps, taken >> 2)
    exports.convolverFilter(at, twiddles, partition, this.#partitions, taken)
    f32.fill(0, taken >> 2, (taken >> 2) + taps.length)
  }

  process(input: readonly Float32Array[], output: readonly Float32Array[], frames: number): void {
    for (let c = 0; c < this.#channels.length; c++) {
      for (let at = 0; at < frames; at += TURN_FRAMES) {
        this.#convolve(this.#channels[c]!, input[c]!, output[c]!, at, Math.min(at + TURN_FRAMES, frames))
      }
    }
  }

  #convolve(channel: number, input: Float32Array, output: Float32Array, from: number, to: number): void {
    const memory = this.#memory
    const x = memory.place(input, from, to)
    const y = memory.has(output) ? output.byteOffset + 4 * from : x
    memory.exports.convolve(this.#shared, this.#twiddles, channel, this.latency, this.#partitions, x, y, to - from)
    if (memory.has(output)) return
    for (let i = from, j = y >> 2; i < to; i++, j++) output[i] = memory.f32[j]!
  }
}
