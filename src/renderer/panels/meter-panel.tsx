/** Any view of a meter as a panel: its heading, its choices, its picture. */
import { useMemo, useState } from 'react'
import type { NodeView } from '#contract/state.ts'
import { Pick, type PickProps } from '#meters/draw/pick.tsx'
import { chooseLook, useLook, type Looks } from '#meters/draw/remembered.ts'
import { Setting, Settings } from '#meters/draw/settings.tsx'
import type { Feed, MeterView, Totals } from '#meters/draw/view.ts'
import { loudnessMeter } from '#meters/loudness/meter.ts'
import { type Choice, slotAt, type StreamShape } from '#meters/meter.ts'
import { METERS, meterIndex } from '#meters/registry.ts'
import { VIEWS } from '#meters/views.ts'
import type { StreamFormat } from '#shared/pcm.ts'
import { useFeed, useRun } from '#renderer/hooks.ts'
import { Panel } from '#renderer/panel.tsx'
import { AccountableUnits } from '#renderer/calibration/provenance.tsx'
import type { NodePanelProps, PanelDefinition } from './definition.ts'
import { LONG_S, ResetDialog } from './reset-dialog.tsx'

type Rest = Omit<PanelDefinition, 'id' | 'title' | 'needsSound' | 'Component'>

/** Throws for an id that no view has, which is our own bug. */
export function meterPanel(id: string, rest: Rest): PanelDefinition {
  const view = VIEWS.find((one) => one.id === id)
  if (!view) throw new Error(`no view of a meter ${id}`)
  const Component = ({ node }: NodePanelProps) =>
    node.format ? (
      <AccountableUnits node={node}>
        <MeterPanel view={view} node={node} format={node.format} />
      </AccountableUnits>
    ) : null
  return { id, title: view.title, needsSound: true, Component, ...rest }
}

interface MeterPanelProps {
  readonly view: MeterView
  readonly node: NodeView
  readonly format: StreamFormat
}

function MeterPanel({ view, node, format }: MeterPanelProps) {
  const feed = useFeed(node, view.id, format)
  /** Seconds of sound that a person is asked about before their totals end. */
  const [asked, ask] = useState<number>()
  const totals = useTotals(node, feed, view.id, ask)
  const { Head, Component } = view
  const shape = `${format.rate} ${format.channels}`
  const chosen = node.choices[view.id]
  const aside = (
    <>
      {Head && (
        <div className="panel-picks">
          <Head key={shape} feed={feed} totals={totals} chosen={chosen ?? NOTHING} />
        </div>
      )}
      {(chosen ?? view.looks) && (
        <div className="panel-picks">
          <MeterChoices node={node.key} view={view} shape={format} chosen={chosen} />
        </div>
      )}
    </>
  )
  const { table } = view
  return (
    <Panel id={view.id} title={view.title} aside={aside} {...(table ? { table: () => table(feed) } : {})}>
      <Component key={shape} feed={feed} totals={totals} chosen={chosen ?? NOTHING} />
      {asked !== undefined && (
        <ResetDialog name={node.name} heard={asked} onReset={totals.reset} onClose={() => ask(undefined)} />
      )}
    </Panel>
  )
}

/** `ask` is called instead of a reset that ends totals of much sound. */
function useTotals({ key, paused }: NodeView, feed: Feed, meter: string, ask: (heard: number) => void) {
  const run = useRun()
  return useMemo(() => {
    const reset = (): void => void run('meters.reset', { node: key })
    const totals: Totals = {
      paused,
      onPause: (wanted) => void run('meters.pause', { node: key, paused: wanted }),
      onReset: () => {
        const heard = feed.readingOf(loudnessMeter.id)?.[slotAt(loudnessMeter.layout(feed.shape), 'heard').at] ?? 0
        if (heard > LONG_S) ask(heard)
        else reset()
      },
      onClear: () => void run('meters.reset', { node: key, meter }),
    }
    return { ...totals, reset }
  }, [run, key, paused, feed, meter, ask])
}

interface MeterChoicesProps {
  readonly node: number
  readonly view: MeterView
  readonly shape: StreamShape
  readonly chosen: NodeView['choices'][string] | undefined
}

/** More of them would fill the head. */
const MOST_IN_HEAD = 2

/** A select for each choice that the meter offers, and for each that its view does; many of them in a part of their own. */
function MeterChoices({ node, view: { id, title: name, looks = NO_LOOKS, told }, shape, chosen }: MeterChoicesProps) {
  const run = useRun()
  const look = useLook(id, looks)
  const { choices = {} } = METERS[meterIndex(id)]!
  const metered = Object.entries(choices).map(([key, choice]) =>
    pickOf(
      key,
      choice,
      shape,
      chosen?.[key],
      (value) => void run('meters.choose', { node, meter: id, settings: { [key]: value } }),
    ),
  )
  const drawn = Object.entries(looks).map(([key, choice]) =>
    pickOf(key, choice, shape, look[key], (value) => chooseLook(id, key, String(value))),
  )
  // Where a stream has but one value there is nothing to choose.
  const picks = [...metered, ...drawn].filter(({ values }) => values.length > 1)
  if (picks.length <= MOST_IN_HEAD) return picks.map(({ key, ...pick }) => <Pick key={key} {...pick} />)
  const said = picks.filter(({ key }) => told?.includes(key) ?? key in choices)
  return (
    <Settings title={name} chosen={said.map(({ value, say }) => (say ? say(value) : String(value)))}>
      {picks.map(({ key, ...pick }) => (
        <Setting key={key} title={pick.title}>
          <Pick {...pick} />
        </Setting>
      ))}
    </Settings>
  )
}

const NO_LOOKS: Looks = {}
const NOTHING = {}

function pickOf(
  key: string,
  { title, values, initial, say, fits }: Choice,
  shape: StreamShape,
  value: string | number | undefined,
  onPick: (value: string | number) => void,
): PickProps<string | number> & { readonly key: string } {
  const offered = fits ? values.filter((one) => fits(one, shape)) : values
  return {
    key,
    title,
    values: offered,
    value: value !== undefined && offered.includes(value) ? value : initial,
    say,
    onPick,
  }
}
