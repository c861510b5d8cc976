import type { Kernels } from './kernels.ts'
import { FAST_S, SLOW_S, LEAST_COVER, WHOLE_COVER, FORGOTTEN, TINY } from './time-weighting.ts'
import { type LevelRows, hearPower } from './vectors.ts'

/**
 * F, S, mean, largest and least F of many bands, renewed once a block: for each band what `TimeWeightings` are for sound, side by
 * side in rows, so that all are heard at once.
 */
export class BandLevels {
  readonly #rows: LevelRows
  readonly #vectors: Kernels['vectors']
  /** Infinity while there is none. */
  readonly #least: Float64Array

  /** Time of a block, s. */
  constructor(bands: number, tick: number, kernels: Kernels) {
    this.#vectors = kernels.vectors
    this.#rows = {
      bands,
      fast: -Math.expm1(-tick / FAST_S),
      slow: -Math.expm1(-tick / SLOW_S),
      values: kernels.bins(7 * bands),
    }
    this.#least = new Float64Array(bands).fill(Infinity)
  }

  /** A block in which every band was heard, by their powers. `counts`: towards what a reset clears. */
  hear(powers: Float64Array, counts: boolean): void {
    this.#vectors.hearPowers(this.#rows, powers, counts)
    if (counts) for (let band = 0; band < powers.length; band++) this.#lower(band)
  }

  hearOne(band: number, powers: Float64Array, counts: boolean): void {
    hearPower(this.#rows, band, powers, counts)
    if (counts) this.#lower(band)
  }

  miss(band: number): void {
    const { bands, fast, slow } = this.#rows
    this.#lose(band, fast)
    this.#lose(band + 2 * bands, slow)
  }

  /** Powers: F and S now, 0 while less than half of their window was heard, then mean, largest and least F since reset. */
  write(band: number, out: Float32Array, at: number, step: number): void {
    const { bands, values } = this.#rows
    const fast = values[band]!
    const slow = values[band + 2 * bands]!
    const blocks = values[band + 5 * bands]!
    out[at] = fast >= LEAST_COVER ? values[band + bands]! / fast : 0
    out[at + step] = slow >= LEAST_COVER ? values[band + 3 * bands]! / slow : 0
    out[at + 2 * step] = blocks > 0 ? values[band + 4 * bands]! / blocks : 0
    out[at + 3 * step] = values[band + 6 * bands]!
    out[at + 4 * step] = this.#least[band]! < Infinity ? this.#least[band]! : 0
  }

  reset(): void {
    const { bands, values } = this.#rows
    values.fill(0, 4 * bands)
    this.#least.fill(Infinity)
  }

  #lower(band: number): void {
    const { bands, values } = this.#rows
    const cover = values[band]!
    if (cover < WHOLE_COVER) return
    const fast = values[band + bands]! / cover
    if (fast < this.#least[band]!) this.#least[band] = fast
  }

  #lose(at: number, share: number): void {
    const { bands, values } = this.#rows
    const cover = values[at]! * (1 - share)
    const mean = values[at + bands]! * (1 - share)
    values[at] = cover < FORGOTTEN ? 0 : cover
    values[at + bands] = cover < FORGOTTEN || mean < TINY ? 0 : mean
  }
}
