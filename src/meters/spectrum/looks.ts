/** What may be chosen about how a spectrum is drawn. */
import { LEVEL_LOOKS } from '#meters/draw/levels.ts'
import type { Look, Looks } from '#meters/draw/remembered.ts'

export const SPECTRUM_LOOKS = {
  smoothing: {
    title: 'Smoothing',
    values: ['off', '24', '12', '6', '3', '1'],
    initial: 'off',
    say: (part) => (part === 'off' ? 'Off' : part === '1' ? '1 octave' : `1/${part} octave`),
  },
  ...LEVEL_LOOKS,
  axis: {
    title: 'Frequency axis',
    values: ['log', 'linear'],
    initial: 'log',
    say: (axis) => (axis === 'log' ? 'Logarithmic' : 'Linear'),
  },
  harmonics: {
    title: 'Harmonics of the cursor',
    values: ['off', 'on'],
    initial: 'off',
    say: (shown) => (shown === 'on' ? 'Marked' : 'Not marked'),
  },
} as const satisfies Looks

export type SpectrumLook = Look<typeof SPECTRUM_LOOKS>
