/** The curves of a calibration drawn outside React: three lines, where they hold, and the frequency that is pointed at. */
import type uPlot from 'uplot'
import type { CalibrationCurves } from '#contract/calibration.ts'
import { showText } from '#meters/draw/figure.ts'
import { formatHertz, formatLevel, NO_FIGURE } from '#meters/draw/format.ts'
import { axis, QUIET, type PlotColumns, type PlotOptions } from '#meters/draw/plot.tsx'
import type { Palette } from '#meters/draw/theme.ts'
import { hatchOf } from '#meters/draw/hatch.ts'
import { OnDemand } from '#renderer/on-demand.ts'

// oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- a const enum of a declaration file has no value to import.
const LOGARITHMIC = 3 as uPlot.Scale.Distr.Logarithmic
const SPLITS_HZ = [20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000]
const DECADES_HZ = [20, 100, 1000, 10_000]
/** Narrower there is no room for every name of a frequency, CSS px. */
const NARROW_PX = 330
/** A flat microphone must look flat. */
const LEAST_SPAN_DB = 3
/** Rows of the file closer together than this are told by the line alone, CSS px. */
const DOT_EVERY_PX = 7
const BEYOND_ALPHA = 0.35
const AXIS_PX = 44
/** Where the cursor stands until somebody points. */
const HOME_HZ = 1000

export class CurvesDrawing extends OnDemand {
  readonly #curves: CalibrationCurves
  readonly #columns: PlotColumns
  readonly #home: number
  #cursor: number
  #plot: uPlot | undefined
  #readout: HTMLElement | undefined

  constructor(curves: CalibrationCurves) {
    super()
    this.#curves = curves
    const { hz, response, correction, residual } = curves
    const all = [...response, ...correction, ...residual].filter((db) => db !== null)
    this.#columns = {
      data: [[...hz], [...response], [...correction], [...residual]],
      from: hz[0]!,
      to: hz.at(-1)!,
      low: Math.min(-LEAST_SPAN_DB, Math.floor(Math.min(...all) - 0.5)),
      high: Math.max(LEAST_SPAN_DB, Math.ceil(Math.max(...all) + 0.5)),
    }
    this.#home = nearest(hz, HOME_HZ)
    this.#cursor = this.#home
  }

  /** Where what stands at the cursor is written. */
  write(readout: HTMLElement): void {
    this.#readout = readout
    this.#say()
  }

  /** To the frequency nearest to a place on the page; undefined: back to 1 kHz. */
  point(clientX: number | undefined): void {
    const plot = this.#plot
    if (clientX === undefined || !plot) return this.#go(this.#home)
    this.#go(nearest(this.#curves.hz, plot.posToVal(clientX - plot.over.getBoundingClientRect().left, 'x')))
  }

  /** By so many frequencies; to an end for ±Infinity. */
  step(by: number): void {
    this.#go(Math.min(Math.max(this.#cursor + by, 0), this.#curves.hz.length - 1))
  }

  readonly columns = (): PlotColumns => this.#columns

  readonly options = (palette: Palette): PlotOptions => {
    const { rows, hz, from, to } = this.#curves
    const hatch = hatchOf(palette.muted)
    const none = { show: false }
    const dots: uPlot.Series.Points = {
      show: (plot) => rows.length * DOT_EVERY_PX < plot.over.clientWidth,
      filter: (_plot, _series, shown) => (shown ? [...rows] : null),
      size: 5,
      fill: palette.text,
      stroke: palette.text,
    }
    return {
      ...QUIET,
      padding: [8, 14, 0, 0],
      scales: {
        x: { time: false, distr: LOGARITHMIC, log: 10, range: [hz[0]!, hz.at(-1)!] },
        y: { auto: false },
      },
      axes: [
        axis(palette, {
          size: 26,
          splits: (plot) => (plot.over.clientWidth < NARROW_PX ? DECADES_HZ : SPLITS_HZ),
          filter: (_plot, splits) => splits,
          values: (_plot, splits) => splits.map((each) => formatHertz(each)),
        }),
        axis(palette, {
          size: AXIS_PX,
          space: 26,
          values: (_plot, splits) => splits.map((db) => formatLevel(db, Number.isInteger(db) ? 0 : 1)),
        }),
      ],
      series: [
        {},
        { points: dots, stroke: palette.text, width: 1.5 },
        { points: none, stroke: palette.accent, width: 2, dash: [8, 3] },
        { points: none, stroke: palette.muted, width: 1.5, dash: [2, 3] },
      ],
      hooks: {
        init: [(plot) => void (this.#plot = plot)],
        drawClear: [
          (plot) => {
            const { ctx } = plot
            const { left, top, width, height } = plot.bbox
            const x = (at: number): number => Math.min(Math.max(plot.valToPos(at, 'x', true), left), left + width)
            ctx.save()
            ctx.globalAlpha = BEYOND_ALPHA
            ctx.fillStyle = hatch(ctx)
            ctx.fillRect(left, top, x(from) - left, height)
            ctx.fillRect(x(to), top, left + width - x(to), height)
            ctx.restore()
          },
        ],
        draw: [
          (plot) => {
            const { ctx } = plot
            const x = Math.round(plot.valToPos(hz[this.#cursor]!, 'x', true)) + 0.5
            ctx.save()
            ctx.strokeStyle = palette.text
            ctx.globalAlpha = 0.6
            ctx.lineWidth = devicePixelRatio
            ctx.setLineDash([])
            ctx.beginPath()
            ctx.moveTo(x, plot.bbox.top)
            ctx.lineTo(x, plot.bbox.top + plot.bbox.height)
            ctx.stroke()
            ctx.restore()
          },
        ],
      },
    }
  }

  #go(place: number): void {
    if (place === this.#cursor) return
    this.#cursor = place
    this.#say()
    this.redraw()
  }

  #say(): void {
    const box = this.#readout
    if (!box) return
    const { hz, response, correction, residual } = this.#curves
    const at = this.#cursor
    const figures = { hz: hz[at]!, response: response[at], correction: correction[at], residual: residual[at] }
    for (const [name, value] of Object.entries(figures)) {
      const place = box.querySelector<HTMLElement>(`[data-part="${name}"]`)!
      showText(place, name === 'hz' ? sayHertz(figures.hz) : sayDecibels(value))
      place.dataset['value'] = String(value ?? '')
    }
  }
}

function sayDecibels(db: number | null | undefined): string {
  return db === null || db === undefined ? NO_FIGURE : `${formatLevel(db, 2)} dB`
}

/** "31.5 Hz", "1.00 kHz". */
function sayHertz(hz: number): string {
  return hz < 1000 ? `${hz.toFixed(hz < 100 ? 1 : 0)} Hz` : `${(hz / 1000).toFixed(hz < 10_000 ? 2 : 1)} kHz`
}

/** The place of the nearest frequency, over log frequency. */
function nearest(all: readonly number[], hz: number): number {
  let best = 0
  for (let i = 1; i < all.length; i++)
    if (Math.abs(Math.log(all[i]! / hz)) < Math.abs(Math.log(all[best]! / hz))) best = i
  return best
}
