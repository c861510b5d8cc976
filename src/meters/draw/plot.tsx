/** The one place that knows uPlot's life: made once per theme, sized by its box, drawn by the app's loop. */
import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import { density, onResize } from './density.ts'
import type { DrawSource } from './view.ts'
import { usePalette, type Palette } from './theme.ts'

export type PlotOptions = Omit<uPlot.Options, 'width' | 'height'>

export interface PlotProps {
  /** What the picture shows, for those who cannot see it. */
  readonly label: string
  readonly source: DrawSource
  /** Keep it the same function between renders: another one makes the plot anew. */
  readonly options: (palette: Palette) => PlotOptions
  /** What to show now, or undefined where nothing changed. Keep it the same function between renders. */
  readonly columns: () => PlotColumns | undefined
}

export interface PlotColumns {
  /** Contiguous from index 0; see uPlot's AlignedData. */
  readonly data: uPlot.AlignedData
  /** Ends of the x axis, in its unit. */
  readonly from: number
  readonly to: number
  /** Ends of the y axis, where they are not always the same. */
  readonly low?: number
  readonly high?: number
}

export function Plot({ label, source, options, columns }: PlotProps) {
  const box = useRef<HTMLDivElement>(null)
  const palette = usePalette()
  useEffect(() => {
    const element = box.current!
    const made = options(palette)
    const hooks = { ...made.hooks, setSize: [...(made.hooks?.setSize ?? []), sharpen] }
    const plot = new uPlot({ ...made, ...sizeOf(element), hooks }, undefined, element)
    // A batch paints at once, not in a later microtask: a picture may be taken in this turn.
    const resized = onResize(element, () => plot.batch(() => plot.setSize(sizeOf(element))))
    const drawing = source.onDraw(element, () => {
      const now = columns()
      if (!now) return
      // At once, so that the loop sees what drawing takes.
      plot.batch(() => {
        // Scales are set, not searched for in the data.
        plot.setData(now.data, false)
        plot.setScale('x', { min: now.from, max: now.to })
        if (now.low !== undefined && now.high !== undefined) plot.setScale('y', { min: now.low, max: now.high })
      })
    })
    return () => {
      void drawing.dispose()
      void resized.dispose()
      plot.destroy()
    }
  }, [source, options, columns, palette])
  return <div className="plot" ref={box} role="img" aria-label={label} />
}

/** uPlot paints at the density of the screen and no other; between its new size and its painting there is this moment. */
function sharpen({ ctx }: uPlot): void {
  const finer = density() / window.devicePixelRatio
  if (finer === 1) return
  ctx.canvas.width *= finer
  ctx.canvas.height *= finer
  ctx.scale(finer, finer)
}

function sizeOf(element: Element): { width: number; height: number } {
  return { width: Math.max(1, element.clientWidth), height: Math.max(1, element.clientHeight) }
}

/** What every plot here shares: no legend, no cursor, no selection. */
export const QUIET: Pick<PlotOptions, 'legend' | 'cursor' | 'select'> = {
  legend: { show: false },
  cursor: { show: false },
  select: { show: false, left: 0, top: 0, width: 0, height: 0 },
}

/** Axis in the colours and type of the app; `size` is the room for its labels, CSS px. */
export function axis(palette: Palette, more: uPlot.Axis): uPlot.Axis {
  return {
    stroke: palette.muted,
    font: palette.font,
    grid: { stroke: palette.grid, width: 1 },
    ticks: { show: false },
    gap: 6,
    ...more,
  }
}
