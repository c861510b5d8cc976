import { powerToDb } from './decibel.ts'

/** BS.1770-5: loudness of a weighted mean square is this plus 10 log10 of it. */
const OFFSET_LU = -0.691
/** Absolute gate, LUFS. */
const ABSOLUTE_GATE = -70
/** The relative gate lies this far below the loudness of the blocks above the absolute gate. */
const RELATIVE_GATE_LU = -10
const BINS_PER_LU = 100
/** Blocks louder than ABSOLUTE_GATE + SPAN_LU share the last bin; no gate comes near it. */
const SPAN_LU = 100
const BINS = SPAN_LU * BINS_PER_LU

/** Loudness in LUFS of a channel-weighted mean square; -Infinity for silence. */
export function loudness(meanSquare: number): number {
  return OFFSET_LU + powerToDb(meanSquare)
}

/** The weighted mean square that has this loudness. */
function power(lufs: number): number {
  return 10 ** ((lufs - OFFSET_LU) / 10)
}

const ABSOLUTE_POWER = power(ABSOLUTE_GATE)
const RELATIVE_RATIO = 10 ** (RELATIVE_GATE_LU / 10)

/**
 * Gated (integrated) loudness, BS.1770-5 annex 1, of any length of sound in fixed memory (160 kB).
 *
 * A histogram of 0.01 LU that keeps each bin's exact power sum: the absolute gate, the relative threshold and the mean are
 * exact; only the one bin that holds the relative threshold is taken or left as a whole, by its mean.
 */
export class GatedLoudness {
  readonly #sum = new Float64Array(BINS)
  readonly #count = new Float64Array(BINS)
  #totalSum = 0
  #totalCount = 0
  #integrated = -Infinity
  #stale = false

  /** Adds a gating block of 400 ms by its channel-weighted mean square. */
  add(meanSquare: number): void {
    if (!(meanSquare > ABSOLUTE_POWER)) return
    const bin = binOf(meanSquare)
    this.#sum[bin]! += meanSquare
    this.#count[bin]!++
    this.#totalSum += meanSquare
    this.#totalCount++
    this.#stale = true
  }

  /** LUFS; -Infinity while no block is above the gates. */
  get integrated(): number {
    if (this.#stale) this.#integrated = this.#evaluate()
    this.#stale = false
    return this.#integrated
  }

  reset(): void {
    this.#sum.fill(0)
    this.#count.fill(0)
    this.#totalSum = 0
    this.#totalCount = 0
    this.#integrated = -Infinity
    this.#stale = false
  }

  #evaluate(): number {
    const threshold = (this.#totalSum / this.#totalCount) * RELATIVE_RATIO
    let sum = 0
    let count = 0
    for (let bin = threshold > ABSOLUTE_POWER ? binOf(threshold) : 0; bin < BINS; bin++) {
      const n = this.#count[bin]!
      if (n === 0 || this.#sum[bin]! <= threshold * n) continue
      sum += this.#sum[bin]!
      count += n
    }
    return count > 0 ? loudness(sum / count) : -Infinity
  }
}

function binOf(meanSquare: number): number {
  const bin = Math.floor((loudness(meanSquare) - ABSOLUTE_GATE) * BINS_PER_LU)
  return Math.max(0, Math.min(bin, BINS - 1))
}
