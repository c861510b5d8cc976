/** Pink noise: equal power in every octave, a slope of -10 dB a decade, from 10 Hz to near half the sample rate. */

/**
 * Method: white noise through a cascade of first-order sections whose real poles and zeros alternate evenly on a
 * logarithmic frequency axis, a pair an octave. Each pole bends the response by -20 dB a decade and each zero back, so that the mean
 * is -10 dB a decade and the ripple stays far below a tenth of a decibel (J. O. Smith, "Closed Form Fractional
 * Integration and Differentiation via Real Exponentially Spaced Pole-Zero Pairs", 2016). Poles and zeros come to the
 * sample plane by the matched-z mapping, so the same noise is made at every rate.
 */
const LOWEST_POLE_HZ = 5
const STEP = 2

export class PinkNoise {
  #poles: Float64Array
  #zeros: Float64Array
  /** Input and output of each section one frame ago. */
  #inputs: Float64Array
  #outputs: Float64Array
  #random: () => number
  #gain: number

  /** Noise of an RMS of 1 for `rate` Hz; equal seeds give equal noise. */
  constructor(rate: number, seed: number) {
    const poles: number[] = []
    const zeros: number[] = []
    for (let hz = LOWEST_POLE_HZ; hz * Math.sqrt(STEP) < rate / 2; hz *= STEP) {
      poles.push(Math.exp((-2 * Math.PI * hz) / rate))
      zeros.push(Math.exp((-2 * Math.PI * hz * Math.sqrt(STEP)) / rate))
    }
    this.#poles = Float64Array.from(poles)
    this.#zeros = Float64Array.from(zeros)
    this.#inputs = new Float64Array(poles.length)
    this.#outputs = new Float64Array(poles.length)
    this.#random = uniformNoise(seed)
    this.#gain = 1 / Math.sqrt(this.#responseEnergy(rate))
  }

  next(): number {
    return this.#gain * this.#filter(this.#random())
  }

  #filter(x: number): number {
    let value = x
    for (let i = 0; i < this.#poles.length; i++) {
      const y = value - this.#zeros[i]! * this.#inputs[i]! + this.#poles[i]! * this.#outputs[i]!
      this.#inputs[i] = value
      this.#outputs[i] = y
      value = y
    }
    return value
  }

  /** Sum of the squared impulse response: the power that white noise of power 1 comes out with. */
  #responseEnergy(rate: number): number {
    let energy = this.#filter(1) ** 2
    const frames = Math.ceil((10 / (2 * Math.PI * LOWEST_POLE_HZ)) * rate)
    for (let i = 1; i < frames; i++) energy += this.#filter(0) ** 2
    this.#inputs.fill(0)
    this.#outputs.fill(0)
    return energy
  }
}

/** White noise of an RMS of 1, uniformly distributed, by Marsaglia's xorshift with 32 bits of state. */
export function uniformNoise(seed: number): () => number {
  let state = Math.imul(seed + 1, 0x9e3779b1) | 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state / 0x80000000) * Math.sqrt(3)
  }
}
