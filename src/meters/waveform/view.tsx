import { useEffect, useMemo, useRef } from 'react'
import type { Disposable } from '#shared/lifecycle.ts'
import { amplitudeToDb } from '#dsp/decibel.ts'
import { FigurePace, showFigure } from '#meters/draw/figure.ts'
import { formatLevel, NO_FIGURE } from '#meters/draw/format.ts'
import { useLook, type Looks } from '#meters/draw/remembered.ts'
import type { Table } from '#meters/draw/table.ts'
import { usePalette } from '#meters/draw/theme.ts'
import type { Feed, MeterView, MeterViewProps } from '#meters/draw/view.ts'
import { AXES, AXIS } from './axis.ts'
import { type Outline, WaveformHistory } from './history.ts'
import { COLUMNS_PER_SECOND } from './meter.ts'
import { Picture } from './picture.ts'
import '#meters/draw/undrawn.css'
import './view.css'

const LOOKS = {
  span: { title: 'Span', values: ['2 s', '10 s', '30 s'], initial: '10 s' },
  axis: { title: 'Amplitude', values: AXES, initial: AXES[0], say: (axis) => String(axis).replace('linear', 'Linear') },
} as const satisfies Looks

export const waveformView: MeterView = {
  id: 'waveform',
  title: 'Waveform',
  looks: LOOKS,
  Component: WaveformView,
  table,
}

function WaveformView({ feed }: MeterViewProps) {
  const box = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const palette = usePalette()
  const { span, axis } = useLook('waveform', LOOKS)
  const seconds = Number.parseInt(span, 10)
  // It outlives the picture: another theme, span or axis paints the same half minute anew.
  const history = useMemo(() => historyOf(feed), [feed])
  useEffect(() => {
    const figures = drawFigures(box.current!, feed, history, seconds)
    const look = { palette, axis: AXIS[axis], seconds }
    const picture: Disposable = new Picture(canvas.current!, feed, history, look, figures)
    return () => void picture.dispose()
  }, [feed, history, palette, axis, seconds])
  const channels = feed.shape.channels === 1 ? '1 channel' : `${feed.shape.channels} channels`
  return (
    <div className="waveform" ref={box}>
      <div className="waveform-picture" role="img" aria-label={`Waveform of the last ${span}, ${channels}`}>
        <canvas ref={canvas} />
      </div>
      <p className="legend">
        <span className="waveform-figure">
          Highest <Figure name="highest" /> <span className="unit">dBFS</span>
        </span>
        <span className="key waveform-key-over" /> Overloaded
        <span className="waveform-figure">
          <Figure name="overloaded" /> <span className="unit">s</span>
        </span>
        <span className="legend-part">
          <span className="key key-hatch" /> Sound lost
          <span className="waveform-figure">
            <Figure name="lost" /> <span className="unit">s</span>
          </span>
        </span>
        <span className="legend-part" data-undrawn="" hidden>
          <span className="key key-undrawn" /> Not drawn
        </span>
      </p>
    </div>
  )
}

function Figure({ name }: { readonly name: string }) {
  return (
    <span className="figure" data-figure={name} data-testid={`waveform-${name}`}>
      {NO_FIGURE}
    </span>
  )
}

/** Of what can be seen: the largest sample of any channel, and for how long there were overloads and losses. */
function drawFigures(box: HTMLElement, feed: Feed, history: WaveformHistory, seconds: number) {
  const find = (name: string): HTMLElement => box.querySelector<HTMLElement>(`[data-figure="${name}"]`)!
  const [highest, overloaded, lost] = ['highest', 'overloaded', 'lost'].map(find) as [
    HTMLElement,
    HTMLElement,
    HTMLElement,
  ]
  const undrawn = box.querySelector<HTMLElement>('[data-undrawn]')!
  const pace = new FigurePace()
  return (now: number): void => {
    if ((feed.live && !pace.due(now)) || history.next === 0) return
    const seen = survey(history, seconds)
    showFigure(highest, amplitudeToDb(seen.highest))
    showFigure(overloaded, seen.clipped / COLUMNS_PER_SECOND, formatSeconds)
    undrawn.hidden = !seen.undrawn
    showFigure(lost, seen.lost / COLUMNS_PER_SECOND, formatSeconds)
  }
}

function formatSeconds(value: number | undefined): string {
  return formatLevel(value, 2)
}

/** The largest magnitude, how many columns clipped in any channel, how many were lost, and whether nothing is known of any. */
function survey(history: WaveformHistory, seconds: number) {
  const out: Outline = { least: 0, largest: 0, clipped: false }
  let [highest, clipped, lost] = [0, 0, 0]
  let undrawn = false
  const first = Math.max(0, history.next - seconds * COLUMNS_PER_SECOND)
  for (let column = first; column < history.next; column++) {
    let over = false
    let known = history.lost(column) > 0
    for (let c = 0; c < history.channels; c++) {
      history.outline(c, column, column + 1, out)
      if (out.largest === -Infinity) continue
      known = true
      highest = Math.max(highest, out.largest, -out.least)
      over ||= out.clipped
    }
    if (over) clipped++
    undrawn ||= !known
    lost += history.lost(column)
  }
  return { highest, clipped, lost, undrawn }
}

/** By feed: what is shown of it, for the table. */
const histories = new WeakMap<Feed, WaveformHistory>()

function historyOf(feed: Feed): WaveformHistory {
  const history = histories.get(feed) ?? new WaveformHistory(feed.shape)
  histories.set(feed, history)
  return history
}

/** Every column that is kept, the newest last. */
function table(feed: Feed): Table | undefined {
  const history = histories.get(feed)
  if (!history || history.next === 0) return undefined
  const channels = Array.from({ length: history.channels }, (_, c) => c)
  const out: Outline = { least: 0, largest: 0, clipped: false }
  const rows = []
  for (let column = Math.max(0, history.next - history.columns); column < history.next; column++) {
    const row: (number | undefined)[] = [(column - history.next) / COLUMNS_PER_SECOND]
    for (const c of channels) {
      history.outline(c, column, column + 1, out)
      const known = out.largest > -Infinity
      row.push(known ? out.least : undefined, known ? out.largest : undefined, out.clipped ? 1 : 0)
    }
    rows.push([...row, history.lost(column)])
  }
  return {
    columns: [
      { title: 'Begins', unit: 's before now' },
      ...channels.flatMap((c) => [
        { title: `Channel ${c + 1} least`, unit: 'full scale 1' },
        { title: `Channel ${c + 1} largest`, unit: 'full scale 1' },
        { title: `Channel ${c + 1} overloaded` },
      ]),
      { title: 'Share lost' },
    ],
    rows,
  }
}
