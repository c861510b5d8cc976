/** How amplitudes are laid out from the middle of a channel: in proportion, enlarged, or in dB to either side. */
import { formatLevel } from '#meters/draw/format.ts'

/** The first is the one that a picture begins with. */
export const AXES = ['linear', 'linear ×10', 'linear ×100', 'dB'] as const
export type AxisName = (typeof AXES)[number]

export interface Mark {
  /** Of the way from the middle to the upper edge, -1 to 1. */
  readonly share: number
  readonly text: string
}

export interface Axis {
  /** Where a sample of full scale ±1 is: of the way from the middle to the upper edge, -1 to 1. */
  share(sample: number): number
  /** From the lower edge up. */
  readonly marks: readonly Mark[]
}

const LOWEST_DB = -60

function linear(gain: number, decimals: number): Axis {
  return {
    share: (sample) => Math.max(-1, Math.min(1, sample * gain)),
    marks: [-1, -0.5, 0, 0.5, 1].map((share) => ({ share, text: formatLevel(share / gain, decimals) })),
  }
}

const decibels: Axis = {
  share: (sample) => {
    const above = Math.max(0, 20 * Math.log10(Math.abs(sample)) - LOWEST_DB)
    return Math.sign(sample) * Math.min(1, above / -LOWEST_DB)
  },
  marks: [-1, -2 / 3, -1 / 3, 0, 1 / 3, 2 / 3, 1].map((share) => ({
    share,
    text: formatLevel(LOWEST_DB * (1 - Math.abs(share)), 0),
  })),
}

export const AXIS: Readonly<Record<AxisName, Axis>> = {
  linear: linear(1, 1),
  'linear ×10': linear(10, 2),
  'linear ×100': linear(100, 3),
  dB: decibels,
}
