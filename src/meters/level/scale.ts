/** What may be chosen about the bars: how far down they reach, a tick where programmes are aligned, how long peaks are held. */
import type { Looks } from '#meters/draw/remembered.ts'

export const LOOKS = {
  hold: {
    title: 'Peak hold',
    values: ['off', '2 s', '10 s', 'until reset'],
    initial: '2 s',
    say: (hold) => `Hold ${hold}`,
  },
  lowest: {
    title: 'Scale',
    values: ['−40 dB', '−60 dB', '−90 dB'],
    initial: '−60 dB',
    say: (lowest) => `From ${lowest}`,
  },
  tick: {
    title: 'Alignment tick',
    values: ['none', '−18 dBFS', '−20 dBFS', '−9 dBFS'],
    initial: 'none',
    say: (tick) => (tick === 'none' ? 'No tick' : `Tick ${tick}`),
  },
} as const satisfies Looks

export interface BarScale {
  /** Seconds that a peak is held: 0 for never, Infinity for until it is cleared. */
  readonly hold: number
  /** Ends, dB; true peaks go beyond full scale. */
  readonly lowest: number
  readonly highest: number
  /** Labelled places, dB. */
  readonly marks: readonly number[]
  /** EBU R 68 aligns at -18 dBFS, SMPTE RP 155 at -20, and -9 is its permitted maximum in EBU countries. */
  readonly tick: number | undefined
}

const HIGHEST_DB = 3
const MARKS: Readonly<Record<number, readonly number[]>> = {
  [-40]: [3, 0, -3, -6, -9, -12, -18, -24, -30, -40],
  [-60]: [0, -6, -12, -18, -24, -36, -48, -60],
  [-90]: [0, -12, -24, -36, -48, -60, -75, -90],
}

interface Chosen {
  readonly hold: (typeof LOOKS.hold.values)[number]
  readonly lowest: (typeof LOOKS.lowest.values)[number]
  readonly tick: (typeof LOOKS.tick.values)[number]
}

export function barScale({ hold, lowest, tick }: Chosen): BarScale {
  const bottom = decibels(lowest)
  return {
    hold: hold === 'off' ? 0 : hold === 'until reset' ? Infinity : Number.parseInt(hold, 10),
    lowest: bottom,
    highest: HIGHEST_DB,
    marks: MARKS[bottom]!,
    tick: tick === 'none' ? undefined : decibels(tick),
  }
}

/** Place on the bar, 0 to 1. */
export function placeOf({ lowest, highest }: BarScale, db: number): number {
  return Math.min(1, Math.max(0, (db - lowest) / (highest - lowest)))
}

/** What is written with a minus sign as it is printed. */
function decibels(text: string): number {
  return -Number.parseInt(text.slice(1), 10)
}
