import { useEffect, useRef } from 'react'
import { Bridge } from './bridge.ts'
import { drawDetails } from './details.ts'
import { usePalette } from '#meters/draw/theme.ts'
import { NO_FIGURE } from '#meters/draw/format.ts'
import type { MeterView, MeterViewProps } from '#meters/draw/view.ts'
import './view.css'

export const levelView: MeterView = { id: 'level', title: 'Level', Component: LevelView }

/** Bars on a canvas, figures in a table: one row a channel. */
function LevelView({ feed }: MeterViewProps) {
  const box = useRef<HTMLDivElement>(null)
  const bridge = useRef<Bridge>(undefined)
  const palette = usePalette()
  const details = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const drawing = drawDetails(details.current!, feed)
    return () => void drawing.dispose()
  }, [feed])
  useEffect(() => {
    const made = new Bridge(box.current!, feed, palette)
    bridge.current = made
    return () => made.dispose()
  }, [feed, palette])
  const channels = Array.from({ length: feed.shape.channels }, (_, channel) => channel)
  return (
    <div className="level" ref={box}>
      <div className="level-bars">
        <canvas aria-hidden="true" />
      </div>
      <div className="level-figures">
        <table>
          <thead>
            <tr>
              <th scope="col">Ch</th>
              <th scope="col">Peak</th>
              <th scope="col">Max</th>
              <th scope="col">RMS</th>
              <th scope="col">Mean</th>
              <th scope="col">Clip</th>
            </tr>
          </thead>
          <tbody>
            {channels.map((channel) => (
              <tr key={channel}>
                <th scope="row">{channel + 1}</th>
                {['peak', 'peakMax', 'rms', 'rmsTotal'].map((name) => (
                  <td key={name} className={name === 'peak' || name === 'rms' ? 'figure' : 'figure muted'}>
                    <span data-figure={name} data-testid={`level-${name}-${channel}`}>
                      {NO_FIGURE}
                    </span>
                  </td>
                ))}
                <td>
                  <button
                    type="button"
                    className="clip-lamp"
                    data-lamp=""
                    data-testid={`level-clip-${channel}`}
                    aria-label={`Channel ${channel + 1}: no clipping`}
                    onClick={() => bridge.current?.putOut(channel)}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        <LevelDetails channels={channels} box={details} />
        <p className="legend">
          <span className="key key-bar" /> RMS 300 ms
          <span className="key key-soft" /> Peak
          <span className="muted">dBFS</span>
        </p>
      </div>
    </div>
  )
}

interface LevelDetailsProps {
  readonly channels: readonly number[]
  readonly box: React.Ref<HTMLDivElement>
}

function LevelDetails({ channels, box }: LevelDetailsProps) {
  return (
    <div className="level-details" ref={box}>
      <table>
        <thead>
          <tr>
            <th scope="col">Ch</th>
            {DETAILS.map(([name, title, unit]) => (
              <th key={name} scope="col">
                {title} <span className="unit">{unit}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {channels.map((channel) => (
            <tr key={channel}>
              <th scope="row">{channel + 1}</th>
              {DETAILS.map(([name]) => (
                <td key={name}>
                  <span className="figure" data-figure={name} data-testid={`level-${name}-${channel}`}>
                    {NO_FIGURE}
                  </span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {channels.length === 2 && (
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
      )}
    </div>
  )
}

const DETAILS = [
  ['truePeakMax', 'Max TP', 'dBTP'],
  ['crest', 'Crest', 'dB'],
  ['dc', 'DC', '%'],
] as const
