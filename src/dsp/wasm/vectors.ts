import { SAMPLE_FORMATS, type StreamFormat, sampleBytes } from '#shared/pcm.ts'
import * as reference from '#dsp/vectors.ts'
import type { Vectors } from '#dsp/kernels.ts'
import type { KernelMemory } from './memory.ts'

/** Values that `powersToDb` converts at a time. */
const DB_VALUES = 512
export const LEVEL_BYTES = 32 + 4 * DB_VALUES

/** The functions of src/dsp/vectors.ts by kernels, where what they work on lies in the memory: within 1e-12, levels within 0.0001 dB. */
export class WasmVectors implements Vectors {
  readonly #memory: KernelMemory
  /** Sums that a kernel adds to. */
  readonly #sums: number

  /** `at`: `LEVEL_BYTES`. */
  constructor(memory: KernelMemory, at: number) {
    this.#memory = memory
    this.#sums = at
  }

  decodePlanar(bytes: Uint8Array, format: StreamFormat, frames: number, planes: readonly Float32Array[]): number {
    const size = sampleBytes(format.format)
    const step = size * format.channels
    if (bytes.length !== frames * step) return reference.decodePlanar(bytes, format, frames, planes)
    const from = this.#memory.stage(bytes)
    if (from === 0) return reference.decodePlanar(bytes, format, frames, planes)
    const decoder = SAMPLE_FORMATS.indexOf(format.format)
    let replaced = 0
    for (let c = 0; c < format.channels; c++) {
      const plane = planes[c]!
      if (!this.#memory.has(plane)) return reference.decodePlanar(bytes, format, frames, planes)
      replaced += this.#memory.exports.decode(decoder, from + c * size, step, frames, plane.byteOffset)
    }
    return replaced
  }

  copySamples(from: Float32Array, at: number, to: Float32Array, place: number, frames: number): void {
    const { f32 } = this.#memory
    if (!this.#memory.has(from) || !this.#memory.has(to)) return reference.copySamples(from, at, to, place, frames)
    const first = (from.byteOffset >> 2) + at
    f32.copyWithin((to.byteOffset >> 2) + place, first, first + frames)
  }

  addLevels(plane: Float32Array, captured: Float32Array, from: number, to: number, sums: reference.LevelSums): void {
    const memory = this.#memory
    if (!memory.has(plane) || !memory.has(captured)) return reference.addLevels(plane, captured, from, to, sums)
    const at = this.#sums >> 3
    memory.f64[at] = sums.energy
    memory.f64[at + 1] = sums.sum
    memory.f64[at + 2] = sums.peak
    memory.f64[at + 3] = sums.clips
    const x = plane.byteOffset + 4 * from
    memory.exports.addLevels(x, captured.byteOffset + 4 * from, to - from, this.#sums)
    sums.energy = memory.f64[at]
    sums.sum = memory.f64[at + 1]!
    sums.peak = memory.f64[at + 2]!
    sums.clips = memory.f64[at + 3]!
  }

  clips(plane: Float32Array, from: number, to: number): boolean {
    if (!this.#memory.has(plane)) return reference.clips(plane, from, to)
    return this.#memory.exports.clips(plane.byteOffset + 4 * from, to - from) !== 0
  }

  blend(average: Float64Array, values: Float64Array, share: number): void {
    const { buffer } = this.#memory.f64
    if (average.buffer !== buffer || values.buffer !== buffer) return reference.blend(average, values, share)
    this.#memory.exports.blend(average.byteOffset, values.byteOffset, values.length, share)
  }

  powersToDb(values: Float32Array, from: number, to: number): void {
    const { f32, exports } = this.#memory
    const at = this.#sums + 32
    for (let i = from; i < to; i += DB_VALUES) {
      const count = Math.min(DB_VALUES, to - i)
      for (let k = 0; k < count; k++) f32[(at >> 2) + k] = values[i + k]!
      exports.powersToDb(at, count)
      for (let k = 0; k < count; k++) values[i + k] = f32[(at >> 2) + k]!
    }
  }

  hearPowers(rows: reference.LevelRows, powers: Float64Array, counts: boolean): void {
    const { buffer } = this.#memory.f64
    const { bands, fast, slow, values } = rows
    if (values.buffer !== buffer || powers.buffer !== buffer) return reference.hearPowers(rows, powers, counts)
    this.#memory.exports.hearPowers(values.byteOffset, bands, fast, slow, powers.byteOffset, counts)
  }

  hearTick(rows: reference.TickRows, powers: Float64Array, counts: boolean): void {
    const { buffer } = this.#memory.f64
    const { fast, slow, impulse, fall, values } = rows
    if (values.buffer !== buffer || powers.buffer !== buffer) return reference.hearTick(rows, powers, counts)
    this.#memory.exports.hearTick(values.byteOffset, fast, slow, impulse, fall, powers.byteOffset, counts)
  }
}
