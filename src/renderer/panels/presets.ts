/** Arrangements for a purpose. Each but the first fills a window: nine rows of 24 columns. */
import type { Arrangement, PlacedPanel } from './arrangement.ts'

export interface Preset {
  readonly id: string
  readonly name: string
  readonly panels: Arrangement
}

export const EVERYTHING = 'everything'

/** Besides everything there is. Panels are named by their ids. */
export const PRESETS: readonly Preset[] = [
  {
    id: 'loudness',
    name: 'Loudness',
    panels: [
      panel('loudness', 13, 5),
      panel('level', 11, 5),
      panel('level-history', 13, 4),
      panel('correlation', 11, 4),
    ],
  },
  {
    id: 'noise-survey',
    name: 'Noise survey',
    panels: [panel('sound-level', 13, 5), panel('bands', 11, 5), panel('level-history', 24, 4)],
  },
  {
    id: 'frequency',
    name: 'Frequency',
    panels: [panel('spectrum', 13, 4), panel('bands', 11, 4), panel('spectrogram', 24, 5)],
  },
  {
    id: 'recording',
    name: 'Recording',
    panels: [panel('level', 11, 5), panel('loudness', 13, 5), panel('waveform', 13, 4), panel('link', 11, 4)],
  },
]

function panel(id: string, columns: number, rows: number): PlacedPanel {
  return { id, columns, rows }
}
