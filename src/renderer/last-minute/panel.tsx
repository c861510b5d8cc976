import { useMemo } from 'react'
import type uPlot from 'uplot'
import { axis, Plot, QUIET, type PlotColumns, type PlotOptions } from '#meters/draw/plot.tsx'
import type { Palette } from '#meters/draw/theme.ts'
import { minuteTable } from '#renderer/export/minute-table.ts'
import type { FrameStore } from '#renderer/frames.ts'
import { hatchOf } from '#meters/draw/hatch.ts'
import { HISTORY_FLOOR, HISTORY_SECONDS, type Span } from './history.ts'
import { useSource, useWorkstation } from '#renderer/hooks.ts'
import { Panel } from '#renderer/panel.tsx'

const SPLITS_DB = [-80, -60, -40, -20, 0]
const TICK_SECONDS = 15
/** A lost block of 10 ms must be seen too. */
const NARROWEST_PX = 3

export function HistoryPanel({ node }: { readonly node: number }) {
  const source = useSource(node)
  const { frames } = useWorkstation()
  const { columns, options } = useMemo(() => historyPlot(frames, node), [frames, node])
  return (
    <Panel
      id="history"
      title="Last minute"
      table={() => minuteTable(frames.track(node)?.history)}
      aside={
        <p className="legend">
          <span className="legend-part">
            <span className="key key-line" /> Momentary LUFS
          </span>
          <span className="legend-part">
            <span className="key key-line-muted" /> Peak dBFS
          </span>
          <span className="legend-part">
            <span className="key key-hatch" /> Sound lost
          </span>
        </p>
      }
    >
      <Plot
        label="Momentary loudness and peak level of the last 60 seconds"
        source={source}
        options={options}
        columns={columns}
      />
    </Panel>
  )
}

function historyPlot(frames: FrameStore, node: number) {
  let drawn: { readonly version: number; readonly live: boolean } | undefined
  const columns = (): PlotColumns | undefined => {
    const { history, live } = frames.track(node) ?? {}
    if (!history || live === undefined || (history.version === drawn?.version && live === drawn.live)) return undefined
    drawn = { version: history.version, live }
    const to = history.newest
    if (to === -Infinity) return { data: [[], []], from: 0, to: HISTORY_SECONDS }
    return { data: history.columns(), from: to - HISTORY_SECONDS, to }
  }
  const spans = (): readonly Span[] => frames.track(node)?.history.spans ?? []
  return {
    columns,
    options: (palette: Palette) =>
      options(
        palette,
        spans,
        () => drawn?.live ?? true,
        () => (drawn = undefined),
      ),
  }
}

function options(palette: Palette, spans: () => readonly Span[], live: () => boolean, onMade: () => void): PlotOptions {
  const hatch = hatchOf(palette.warn)
  const line = (settles: boolean) => ({
    points: { show: false },
    gaps: (plot: uPlot) => apart(spans().flatMap((s) => (s.kind === 'settling' && !settles ? [] : [pixels(plot, s)]))),
  })
  return {
    ...QUIET,
    padding: [8, 14, 0, 0],
    scales: { x: { time: false }, y: { auto: false, range: [HISTORY_FLOOR, 0] } },
    axes: [
      axis(palette, {
        size: 28,
        splits: (_plot, _axis, from, to) => ticks(from, to),
        values: (_plot, splits) => splits.map((at) => tickLabel(at - splits.at(-1)!, live())),
      }),
      axis(palette, {
        size: 44,
        splits: () => SPLITS_DB,
        values: (_plot, splits) => splits.map((db) => (db < 0 ? `−${-db}` : String(db))),
      }),
    ],
    series: [
      {},
      { ...line(true), stroke: palette.accent, width: 2 },
      { ...line(false), stroke: palette.muted, width: 1 },
    ],
    hooks: {
      init: [onMade],
      drawClear: [
        (plot) => {
          const { ctx, bbox } = plot
          ctx.save()
          ctx.beginPath()
          ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
          ctx.clip()
          ctx.fillStyle = hatch(ctx)
          for (const span of spans()) {
            if (span.kind !== 'lost') continue
            const [from, to] = pixels(plot, span)
            ctx.fillRect(from, bbox.top, to - from, bbox.height)
          }
          ctx.restore()
        },
      ],
    },
  }
}

/** Canvas pixels of a span, never too narrow to be seen. */
function pixels(plot: uPlot, { from, to }: Span): [number, number] {
  const [x0, x1] = [plot.valToPos(from, 'x', true), plot.valToPos(to, 'x', true)]
  const more = Math.max(0, NARROWEST_PX * devicePixelRatio - (x1 - x0)) / 2
  return [x0 - more, x1 + more]
}

/** One for those that touch: uPlot wants gaps that do not overlap. */
function apart(spans: readonly [number, number][]): [number, number][] {
  const out: [number, number][] = []
  for (const [from, to] of spans) {
    const last = out.at(-1)
    if (last && from <= last[1]) last[1] = Math.max(last[1], to)
    else out.push([from, to])
  }
  return out
}

/** Counted from now, so that the labels stand still while the lines move. */
function ticks(_from: number, to: number): number[] {
  const count = HISTORY_SECONDS / TICK_SECONDS
  return Array.from({ length: count + 1 }, (_, i) => to - (count - i) * TICK_SECONDS)
}

/** Of a node that is heard no more the newest sound is not of now. */
function tickLabel(seconds: number, live: boolean): string {
  return seconds === 0 ? (live ? 'now' : 'last') : `−${Math.round(-seconds)} s`
}
