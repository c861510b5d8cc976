/** How a spectrum looks: its area, its held peaks, cursors and the harmonics of one. */
import type uPlot from 'uplot'
import { formatHertz, formatLevel } from '#meters/draw/format.ts'
import { hertzMarks, type HertzScale } from '#meters/draw/hertz.ts'
import { levelMarks } from '#meters/draw/levels.ts'
import { axis, QUIET, type PlotOptions } from '#meters/draw/plot.tsx'
import type { Palette } from '#meters/draw/theme.ts'

// oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- a const enum of a declaration file has no value to import.
const LOGARITHMIC = 3 as uPlot.Scale.Distr.Logarithmic
// oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- the same.
const LINEAR = 1 as uPlot.Scale.Distr.Linear

/** Below every plot: a line that is not there, the ground of an area. */
export const NOWHERE_DB = -400

const MARK_FONT_PX = 11
/** Room of the name of a frequency, CSS px. */
const NAME_PX = 34
const DOT_PX = 3.5

/** Frequency and level, dB as drawn. */
export interface Point {
  readonly hz: number
  readonly db: number
}

export interface Marks {
  /** What is read now. */
  readonly at?: Point
  /** Kept ones besides. */
  readonly kept: readonly Point[]
  /** Hz. */
  readonly harmonics: readonly number[]
}

export interface PlotParts {
  readonly scale: HertzScale
  /** Added to what is drawn, it is what the axis says, dB. */
  readonly shiftDb: number
  readonly marks: () => Marks
  readonly onMade: (plot: uPlot) => void
}

export function plotOptions(palette: Palette, { scale, shiftDb, marks, onMade }: PlotParts): PlotOptions {
  const points = { show: false }
  return {
    ...QUIET,
    padding: [8, 14, 0, 0],
    scales: {
      x: {
        time: false,
        distr: scale === 'log' ? LOGARITHMIC : LINEAR,
        log: 10,
        range: (_plot, from, to) => [from, to],
      },
      y: { auto: false },
    },
    axes: [
      axis(palette, {
        size: 28,
        splits: (_plot, _axis, from, to) => hertzMarks({ from, to }, scale),
        filter: (_plot, splits) => splits,
        values: (plot, splits) => {
          const named = withRoom(splits, (hz) => plot.valToPos(hz, 'x'))
          return splits.map((hz) => (named.has(hz) ? formatHertz(Math.round(hz * 10) / 10) : ''))
        },
      }),
      axis(palette, {
        size: 44,
        splits: (plot, _axis, low, high) => levelMarks(low, high, shiftDb, plot.bbox.height / devicePixelRatio),
        values: (_plot, drawn) => drawn.map((db) => formatLevel(Math.round(db + shiftDb), 0)),
      }),
    ],
    series: [
      {},
      { points, stroke: palette.accent, width: 1.5, fill: palette.accentSoft, fillTo: NOWHERE_DB },
      { points, stroke: palette.text, width: 1 },
    ],
    hooks: { init: [onMade], draw: [(plot) => clipped(plot, (ctx) => drawMarks(plot, ctx, marks(), palette))] },
  }
}

/** Those marks that have room for their names: whole decades first. */
export function withRoom(marks: readonly number[], place: (hz: number) => number): ReadonlySet<number> {
  const whole = (hz: number): boolean => Number.isInteger(Math.log10(hz))
  const named = new Set<number>()
  for (const hz of [...marks.filter(whole), ...marks.filter((one) => !whole(one))])
    if ([...named].every((other) => Math.abs(place(other) - place(hz)) >= NAME_PX)) named.add(hz)
  return named
}

function clipped(plot: uPlot, draw: (ctx: CanvasRenderingContext2D) => void): void {
  const { ctx, bbox } = plot
  ctx.save()
  ctx.beginPath()
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
  ctx.clip()
  draw(ctx)
  ctx.restore()
}

function drawMarks(plot: uPlot, ctx: CanvasRenderingContext2D, marks: Marks, palette: Palette): void {
  const { bbox } = plot
  const pixel = devicePixelRatio
  const across = (hz: number): number => Math.round(plot.valToPos(hz, 'x', true)) + 0.5
  const line = (hz: number, style: string, dash: readonly number[]): void => {
    ctx.strokeStyle = style
    ctx.lineWidth = pixel
    ctx.setLineDash(dash.map((length) => length * pixel))
    ctx.beginPath()
    ctx.moveTo(across(hz), bbox.top)
    ctx.lineTo(across(hz), bbox.top + bbox.height)
    ctx.stroke()
  }
  const dot = ({ hz, db }: Point): void => {
    if (db === -Infinity) return
    ctx.fillStyle = palette.text
    ctx.beginPath()
    ctx.arc(across(hz), plot.valToPos(db, 'y', true), DOT_PX * pixel, 0, 2 * Math.PI)
    ctx.fill()
  }
  ctx.font = palette.font.replace(/^\d+px/, `${MARK_FONT_PX * pixel}px`)
  ctx.textBaseline = 'top'
  ctx.textAlign = 'left'
  marks.harmonics.forEach((hz, i) => {
    line(hz, palette.muted, [2, 3])
    ctx.fillStyle = palette.muted
    ctx.fillText(String(i + 2), across(hz) + 3 * pixel, bbox.top + 2 * pixel)
  })
  for (const kept of marks.kept) {
    line(kept.hz, palette.muted, [5, 3])
    dot(kept)
  }
  if (!marks.at) return
  line(marks.at.hz, palette.text, [])
  dot(marks.at)
}
