import { useEffect, useRef, useState } from 'react'
import { FigurePace, showFigure, showText } from '#meters/draw/figure.ts'
import { NO_FIGURE } from '#meters/draw/format.ts'
import { Pick } from '#meters/draw/pick.tsx'
import { useLook, type Looks } from '#meters/draw/remembered.ts'
import type { Table } from '#meters/draw/table.ts'
import { TotalsButtons } from '#meters/draw/totals.tsx'
import { LevelUnit } from '#meters/draw/unit.tsx'
import { levelUnit, type Feed, type MeterView, type MeterViewProps } from '#meters/draw/view.ts'
import { slotAt } from '#meters/meter.ts'
import { ALL, AVERAGES, cell, COLUMNS, isThere, nameOf, PERCENTILES, type Shown, WEIGHTINGS } from './figures.ts'
import { soundLevelMeter } from './meter.ts'
import './view.css'

const LARGEST: readonly string[] = ALL.map(({ slot }) => slot)
const LOOKS = {
  large: { title: 'Large figure', values: LARGEST, initial: 'LAF', say: (slot) => nameOf(shownOf(String(slot))) },
} as const satisfies Looks

export const soundLevelView: MeterView = {
  id: 'sound-level',
  title: 'Sound level',
  looks: LOOKS,
  Component: SoundLevelView,
  Head: ({ totals }) => <TotalsButtons totals={totals} />,
  table,
}

const CHANNEL = 'sound-level.channel'

function shownOf(slot: string): Shown {
  return ALL.find((one) => one.slot === slot)!
}

function SoundLevelView({ feed }: MeterViewProps) {
  const box = useRef<HTMLDivElement>(null)
  const [channel, setChannel] = useState(feed.memory.get(CHANNEL) ?? 0)
  const { large } = useLook('sound-level', LOOKS)
  const channels = Array.from({ length: feed.shape.channels }, (_, c) => c)
  useEffect(() => {
    const drawing = draw(box.current!, feed, channel, large)
    return () => void drawing.dispose()
  }, [feed, channel, large])
  const pick = (chosen: number): void => {
    feed.memory.set(CHANNEL, chosen)
    setChannel(chosen)
  }
  return (
    <div className="sound-level" ref={box}>
      <div className="sound-level-top">
        <div className="sound-level-large">
          <h3>
            {nameOf(shownOf(large))} <LevelUnit feed={feed} />
          </h3>
          <p className="figure" data-large="" data-slot={large} data-testid="sound-level-large">
            {NO_FIGURE}
          </p>
        </div>
        <div className="sound-level-side">
          {channels.length > 1 && (
            <Pick title="Channel" values={channels} value={channel} say={(c) => `Channel ${c + 1}`} onPick={pick} />
          )}
          <span data-heard="" data-testid="sound-level-heard">
            {NO_FIGURE}
          </span>
          <span className="sound-level-overload" data-overload="" data-testid="sound-level-overload">
            <span className="sound-level-lamp" />
            <span data-said="">Not overloaded</span>
          </span>
        </div>
      </div>
      <Weighted />
      <Row shown={AVERAGES} />
      <Row shown={PERCENTILES} />
    </div>
  )
}

/** Time weightings, averages, extremes and peaks of each frequency weighting. */
function Weighted() {
  return (
    <table className="sound-level-table">
      <thead>
        <tr>
          <th scope="col">
            <span className="unseen">Weighting</span>
          </th>
          {COLUMNS.map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {WEIGHTINGS.map((weighting) => (
          <tr key={weighting}>
            <th scope="row">L{weighting}</th>
            {COLUMNS.map((column) => {
              const shown = cell(weighting, column)
              return <td key={column}>{shown && <Figure slot={shown.slot} />}</td>
            })}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Row({ shown }: { readonly shown: readonly Shown[] }) {
  return (
    <dl className="sound-level-more">
      {shown.map(({ slot, label, coverage }) => (
        <div key={slot}>
          <dt>
            {label}
            {coverage && (
              <span className="sound-level-coverage" data-coverage={slot} title="So much of this time was heard" />
            )}
          </dt>
          <dd>
            <Figure slot={slot} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Figure({ slot }: { readonly slot: string }) {
  return (
    <span className="figure" data-figure={slot} data-testid={`sound-level-${slot}`}>
      {NO_FIGURE}
    </span>
  )
}

function draw(box: HTMLElement, feed: Feed, channel: number, large: string) {
  const layout = soundLevelMeter.layout(feed.shape)
  const at = (slot: string): number => slotAt(layout, slot).at + channel
  const largeElement = box.querySelector<HTMLElement>('[data-large]')!
  const figures = ALL.map(({ slot, present = false, of, coverage }) => ({
    at: at(slot),
    present,
    slot,
    of: of === undefined ? undefined : at(of),
    coverage: coverage === undefined ? undefined : at(coverage),
    element: box.querySelector<HTMLElement>(`[data-figure="${slot}"]`)!,
    large: slot === large ? largeElement : undefined,
    coverageElement: box.querySelector<HTMLElement>(`[data-coverage="${slot}"]`),
  }))
  const [coverage, overloaded, since] = [at('coverage'), at('overloaded'), at('heard')]
  const heard = box.querySelector<HTMLElement>('[data-heard]')!
  const overload = box.querySelector<HTMLElement>('[data-overload]')!
  const said = overload.querySelector<HTMLElement>('[data-said]')!
  const pace = new FigurePace()
  return feed.onDraw(box, (now) => {
    if (feed.live && !pace.due(now)) return
    const reading = feed.reading()
    const { splOffset = 0 } = feed
    for (const figure of figures) {
      const there = figure.present && !feed.live ? undefined : reading
      const heardShare = figure.coverage === undefined ? 1 : (there?.[figure.coverage] ?? 0)
      const known =
        there && (figure.of === undefined || isThere(there[figure.at]!, there[figure.of]!, there[since]!, figure.slot))
      const level = known && heardShare > 0 ? there[figure.at]! + splOffset : undefined
      showFigure(figure.element, level)
      if (figure.large) showFigure(figure.large, level)
      // An average over little of its window says so until the window is whole.
      if (figure.coverageElement)
        showText(
          figure.coverageElement,
          there && heardShare < 1 ? ` ${heardShare < 0.01 ? '<1' : Math.floor(heardShare * 100)} %` : '',
        )
    }
    showText(heard, reading ? `${share(reading[coverage]!)} heard since reset` : NO_FIGURE)
    const over = reading !== undefined && reading[overloaded]! > 0
    overload.classList.toggle('sound-level-overloaded', over)
    showText(said, over ? 'Overloaded: levels are too low' : 'Not overloaded')
  })
}

/** Never "100 %" while anything is missing. */
function share(coverage: number): string {
  return coverage === 1 ? '100 %' : `${(Math.floor(coverage * 1000) / 10).toFixed(1)} %`
}

/** A row for each figure: its level in each channel, and how much of its window was heard. */
function table(feed: Feed): Table | undefined {
  const reading = feed.reading()
  if (!reading) return undefined
  const layout = soundLevelMeter.layout(feed.shape)
  const channels = Array.from({ length: feed.shape.channels }, (_, c) => c)
  const { splOffset = 0 } = feed
  const level = (slot: string, channel: number): number => reading[slotAt(layout, slot).at + channel]!
  return {
    columns: [
      { title: 'Figure' },
      ...channels.flatMap((c) => [
        { title: `Channel ${c + 1}`, unit: levelUnit(feed) },
        { title: `Share heard of channel ${c + 1}` },
      ]),
    ],
    rows: ALL.map((shown) => [
      nameOf(shown),
      ...channels.flatMap((c) => {
        const heard = level(shown.coverage ?? 'coverage', c)
        const value = level(shown.slot, c)
        const there = (feed.live || !shown.present) && (shown.coverage === undefined || heard > 0)
        const known = !shown.of || isThere(value, level(shown.of, c), level('heard', c), shown.slot)
        return [there && known ? value + splOffset : undefined, heard]
      }),
    ]),
  }
}
