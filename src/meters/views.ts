/** How each meter looks, in the order of the panels. A meter without a view here is metered but not drawn. */
import { bandsView } from './bands/view.tsx'
import { correlationView } from './correlation/view.tsx'
import type { MeterView } from './draw/view.ts'
import { levelView } from './level/view.tsx'
import { loudnessView } from './loudness/view.tsx'
import { soundLevelView } from './sound-level/view.tsx'
import { spectrogramView } from './spectrogram/view.tsx'
import { spectrumView } from './spectrum/view.tsx'
import { waveformView } from './waveform/view.tsx'

export const VIEWS: readonly MeterView[] = [
  loudnessView,
  levelView,
  spectrumView,
  spectrogramView,
  soundLevelView,
  bandsView,
  waveformView,
  correlationView,
]
