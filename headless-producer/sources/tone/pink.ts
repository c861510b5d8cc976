/** Pink noise: equal power in every octave, a slope of -10 dB a decade, from 20 Hz to nearly half the rate. */

/**
 * Method: white noise through a cascade of first-order sections whose real poles and zeros alternate evenly on a
 * logarithmic frequency axis, a pair an octave. Each pole bends the response by -20 dB a decade and each zero back, so
 * that the mean is -10 dB a decade (J. O. Smith, "Closed Form Fractional Integration and Differentiation via Real
 * Exponentially Spaced Pole-Zero Pairs", 2016). Poles and zeros come to the sample plane by the matched-z mapping, which
 * bends the top: the highest pole and one more zero were fitted so that the response keeps within ±0.1 dB from 20 Hz to
 * 0.45 of the rate. Everything is laid out from the rate downwards, so this holds at every rate.
 */
const HIGHEST_POLE = 0.17
const LAST_ZERO = -0.17
const LOWEST_HZ = 2.5
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
    for (let hz = HIGHEST_POLE * rate; hz > LOWEST_HZ; hz /= STEP) {
      poles.push(Math.exp((-2 * Math.PI * hz) / rate))
      zeros.push(Math.exp((-2 * Math.PI * hz * Math.sqrt(STEP)) / rate))
    }
    poles.push(0)
    zeros.push(LAST_ZERO)
    this.#poles = Float64Array.from(poles)
    this.#zeros = Float64Array.from(zeros)
    this.#inputs = new Float64Array(poles.length)
    this.#outputs = new Float64Array(poles.length)
    this.#random = uniformNoise(seed)
    // White noise of power 1 comes out with the energy of the response; ten time constants hold all of it.
    const response = this.impulseResponse(Math.ceil((10 / (2 * Math.PI * LOWEST_HZ)) * rate))
    this.#gain = 1 / Math.sqrt(response.reduce((sum, v) => sum + v * v, 0))
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

  /** What one impulse of 1 makes, before the gain, for `frames` frames; the noise goes on as if nothing had happened. */
  impulseResponse(frames: number): Float64Array {
    const kept = [this.#inputs.slice(), this.#outputs.slice()] as const
    this.#inputs.fill(0)
    this.#outputs.fill(0)
    const response = Float64Array.from({ length: frames }, (_, i) => this.#filter(i === 0 ? 1 : 0))
    this.#inputs.set(kept[0])
    this.#outputs.set(kept[1])
    return response
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
