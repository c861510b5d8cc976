import { useEffect, useMemo, useRef } from 'react'
import type uPlot from 'uplot'
import { axis, Plot, QUIET, type PlotColumns, type PlotOptions } from '#meters/draw/plot.tsx'
import { FigurePace, showFigure, showText } from '#meters/draw/figure.ts'
import { formatHertz, formatLevel, NO_FIGURE } from '#meters/draw/format.ts'
import type { Palette } from '#meters/draw/theme.ts'
import { levelUnit, type Feed, type MeterView, type MeterViewProps } from '#meters/draw/view.ts'
import { slotAt } from '#meters/meter.ts'
import { spectrumFrequencies, spectrumMeter } from './meter.ts'
import './view.css'

// oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- a const enum of a declaration file has no value to import.
const LOGARITHMIC = 3 as uPlot.Scale.Distr.Logarithmic
const LOWEST_HZ = 20
const HIGHEST_HZ = 20_000
const LOWEST_DB = -120
/** Below the plot: a line that is not there. */
const NOWHERE_DB = -200
const SPLITS_HZ = [20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000]
const STEP_DB = 20
/** Columns read the peak of a sine, sound pressure its RMS. */
const PEAK_OVER_RMS_DB = 10 * Math.log10(2)

export const spectrumView: MeterView = {
  id: 'spectrum',
  title: 'Spectrum',
  Component: SpectrumView,
  Head: SpectrumHead,
}

/** What makes the shown level of a column of what was read. */
function shiftOf({ splOffset }: Feed): number {
  return splOffset === undefined ? 0 : splOffset - PEAK_OVER_RMS_DB
}

/** Where the highest column is, and how high. */
function SpectrumHead({ feed }: MeterViewProps) {
  const box = useRef<HTMLParagraphElement>(null)
  useEffect(() => {
    const { at, length } = slotAt(spectrumMeter.layout(feed.shape), 'db')
    const frequencies = spectrumFrequencies(feed.shape)
    const find = (name: string): HTMLElement => box.current!.querySelector<HTMLElement>(`[data-${name}]`)!
    const [name, figure] = [find('name'), find('figure')]
    const pace = new FigurePace()
    const drawing = feed.onDraw(box.current!, (now) => {
      if (feed.live && !pace.due(now)) return
      const columns = feed.live ? feed.reading()?.subarray(at, at + length) : undefined
      const highest = columns && Math.max(...columns)
      const place = columns?.indexOf(highest!) ?? -1
      showText(name, highest === undefined || highest === -Infinity ? '' : sayHertz(frequencies[place]!))
      showFigure(figure, highest === undefined ? undefined : highest + shiftOf(feed))
    })
    return () => void drawing.dispose()
  }, [feed])
  return (
    <p className="spectrum-highest legend" ref={box}>
      Highest <span data-name="" data-testid="spectrum-highest-hz" />
      <span className="figure" data-figure="" data-testid="spectrum-highest">
        {NO_FIGURE}
      </span>
      <span className="unit">{levelUnit(feed)}</span>
    </p>
  )
}

/** As exactly as columns are apart, 3 %. */
function sayHertz(hz: number): string {
  return hz < 1000 ? `${Math.round(hz)} Hz` : `${(hz / 1000).toFixed(hz < 10_000 ? 2 : 1)} kHz`
}

function SpectrumView({ feed }: MeterViewProps) {
  const columns = useMemo(() => columnsOf(feed), [feed])
  const shift = shiftOf(feed)
  const options = useMemo(() => (palette: Palette) => optionsFor(palette, shift), [shift])
  const label = `Spectrum, 20 Hz to 20 kHz, ${levelUnit(feed)}`
  return <Plot label={label} source={feed} options={options} columns={columns} />
}

/** Copies the reading, because a plot keeps its data; undefined while nothing changed. */
function columnsOf(feed: Feed): () => PlotColumns | undefined {
  const layout = spectrumMeter.layout(feed.shape)
  const { at, length } = slotAt(layout, 'db')
  const held = slotAt(layout, 'hold').at
  const levels = new Float64Array(length).fill(LOWEST_DB)
  const holds = new Float64Array(length).fill(NOWHERE_DB)
  const columns: PlotColumns = {
    data: [spectrumFrequencies(feed.shape), levels, holds],
    from: LOWEST_HZ,
    to: HIGHEST_HZ,
  }
  let shown = false
  return () => {
    const reading = feed.live ? feed.reading() : undefined
    let changed = !shown
    for (let i = 0; i < length; i++) {
      // A plot has no place for -Infinity.
      const level = Math.max(reading?.[at + i] ?? -Infinity, LOWEST_DB)
      const hold = Math.max(reading?.[held + i] ?? -Infinity, NOWHERE_DB)
      if (levels[i] === level && holds[i] === hold) continue
      levels[i] = level
      holds[i] = hold
      changed = true
    }
    shown = true
    return changed ? columns : undefined
  }
}

/** `shiftDb` makes what the axis says of what is drawn. */
function optionsFor(palette: Palette, shiftDb: number): PlotOptions {
  const first = Math.ceil((LOWEST_DB + shiftDb) / STEP_DB)
  const last = Math.floor(shiftDb / STEP_DB)
  const splits = Array.from({ length: last - first + 1 }, (_, i) => (first + i) * STEP_DB - shiftDb)
  return {
    ...QUIET,
    padding: [8, 14, 0, 0],
    scales: {
      x: { time: false, distr: LOGARITHMIC, log: 10, range: [LOWEST_HZ, HIGHEST_HZ] },
      y: { auto: false, range: [LOWEST_DB, 0] },
    },
    axes: [
      axis(palette, {
        size: 28,
        splits: () => SPLITS_HZ,
        filter: (_plot, splits) => splits,
        values: (_plot, splits) => splits.map((hz) => formatHertz(hz)),
      }),
      axis(palette, {
        size: 44,
        splits: () => splits,
        values: (_plot, drawn) => drawn.map((db) => formatLevel(Math.round(db + shiftDb), 0)),
      }),
    ],
    series: [
      {},
      {
        stroke: palette.accent,
        width: 1.5,
        fill: palette.accentSoft,
        fillTo: LOWEST_DB,
        points: { show: false },
      },
      { stroke: palette.text, width: 1, points: { show: false } },
    ],
  }
}
