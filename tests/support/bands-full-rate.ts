import { type BandFilter, designBand, thirdOctaves } from '#dsp/bands.ts'

/**
 * The plain third-octave bank: every band at the full rate, section by section. It is what the multirate bank of
 * dsp/band-bank.ts is compared with, for its figures and for its speed.
 */
export class FullRateBands {
  readonly #filters: readonly BandFilter[]
  readonly #states: readonly Float64Array[]
  readonly energy: Float64Array

  constructor(rate: number) {
    this.#filters = thirdOctaves(rate).map((band) => designBand(band, rate))
    this.#states = this.#filters.map(({ poles }) => new Float64Array(poles.length))
    this.energy = new Float64Array(this.#filters.length)
  }

  /** Adds the energy of `samples` in each band to `energy`. */
  process(samples: Float32Array): void {
    for (let band = 0; band < this.#filters.length; band++) {
      const { poles, gain } = this.#filters[band]!
      const state = this.#states[band]!
      let energy = 0
      for (const sample of samples) {
        let y: number = sample
        for (let i = 0; i < poles.length; i += 2) {
          const x = y
          y = x + state[i]!
          state[i] = state[i + 1]! - poles[i]! * y
          state[i + 1] = -x - poles[i + 1]! * y
        }
        energy += y * y
      }
      this.energy[band]! += energy * gain
    }
  }
}
