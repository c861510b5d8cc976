import { useEffect, useRef } from 'react'
import { NO_FIGURE } from '#meters/draw/format.ts'
import { useLook } from '#meters/draw/remembered.ts'
import type { Table } from '#meters/draw/table.ts'
import { usePalette } from '#meters/draw/theme.ts'
import type { Feed, MeterView, MeterViewProps } from '#meters/draw/view.ts'
import { loudnessMeter } from '#meters/loudness/meter.ts'
import { slotAt } from '#meters/meter.ts'
import { Bars } from './bars.ts'
import { Figures } from './figures.ts'
import { Maxima } from './maxima.ts'
import { levelMeter } from './meter.ts'
import { barScale, LOOKS } from './scale.ts'
import './view.css'

export const levelView: MeterView = {
  id: 'level',
  title: 'Level',
  looks: LOOKS,
  told: ['hold'],
  Component: LevelView,
  table,
}

/** Bars on a canvas, figures in tables: one row a channel. */
function LevelView({ feed }: MeterViewProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const tables = useRef<HTMLDivElement>(null)
  const figures = useRef<Figures>(undefined)
  const palette = usePalette()
  const look = useLook('level', LOOKS)
  useEffect(() => {
    const made = new Figures(tables.current!, feed, new Maxima(feed))
    figures.current = made
    return () => made.dispose()
  }, [feed])
  useEffect(() => {
    const bars = new Bars(canvas.current!, feed, new Maxima(feed), palette, barScale(look))
    return () => bars.dispose()
  }, [feed, palette, look])
  const channels = Array.from({ length: feed.shape.channels }, (_, channel) => channel)
  return (
    <div className="level">
      <div className="level-bars" style={roomOf(channels.length)}>
        <canvas ref={canvas} aria-hidden="true" />
      </div>
      <div className="level-figures" ref={tables}>
        <div className="level-tables">
          <table className="level-main">
            <thead>
              <tr>
                <th scope="col">Ch</th>
                <th scope="col">
                  Peak <span className="unit">dBTP</span>
                </th>
                <th scope="col">
                  <button
                    type="button"
                    className="level-clear"
                    title="Clear the maxima of all channels"
                    onClick={() => channels.forEach((channel) => figures.current?.clearMax(channel))}
                  >
                    Max <span className="unit">dBTP</span>
                  </button>
                </th>
                <th scope="col">
                  RMS <span className="unit">dBFS</span>
                </th>
                <th scope="col">
                  <button
                    type="button"
                    className="level-clear"
                    title="Put out the lamps of all channels"
                    onClick={() => channels.forEach((channel) => figures.current?.putOut(channel))}
                  >
                    Over
                  </button>
                </th>
              </tr>
            </thead>
            <tbody>
              {channels.map((channel) => (
                <tr key={channel} data-channel={channel}>
                  <th scope="row">{channel + 1}</th>
                  <Figure name="peak" channel={channel} />
                  <td>
                    <button
                      type="button"
                      className="level-clear figure muted"
                      title="Clear"
                      data-clear=""
                      onClick={() => figures.current?.clearMax(channel)}
                    >
                      <span data-figure="truePeakMax" data-testid={`level-truePeakMax-${channel}`}>
                        {NO_FIGURE}
                      </span>
                      <span className="unseen"> dBTP, clear the true peak maximum of channel {channel + 1}</span>
                    </button>
                  </td>
                  <Figure name="rms" channel={channel} />
                  <td>
                    <button
                      type="button"
                      className="clip-lamp"
                      data-lamp=""
                      data-testid={`level-clip-${channel}`}
                      aria-label={`Channel ${channel + 1}: 0 samples clipped`}
                      onClick={() => figures.current?.putOut(channel)}
                    >
                      0
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          <table className="level-more">
            <thead>
              <tr>
                <th scope="col">Ch</th>
                {MORE.map(([name, title, unit]) => (
                  <th key={name} scope="col">
                    {title} <span className="unit">{unit}</span>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {channels.map((channel) => (
                <tr key={channel} data-channel={channel}>
                  <th scope="row">{channel + 1}</th>
                  {MORE.map(([name]) => (
                    <Figure key={name} name={name} channel={channel} />
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
          {channels.length === 2 && <CorrelationBar />}
        </div>
        <p className="legend">
          <span className="key key-bar" /> RMS 300 ms
          <span className="key key-soft" /> True peak
          {look.hold !== 'off' && (
            <>
              <span className="key level-key-hold" /> Hold
            </>
          )}
        </p>
      </div>
    </div>
  )
}

/** For the scale, and for bars between the narrowest and the widest that look well. */
function roomOf(channels: number) {
  return { flexBasis: 34 + channels * 10, maxWidth: Math.max(160, 34 + channels * 30) }
}

const MORE = [
  ['peakMax', 'Sample', 'dBFS'],
  ['rmsTotal', 'Mean', 'dBFS'],
  ['crest', 'Crest', 'dB'],
  ['dc', 'DC', '%'],
] as const

function Figure({ name, channel }: { readonly name: string; readonly channel: number }) {
  return (
    <td className="figure">
      <span data-figure={name} data-testid={`level-${name}-${channel}`}>
        {NO_FIGURE}
      </span>
    </td>
  )
}

function CorrelationBar() {
  return (
    <div className="correlation" data-correlation="">
      <span className="muted">Correlation</span>
      <span className="correlation-sign">−1</span>
      <span className="correlation-track" aria-hidden="true">
        <span className="correlation-shift" data-mark="" hidden>
          <span className="correlation-mark" />
        </span>
      </span>
      <span className="correlation-sign">+1</span>
      <span className="figure" data-figure="correlation" data-testid="level-correlation">
        {NO_FIGURE}
      </span>
    </div>
  )
}

/** Of the level meter, in the order of the columns. */
const SLOTS = [
  ['rms', 'RMS, 300 ms', 'dBFS'],
  ['rmsTotal', 'RMS since reset', 'dBFS'],
  ['peakMax', 'Largest sample since reset', 'dBFS'],
  ['crest', 'Crest factor', 'dB'],
  ['dc', 'DC', 'full scale 1'],
  ['clips', 'Samples clipped since reset', undefined],
] as const

function table(feed: Feed): Table | undefined {
  const reading = feed.reading()
  if (!reading) return undefined
  const layout = levelMeter.layout(feed.shape)
  const peaks = feed.readingOf(loudnessMeter.id)
  const peakAt = slotAt(loudnessMeter.layout(feed.shape), 'truePeak').at
  const maxima = new Maxima(feed)
  const present = feed.live ? reading : undefined
  return {
    columns: [
      { title: 'Channel' },
      { title: 'True peak', unit: 'dBTP' },
      { title: 'Largest true peak', unit: 'dBTP' },
      ...SLOTS.map(([, title, unit]) => (unit === undefined ? { title } : { title, unit })),
    ],
    rows: Array.from({ length: feed.shape.channels }, (_, channel) => [
      channel + 1,
      feed.live ? peaks?.[peakAt + channel] : undefined,
      maxima.of(channel),
      ...SLOTS.map(([name]) => {
        const from = name === 'rms' || name === 'crest' ? present : reading
        return from?.[slotAt(layout, name).at + channel]
      }),
    ]),
  }
}
