/**
 * Mean power over the last `hops` hops of a stream, in constant time per hop.
 *
 * Lost frames are neither sound nor silence: the mean is over what was heard, and there is one only while enough (as a
 * rule half) of the window was heard. The time before the first hop counts as lost.
 *
 * A running sum that subtracts what leaves would keep rounding residue of loud sound long after it ended. Instead the
 * window is the tail of one ring turn (sums kept from the end) plus the head of the next (summed as it comes): only
 * additions, so silence reads exactly 0.
 */
export class SlidingMean {
  readonly #energy: Float64Array
  readonly #heard: Uint32Array
  readonly #missing: Uint32Array
  /** `#tail[i]` is the energy of places i and above of the ring's last turn. */
  readonly #tail: Float64Array
  readonly #frames: number
  readonly #least: number
  #at = 0
  #head = 0
  #heardSum = 0
  #missingSum: number

  /**
   * A window of `hops` hops that holds `frames` frames when all of them are heard. There is a mean while at least the share
   * `least` of it was heard: 0 for whoever shows `coverage` beside the figure.
   */
  constructor(hops: number, frames: number, least = 0.5) {
    this.#energy = new Float64Array(hops)
    this.#heard = new Uint32Array(hops)
    this.#missing = new Uint32Array(hops).fill(1)
    this.#tail = new Float64Array(hops + 1)
    this.#frames = frames
    this.#least = frames * least
    this.#missingSum = hops
  }

  /** Adds a hop: the sum of its squares over `heard` frames, of which `missing` more were lost. */
  push(energy: number, heard: number, missing: number): void {
    const at = this.#at
    const hops = this.#energy.length
    this.#heardSum += heard - this.#heard[at]!
    this.#missingSum += missing - this.#missing[at]!
    this.#energy[at] = energy
    this.#heard[at] = heard
    this.#missing[at] = missing
    this.#head += energy
    this.#at = at + 1
    if (this.#at < hops) return
    let sum = 0
    for (let i = hops - 1; i >= 0; i--) this.#tail[i] = sum += this.#energy[i]!
    this.#at = 0
    this.#head = 0
  }

  /** Mean square over what was heard in the window; 0 while too little of it was heard. */
  get mean(): number {
    if (this.#heardSum === 0 || this.#heardSum < this.#least) return 0
    return (this.#tail[this.#at]! + this.#head) / this.#heardSum
  }

  /** Share of the window that was heard, 0 to 1. */
  get coverage(): number {
    return Math.min(1, this.#heardSum / this.#frames)
  }

  /** Whether every frame of the window was heard. */
  get whole(): boolean {
    return this.#missingSum === 0
  }
}
