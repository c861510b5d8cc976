/** What may be chosen about how a spectrogram is drawn. */
import type { Look, Looks } from '#meters/draw/remembered.ts'
import { MAPS, MAP_NAMES } from './colours.ts'

const reFullScale = (db: string | number): string => (db === '0' ? 'Full scale' : `Full scale − ${-Number(db)} dB`)

export const SPECTROGRAM_LOOKS = {
  map: { title: 'Colours', values: MAPS, initial: 'warm', say: (map) => MAP_NAMES[map as keyof typeof MAP_NAMES] },
  span: {
    title: 'Time shown',
    values: ['10', '30', '60', '120', '300'],
    initial: '30',
    say: (seconds) => (Number(seconds) < 60 ? `${seconds} s` : `${Number(seconds) / 60} min`),
  },
  /** Each floor is below each ceiling. */
  ceiling: {
    title: 'Loudest colour at',
    values: ['0', '-10', '-20', '-30', '-40', '-50'],
    initial: '-10',
    say: reFullScale,
  },
  floor: {
    title: 'Quietest colour at',
    values: ['-60', '-70', '-80', '-90', '-100', '-110', '-120', '-130'],
    initial: '-110',
    say: reFullScale,
  },
  axis: {
    title: 'Frequency axis',
    values: ['log', 'linear'],
    initial: 'log',
    say: (axis) => (axis === 'log' ? 'Logarithmic' : 'Linear'),
  },
} as const satisfies Looks

export type SpectrogramLook = Look<typeof SPECTROGRAM_LOOKS>
