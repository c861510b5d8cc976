/** Every panel there is, in the order of the list of panels to add. */
import { CalibrationPanel } from '#renderer/calibration/panel.tsx'
import { HistoryPanel } from '#renderer/last-minute/panel.tsx'
import { LevelHistoryPanel } from '#renderer/level-history/panel.tsx'
import { LinkPanel } from '#renderer/link-health/panel.tsx'
import type { PanelDefinition } from './definition.ts'
import { meterPanel } from './meter-panel.tsx'

export const PANELS: readonly PanelDefinition[] = [
  meterPanel('loudness', {
    about: 'Momentary, short-term and integrated loudness, its range, and the distance from the target (EBU R 128)',
    size: { columns: 13, rows: 4 },
    least: { columns: 12, rows: 4 },
  }),
  meterPanel('level', {
    about: 'Peak, true peak and RMS of each channel, with holds and overloads',
    size: { columns: 11, rows: 4 },
    least: { columns: 10, rows: 3 },
  }),
  {
    id: 'history',
    title: 'Last minute',
    about: 'Loudness and peak of the last 60 seconds',
    size: { columns: 13, rows: 3 },
    least: { columns: 9, rows: 3 },
    needsSound: true,
    Component: ({ node }) => <HistoryPanel node={node.key} />,
  },
  meterPanel('spectrum', {
    about: 'Level by frequency, averaged, with holds',
    size: { columns: 11, rows: 3 },
    least: { columns: 8, rows: 3 },
  }),
  meterPanel('spectrogram', {
    about: 'Level by frequency over time',
    size: { columns: 24, rows: 4 },
    least: { columns: 8, rows: 3 },
  }),
  meterPanel('waveform', {
    about: 'The outline of the sound of each channel, with overloads and losses',
    size: { columns: 13, rows: 4 },
    least: { columns: 10, rows: 3 },
  }),
  meterPanel('correlation', {
    about: 'How alike two channels are, which is louder, and a vectorscope of them',
    size: { columns: 11, rows: 4 },
    least: { columns: 9, rows: 4 },
  }),
  meterPanel('sound-level', {
    about: 'Weighted levels, Leq, percentiles and windows (IEC 61672)',
    size: { columns: 13, rows: 5 },
    least: { columns: 12, rows: 5 },
  }),
  meterPanel('bands', {
    about: 'Third octaves and octaves (IEC 61260)',
    size: { columns: 11, rows: 5 },
    least: { columns: 10, rows: 3 },
  }),
  {
    id: 'level-history',
    title: 'History',
    about: 'Levels over hours: zoom, move, read off, save as CSV',
    size: { columns: 24, rows: 5 },
    least: { columns: 11, rows: 4 },
    needsSound: false,
    Component: ({ node }) => <LevelHistoryPanel key={node.key} node={node} />,
  },
  {
    id: 'calibration',
    title: 'Calibration',
    about: "The microphone's response, its correction, and the offset from dBFS to dB SPL",
    size: { columns: 13, rows: 8 },
    least: { columns: 9, rows: 4 },
    needsSound: false,
    Component: CalibrationPanel,
  },
  {
    id: 'link',
    title: 'Link',
    about: 'How the sound comes here: delay, losses, repairs, clock',
    size: { columns: 11, rows: 8 },
    least: { columns: 9, rows: 4 },
    needsSound: false,
    Component: LinkPanel,
  },
]
