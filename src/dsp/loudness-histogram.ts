import { powerToDb } from './decibel.ts'

/** BS.1770-5: loudness of a weighted mean square is this plus 10 log10 of it. */
const OFFSET_LU = -0.691
/** Absolute gate of integrated loudness and of loudness range, LUFS. */
const ABSOLUTE_GATE = -70
const BINS_PER_LU = 100
/** Blocks louder than ABSOLUTE_GATE + SPAN_LU share the last bin; no gate comes near it. */
const SPAN_LU = 100
const BINS = SPAN_LU * BINS_PER_LU

/** Loudness in LUFS of a channel-weighted mean square; -Infinity for silence. */
export function loudness(meanSquare: number): number {
  return OFFSET_LU + powerToDb(meanSquare)
}

/** The weighted mean square at the absolute gate. */
const ABSOLUTE_POWER = 10 ** ((ABSOLUTE_GATE - OFFSET_LU) / 10)

/**
 * Loudness values of any length of sound in fixed memory (160 kB): those above the absolute gate, by 0.01 LU, each bin with
 * its exact power sum.
 */
export class LoudnessHistogram {
  readonly #sum = new Float64Array(BINS)
  readonly #count = new Float64Array(BINS)
  /** The same by whole LU, so that nobody has to go through all bins. */
  readonly #groupSum = new Float64Array(SPAN_LU)
  readonly #groupCount = new Float64Array(SPAN_LU)
  /** Sum and count of all, then of those that the last `gate` left. */
  readonly #totals = new Float64Array(4)
  /** First bin that the last `gate` left, and the highest in use. */
  #first = 0
  #last = 0
  /** The lowest in use. */
  #low = BINS

  /** Adds a channel-weighted mean square. */
  add(meanSquare: number): void {
    if (!(meanSquare > ABSOLUTE_POWER)) return
    const bin = binOf(meanSquare)
    this.#sum[bin]! += meanSquare
    this.#count[bin]!++
    const group = Math.floor(bin / BINS_PER_LU)
    this.#groupSum[group]! += meanSquare
    this.#groupCount[group]!++
    this.#totals[0]! += meanSquare
    this.#totals[1]!++
    if (bin > this.#last) this.#last = bin
    if (bin < this.#low) this.#low = bin
  }

  /**
   * Leaves what is louder than the mean power times `ratio`, for `gatedMean` and `percentile`. The one bin that holds this
   * threshold is taken or left as a whole, by its mean.
   */
  gate(ratio: number): void {
    const threshold = (this.#totals[0]! / this.#totals[1]!) * ratio
    this.#first = threshold > ABSOLUTE_POWER ? binOf(threshold) : 0
    if (this.#sum[this.#first]! <= threshold * this.#count[this.#first]!) this.#first++
    this.#first = Math.max(this.#first, this.#low)
    let sum = 0
    let count = 0
    for (let bin = this.#first; bin <= this.#last;) {
      const group = bin / BINS_PER_LU
      const whole = Number.isInteger(group)
      sum += whole ? this.#groupSum[group]! : this.#sum[bin]!
      count += whole ? this.#groupCount[group]! : this.#count[bin]!
      bin += whole ? BINS_PER_LU : 1
    }
    this.#totals[2] = sum
    this.#totals[3] = count
  }

  /** LUFS of the mean power of what is left; -Infinity where nothing is. */
  gatedMean(): number {
    return this.#totals[3]! > 0 ? loudness(this.#totals[2]! / this.#totals[3]!) : -Infinity
  }

  /** The value, LUFS, that a share `p` of the rest is below: the one at (n - 1) p, rounded. -Infinity where nothing is left. */
  percentile(p: number): number {
    let below = Math.round((this.#totals[3]! - 1) * p)
    for (let bin = this.#first; bin <= this.#last;) {
      const group = bin / BINS_PER_LU
      if (Number.isInteger(group) && this.#groupCount[group]! <= below) {
        below -= this.#groupCount[group]!
        bin += BINS_PER_LU
        continue
      }
      below -= this.#count[bin]!
      if (below < 0) return loudness(this.#sum[bin]! / this.#count[bin]!)
      bin++
    }
    return -Infinity
  }

  reset(): void {
    this.#sum.fill(0)
    this.#count.fill(0)
    this.#groupSum.fill(0)
    this.#groupCount.fill(0)
    this.#totals.fill(0)
    this.#first = 0
    this.#last = 0
    this.#low = BINS
  }
}

function binOf(meanSquare: number): number {
  const bin = Math.floor((loudness(meanSquare) - ABSOLUTE_GATE) * BINS_PER_LU)
  return Math.max(0, Math.min(bin, BINS - 1))
}
