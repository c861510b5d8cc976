/** What may be chosen about how bands are drawn, besides their width and what the bars show. */
import { LEVEL_LOOKS } from '#meters/draw/levels.ts'
import type { Look, Looks } from '#meters/draw/remembered.ts'

export const BANDS_LOOKS = {
  ...LEVEL_LOOKS,
  /** Counted from 1. */
  channel: {
    title: 'Channels',
    values: ['mean', '1', '2', '3', '4', '5', '6', '7', '8'],
    initial: 'mean',
    say: (channel) => (channel === 'mean' ? 'All, their mean' : `Channel ${channel}`),
    fits: (channel, { channels }) => channel === 'mean' || (channels > 1 && Number(channel) <= channels),
  },
} as const satisfies Looks

export type BandsLook = Look<typeof BANDS_LOOKS>
