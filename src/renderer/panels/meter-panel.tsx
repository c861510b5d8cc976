/** Any view of a meter as a panel: its heading, its choices, its picture. */
import { useMemo } from 'react'
import type { NodeView } from '#contract/state.ts'
import { Pick } from '#meters/draw/pick.tsx'
import type { MeterView, Totals } from '#meters/draw/view.ts'
import { METERS, meterIndex } from '#meters/registry.ts'
import { VIEWS } from '#meters/views.ts'
import type { StreamFormat } from '#shared/pcm.ts'
import { useFeed, useRun } from '#renderer/hooks.ts'
import { Panel } from '#renderer/panel.tsx'
import type { NodePanelProps, PanelDefinition } from './definition.ts'

type Rest = Omit<PanelDefinition, 'id' | 'title' | 'needsSound' | 'Component'>

/** Throws for an id that no view has, which is our own bug. */
export function meterPanel(id: string, rest: Rest): PanelDefinition {
  const view = VIEWS.find((one) => one.id === id)
  if (!view) throw new Error(`no view of a meter ${id}`)
  const Component = ({ node }: NodePanelProps) =>
    node.format ? <MeterPanel view={view} node={node} format={node.format} /> : null
  return { id, title: view.title, needsSound: true, Component, ...rest }
}

interface MeterPanelProps {
  readonly view: MeterView
  readonly node: NodeView
  readonly format: StreamFormat
}

function MeterPanel({ view, node, format }: MeterPanelProps) {
  const totals = useTotals(node)
  const feed = useFeed(node, view.id, format)
  const { Head, Component } = view
  const shape = `${format.rate} ${format.channels}`
  const chosen = node.choices[view.id]
  const aside = (
    <>
      {Head && (
        <div className="panel-picks">
          <Head key={shape} feed={feed} totals={totals} />
        </div>
      )}
      {chosen && (
        <div className="panel-picks">
          <MeterChoices node={node.key} meter={view.id} chosen={chosen} />
        </div>
      )}
    </>
  )
  const { table } = view
  return (
    <Panel id={view.id} title={view.title} aside={aside} {...(table ? { table: () => table(feed) } : {})}>
      <Component key={shape} feed={feed} totals={totals} />
    </Panel>
  )
}

function useTotals({ key, paused }: NodeView): Totals {
  const run = useRun()
  return useMemo<Totals>(
    () => ({
      paused,
      onPause: (wanted) => void run('meters.pause', { node: key, paused: wanted }),
      onReset: () => void run('meters.reset', { node: key }),
    }),
    [run, key, paused],
  )
}

interface MeterChoicesProps {
  readonly node: number
  readonly meter: string
  readonly chosen: NodeView['choices'][string]
}

/** A select for each choice that the meter offers, whatever it is. */
function MeterChoices({ node, meter, chosen }: MeterChoicesProps) {
  const run = useRun()
  const { choices = {} } = METERS[meterIndex(meter)]!
  return Object.entries(choices).map(([name, { title, values, initial, say }]) => (
    <Pick
      key={name}
      title={title}
      values={values}
      value={chosen[name] ?? initial}
      say={say}
      onPick={(value) => void run('meters.choose', { node, meter, settings: { [name]: value } })}
    />
  ))
}
