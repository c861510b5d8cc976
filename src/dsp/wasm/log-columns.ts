import type { Face } from '#dsp/kernels.ts'
import { type LogColumns, columnSpans } from '#dsp/log-columns.ts'
import type { KernelMemory } from './memory.ts'

type Spans = ReturnType<typeof columnSpans>

/** Spans, columns, the peaks in them, and the levels of bins that the kernel works out four at a time; a spectrum that lies elsewhere. */
export function logColumnsBytes(columns: number, bins: number): number {
  return 8 * 3 * columns + 4 * 4 * (columns + 4) + 4 * (bins + 8) + 8 * (bins + 4)
}

/** `LogColumns` by a kernel, in single precision: within 0.001 dB. */
export class WasmLogColumns implements Face<LogColumns> {
  readonly #memory: KernelMemory
  readonly #spans: Spans
  readonly #table: number
  readonly #power: number
  readonly #levels: number
  readonly #peaks: number
  readonly #out: number

  /** `at`: cleared memory of `logColumnsBytes`. */
  constructor(memory: KernelMemory, at: number, frequencies: Float64Array, binWidth: number, bins: number) {
    const columns = frequencies.length
    this.#memory = memory
    this.#spans = columnSpans(frequencies, binWidth, bins)
    this.#table = at
    const { from, centre, to } = this.#spans
    ;[from, centre, to].forEach((row, i) => memory.f64.set(row, (at >> 3) + i * columns))
    this.#power = at + 8 * 3 * columns
    this.#levels = this.#power + 8 * (bins + 4)
    this.#peaks = this.#levels + 4 * (bins + 8)
    this.#out = this.#peaks + 3 * 4 * (columns + 4)
  }

  write(power: Float64Array, out: Float32Array): void {
    const { f32, f64, exports } = this.#memory
    const inside = power.buffer === f64.buffer
    if (!inside) f64.set(power, this.#power >> 3)
    const { last, dense } = this.#spans
    const from = inside ? power.byteOffset : this.#power
    exports.logColumns(this.#table, out.length, last, dense, from, this.#levels, this.#peaks, this.#out)
    for (let c = 0, i = this.#out >> 2; c < out.length; c++, i++) out[c] = f32[i]!
  }
}
