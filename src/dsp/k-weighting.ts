/** K-weighting and channel weights of ITU-R BS.1770-5, annex 1. */

/**
 * Two second-order sections, `y = b0 x + b1 x1 + b2 x2 - a1 y1 - a2 y2`. The numerator of the second is [1, -2, 1];
 * its gain is part of the first.
 */
export interface KCoefficients {
  readonly shelf: {
    readonly b0: number
    readonly b1: number
    readonly b2: number
    readonly a1: number
    readonly a2: number
  }
  readonly highPass: { readonly a1: number; readonly a2: number }
}

const REFERENCE_RATE = 48_000

/**
 * The filter for any rate. The standard gives coefficients at 48 kHz and asks for the same response elsewhere; these are
 * the analogue parameters behind them (they give back the standard's tables to 1e-12), put through the bilinear
 * transform at `rate`. The standard's high-pass is not normalised, so its gain is held at what it is at 48 kHz.
 */
export function kCoefficients(rate: number): KCoefficients {
  const gainDb = 3.999843853973347
  const shelfQ = 0.7071752369554196
  const k = Math.tan((Math.PI * 1681.974450955533) / rate)
  const high = 10 ** (gainDb / 20)
  const band = high ** 0.4996667741545416
  const a0 = 1 + k / shelfQ + k * k
  const here = highPass(rate)
  const gain = highPass(REFERENCE_RATE).a0 / here.a0
  return {
    shelf: {
      b0: (gain * (high + (band * k) / shelfQ + k * k)) / a0,
      b1: (gain * 2 * (k * k - high)) / a0,
      b2: (gain * (high - (band * k) / shelfQ + k * k)) / a0,
      a1: (2 * (k * k - 1)) / a0,
      a2: (1 - k / shelfQ + k * k) / a0,
    },
    highPass: { a1: here.a1, a2: here.a2 },
  }
}

function highPass(rate: number): { a0: number; a1: number; a2: number } {
  const q = 0.5003270373238773
  const k = Math.tan((Math.PI * 38.13547087602444) / rate)
  const a0 = 1 + k / q + k * k
  return { a0, a1: (2 * (k * k - 1)) / a0, a2: (1 - k / q + k * k) / a0 }
}

/**
 * Weight of each channel's power (BS.1770-5 table 3). Five channels are L R C Ls Rs, six L R C LFE Ls Rs (the order of
 * WAV and ALSA); any other count is taken as microphones that count alike, 1.0 each. One channel counts once: a mono
 * microphone is not doubled.
 */
export function channelWeights(channels: number): Float64Array {
  if (channels === 5) return Float64Array.of(1, 1, 1, 1.41, 1.41)
  if (channels === 6) return Float64Array.of(1, 1, 1, 0, 1.41, 1.41)
  return new Float64Array(channels).fill(1)
}

/** Four filter states and the energy so far. */
const STRIDE = 5
/** A state this small is inaudible by 2000 dB and on its way to denormal numbers, which cost a hundred times as much. */
const TINY = 1e-100

/** Sum of squares of the K-weighted signal of each channel, in double precision (the high-pass has its poles near 1). */
export class KWeightedEnergy {
  readonly #filter: KCoefficients
  readonly #state: Float64Array

  constructor(rate: number, channels: number) {
    this.#filter = kCoefficients(rate)
    this.#state = new Float64Array(channels * STRIDE)
  }

  /** Filters `plane[from..to)` of a channel and adds its squares, sample by sample. */
  process(channel: number, plane: Float32Array, from: number, to: number): void {
    const { b0, b1, b2, a1, a2 } = this.#filter.shelf
    const { a1: c1, a2: c2 } = this.#filter.highPass
    const state = this.#state
    const at = channel * STRIDE
    let s1 = state[at]!
    let s2 = state[at + 1]!
    let t1 = state[at + 2]!
    let t2 = state[at + 3]!
    let energy = state[at + 4]!
    for (let i = from; i < to; i++) {
      const x = plane[i]!
      const v = b0 * x + s1
      s1 = b1 * x - a1 * v + s2
      s2 = b2 * x - a2 * v
      const y = v + t1
      t1 = t2 - 2 * v - c1 * y
      t2 = v - c2 * y
      energy += y * y
    }
    state[at] = s1
    state[at + 1] = s2
    state[at + 2] = t1
    state[at + 3] = t2
    state[at + 4] = energy
  }

  /**
   * Energy of a channel since the last call, which starts anew. NaN or infinite where samples were: the filter is then
   * cleared, so that it recovers with the samples that follow.
   */
  take(channel: number): number {
    const state = this.#state
    const at = channel * STRIDE
    const energy = state[at + 4]!
    if (Number.isFinite(energy)) {
      for (let i = at; i < at + 4; i++) if (Math.abs(state[i]!) < TINY) state[i] = 0
    } else state.fill(0, at, at + 4)
    state[at + 4] = 0
    return energy
  }
}
