import { useEffect, useMemo, useRef } from 'react'
import type { NodeView } from '#contract/state.ts'
import { showText } from '#meters/draw/figure.ts'
import { formatLevel, NO_FIGURE } from '#meters/draw/format.ts'
import type { Palette } from '#meters/draw/theme.ts'
import { Plot } from '#meters/draw/plot.tsx'
import { useWorkstation } from '#renderer/hooks.ts'
import { Timeline } from './timeline.ts'
import { traceColumns, traceOptions, TRACES, type Trace } from './plot.ts'

/** Latency, jitter and what was found missing, over the last `minutes`. */
export function Traces({ node, minutes }: { readonly node: NodeView; readonly minutes: number }) {
  const workstation = useWorkstation()
  const { key, link } = node
  const timeline = useMemo(
    () => new Timeline((since) => workstation.call('link.history', { node: key, since })),
    [workstation, key],
  )
  const at = link.health?.at
  useEffect(() => timeline.follow(at), [timeline, at])
  return (
    <div className="traces">
      {TRACES.map((trace) => (
        <TracePlot key={trace.id} trace={trace} timeline={timeline} minutes={minutes} />
      ))}
    </div>
  )
}

interface TracePlotProps {
  readonly trace: Trace
  readonly timeline: Timeline
  readonly minutes: number
}

function TracePlot({ trace, timeline, minutes }: TracePlotProps) {
  const frame = useRef<HTMLDivElement>(null)
  const newest = useRef<HTMLElement>(null)
  const options = useMemo(() => (palette: Palette) => traceOptions(palette, timeline, trace), [timeline, trace])
  const columns = useMemo(
    () => () => {
      const { history } = timeline
      const list = trace.lists.at(-1)!
      const heard = history.heardMs.some((ms) => ms > 0)
      const value = !trace.bars ? history[list].at(-1) : heard ? sum(history[list], minutes) : undefined
      showText(newest.current!, value === undefined || value === null ? NO_FIGURE : sayMs(value))
      const facts = { seconds: history.at.length, newest: history.at.at(-1) ?? '', value: value ?? '' }
      Object.assign(frame.current!.dataset, facts)
      return traceColumns(history, trace, 60 * minutes)
    },
    [timeline, trace, minutes],
  )
  const span = minutes === 1 ? 'the last minute' : `the last ${minutes} minutes`
  return (
    <div className="trace">
      <p className="trace-head">
        <span className="muted">{trace.title}</span>
        <b className="figure" ref={newest}>
          {NO_FIGURE}
        </b>
      </p>
      <div className="trace-frame" ref={frame} data-testid={`link-trace-${trace.id}`}>
        <Plot label={`${trace.title} in ms over ${span}`} source={timeline} options={options} columns={columns} />
      </div>
    </div>
  )
}

function sayMs(ms: number): string {
  return ms < 1000 ? `${formatLevel(ms)} ms` : `${(ms / 1000).toFixed(2)} s`
}

/** Of the seconds that are shown, ms; undefined where there are none. */
function sum(values: readonly (number | null)[], minutes: number): number | undefined {
  if (values.length === 0) return undefined
  return values.slice(-60 * minutes).reduce<number>((total, ms) => total + (ms ?? 0), 0)
}
