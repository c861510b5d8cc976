/** How the seconds of a link look: a line or bars from zero on, and hatched where no sound came. */
import uPlot from 'uplot'
import type { LinkHistory } from '#contract/link-health.ts'
import { formatLevel } from '#meters/draw/format.ts'
import { hatchOf } from '#meters/draw/hatch.ts'
import { axis, QUIET, type PlotColumns, type PlotOptions } from '#meters/draw/plot.tsx'
import type { Palette } from '#meters/draw/theme.ts'
import type { Timeline } from './timeline.ts'

export interface Trace {
  readonly id: 'latency' | 'jitter' | 'missing'
  readonly title: string
  /** The lists of the history, the last one on top; a first of two is the upper end of a band. */
  readonly lists: readonly (keyof LinkHistory)[]
  readonly bars?: boolean
  /** The scale reaches at least so far, ms: what is small must look small. */
  readonly leastMs: number
}

export const TRACES: readonly Trace[] = [
  { id: 'latency', title: 'Latency', lists: ['latencyMaxMs', 'latencyMs'], leastMs: 20 },
  { id: 'jitter', title: 'Jitter', lists: ['jitterMs'], leastMs: 10 },
  { id: 'missing', title: 'Missing', lists: ['missingMs'], bars: true, leastMs: 100 },
]

const AWAY_ALPHA = 0.35
/** An axis of whole steps: 1, 2, 5, 10, 20, ... */
const STEPS = [1, 2, 5]

export function traceOptions(palette: Palette, timeline: Timeline, { bars, lists }: Trace): PlotOptions {
  const hatch = hatchOf(palette.muted)
  const points = { show: false }
  const line: uPlot.Series = { points, stroke: palette.accent, width: 1.5 }
  const edge: uPlot.Series = { points, width: 0 }
  const bar: uPlot.Series = {
    points,
    stroke: palette.warn,
    fill: palette.warn,
    width: 1,
    paths: uPlot.paths.bars!({ size: [0.8, 12] }),
  }
  return {
    ...QUIET,
    padding: [8, 2, 8, 0],
    scales: { x: { time: false }, y: { auto: false, range: (_plot, low, high) => [low, high] } },
    axes: [
      { show: false },
      axis(palette, {
        size: 40,
        splits: (_plot, _i, low, high) => [low, (low + high) / 2, high],
        values: (_plot, splits) => splits.map((ms) => formatLevel(ms, Number.isInteger(ms) ? 0 : 1)),
      }),
    ],
    series: [{}, ...(bars ? [bar] : lists.length > 1 ? [edge, line] : [line])],
    ...(lists.length > 1 ? { bands: [{ series: [1, 2], fill: palette.accentSoft }] } : {}),
    hooks: {
      drawClear: [
        (plot) => {
          const { ctx } = plot
          const { left, top, width, height } = plot.bbox
          const { at, heardMs } = timeline.history
          ctx.save()
          ctx.beginPath()
          ctx.rect(left, top, width, height)
          ctx.clip()
          ctx.globalAlpha = AWAY_ALPHA
          ctx.fillStyle = hatch(ctx)
          // Before the first sound there is nothing to miss.
          const first = heardMs.findIndex((ms) => ms > 0)
          for (const [i, ms] of heardMs.entries()) {
            if (ms > 0 || first < 0 || i < first) continue
            const end = at[i]! / 1000
            const from = plot.valToPos(i > 0 ? at[i - 1]! / 1000 : end - 1, 'x', true)
            ctx.fillRect(from, top, plot.valToPos(end, 'x', true) - from, height)
          }
          ctx.restore()
        },
      ],
    },
  }
}

/** The last `seconds` of it; undefined while nothing changed since `shown`. */
export function traceColumns(history: LinkHistory, { lists, leastMs, bars }: Trace, seconds: number): PlotColumns {
  const to = (history.at.at(-1) ?? 0) / 1000
  const from = to - seconds
  const first = history.at.findIndex((at) => at / 1000 > from)
  const cut = <T>(values: readonly T[]): T[] => (first < 0 ? [] : values.slice(first))
  // A bar of nothing is none.
  const shown = lists.map((name) => cut(history[name]).map((ms) => (bars && ms === 0 ? null : ms)))
  const values = shown.flat().filter((ms) => ms !== null)
  // By how the clocks are known a latency may come out below zero.
  const lowest = Math.min(0, ...values)
  return {
    data: [cut(history.at).map((at) => at / 1000), ...shown],
    from,
    to,
    low: lowest < 0 ? -rounded(-lowest) : 0,
    high: rounded(Math.max(leastMs, ...values)),
  }
}

/** The next higher of 1, 2, 5, 10, 20, ... */
function rounded(ms: number): number {
  const decade = 10 ** Math.floor(Math.log10(ms))
  return decade * (STEPS.find((step) => step * decade >= ms) ?? 10)
}
