/** How the history looks: a band from the smallest to the largest, its mean, a line above, holes hatched, markers. */
import type uPlot from 'uplot'
import { axis, QUIET, type PlotOptions } from '#meters/draw/plot.tsx'
import type { Palette } from '#meters/draw/theme.ts'
import { hatchOf } from '#meters/draw/hatch.ts'
import type { Hole } from './page.ts'

/** ms since 1970. */
export interface Mark {
  readonly at: number
  readonly label: string
}

export interface PlotParts {
  readonly holes: () => readonly Hole[]
  readonly marks: () => readonly Mark[]
  /** Where a person points, ms since 1970. */
  readonly cursor: () => number | undefined
  readonly onMade: (plot: uPlot) => void
}

/** A lost block of 10 ms must be seen too. */
const NARROWEST_PX = 3
const AXIS_PX = 44
/** To have missed nothing is no fault: it is told quietly. */
const AWAY_ALPHA = 0.35
const MARK_FONT_PX = 11
/** Two rows of labels; what finds no room in them has its line alone. */
const ROW_PX = 14

export function plotOptions(palette: Palette, { holes, marks, cursor, onMade }: PlotParts): PlotOptions {
  const hatches = { lost: hatchOf(palette.warn), away: hatchOf(palette.muted) }
  const points = { show: false }
  return {
    ...QUIET,
    padding: [8, 14, 0, 0],
    scales: { x: { time: true }, y: { auto: false } },
    axes: [
      axis(palette, {
        size: 28,
        space: 90,
        values: (_plot, splits, _axis, _space, step) => splits.map((at) => clock(at, step)),
      }),
      axis(palette, {
        size: AXIS_PX,
        values: (_plot, splits) => splits.map((db) => (db < 0 ? `−${-db}` : String(db))),
      }),
    ],
    series: [
      {},
      { points, width: 0 },
      { points, width: 0 },
      { points, stroke: palette.muted, width: 1 },
      { points, stroke: palette.accent, width: 2 },
    ],
    bands: [{ series: [1, 2], fill: palette.accentSoft }],
    hooks: {
      init: [onMade],
      drawClear: [
        (plot) =>
          clipped(plot, (ctx) => {
            for (const hole of holes()) {
              const [from, to] = pixels(plot, hole)
              ctx.globalAlpha = hole.kind === 'lost' ? 1 : AWAY_ALPHA
              ctx.fillStyle = hatches[hole.kind](ctx)
              ctx.fillRect(from, plot.bbox.top, to - from, plot.bbox.height)
            }
          }),
      ],
      draw: [
        (plot) =>
          clipped(plot, (ctx) => {
            drawMarks(plot, ctx, marks(), palette)
            drawCursor(plot, ctx, cursor(), palette)
          }),
      ],
    },
  }
}

function drawMarks(plot: uPlot, ctx: CanvasRenderingContext2D, marks: readonly Mark[], palette: Palette): void {
  const { top, height } = plot.bbox
  const scale = devicePixelRatio
  ctx.strokeStyle = palette.text
  ctx.fillStyle = palette.text
  ctx.lineWidth = scale
  ctx.setLineDash([4 * scale, 3 * scale])
  ctx.font = palette.font.replace(/^\d+px/, `${MARK_FONT_PX * scale}px`)
  ctx.textBaseline = 'top'
  ctx.textAlign = 'left'
  const end = plot.bbox.left + plot.bbox.width
  /** From where each row of labels is free. */
  const free = [-Infinity, -Infinity]
  for (const { at, label } of marks) {
    const x = Math.round(plot.valToPos(at / 1000, 'x', true)) + 0.5
    if (x < plot.bbox.left || x > end) continue
    ctx.beginPath()
    ctx.moveTo(x, top)
    ctx.lineTo(x, top + height)
    ctx.stroke()
    const width = ctx.measureText(label).width + 4 * scale
    // At the right edge a label stands left of its line.
    const left = x + width + 4 * scale > end ? x - width : x + 4 * scale
    const row = free.findIndex((from) => left >= from)
    if (row < 0) continue
    ctx.fillText(label, left, top + (2 + row * ROW_PX) * scale)
    free[row] = left + width
  }
}

function drawCursor(plot: uPlot, ctx: CanvasRenderingContext2D, at: number | undefined, palette: Palette): void {
  if (at === undefined) return
  const x = Math.round(plot.valToPos(at / 1000, 'x', true)) + 0.5
  ctx.strokeStyle = palette.text
  ctx.setLineDash([])
  ctx.lineWidth = devicePixelRatio
  ctx.beginPath()
  ctx.moveTo(x, plot.bbox.top)
  ctx.lineTo(x, plot.bbox.top + plot.bbox.height)
  ctx.stroke()
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

/** Canvas pixels of a hole, never too narrow to be seen. */
function pixels(plot: uPlot, { from, to }: Hole): [number, number] {
  const { left, width } = plot.bbox
  const x0 = Math.max(plot.valToPos(from, 'x', true), left - 1)
  const x1 = Math.min(plot.valToPos(to, 'x', true), left + width + 1)
  if (x1 < left || x0 > left + width) return [left, left]
  const more = Math.max(0, NARROWEST_PX * devicePixelRatio - (x1 - x0)) / 2
  return [x0 - more, x1 + more]
}

/** Time of day in this computer's zone, as fine as labels `step` seconds apart need it. */
function clock(seconds: number, step: number): string {
  const date = new Date(seconds * 1000)
  const two = (n: number): string => String(n).padStart(2, '0')
  const minutes = `${two(date.getHours())}:${two(date.getMinutes())}`
  if (step >= 60) return minutes
  const whole = `${minutes}:${two(date.getSeconds())}`
  return step >= 1 ? whole : `${whole}.${Math.floor(date.getMilliseconds() / 100)}`
}
