import { useEffect, useRef, useState } from 'react'
import { FigurePace, showFigure, showText } from '#meters/draw/figure.ts'
import { NO_FIGURE } from '#meters/draw/format.ts'
import { Pick } from '#meters/draw/pick.tsx'
import { TotalsButtons } from '#meters/draw/totals.tsx'
import { levelUnit, type Feed, type MeterView, type MeterViewProps } from '#meters/draw/view.ts'
import { slotAt } from '#meters/meter.ts'
import { soundLevelMeter } from './meter.ts'
import './view.css'

export const soundLevelView: MeterView = {
  id: 'sound-level',
  title: 'Sound level',
  Component: SoundLevelView,
  Head: SoundLevelHead,
}

interface Shown {
  readonly slot: string
  readonly label: string
  /** Without sound there is none; the others stay. */
  readonly present?: true
  /** Slot of the share of its window that was heard. */
  readonly coverage?: string
}

const BIG: readonly Shown[] = [
  { slot: 'LAF', label: 'LAF', present: true },
  { slot: 'LAS', label: 'LAS', present: true },
  { slot: 'LAeq', label: 'LAeq' },
]
const average = (window: string, label: string): Shown => ({
  slot: `LAeq${window}`,
  label,
  present: true,
  coverage: `coverage${window}`,
})
/** One row each. */
const MORE: readonly (readonly Shown[])[] = [
  [
    average('1s', 'LAeq 1 s'),
    average('1min', '1 min'),
    average('15min', '15 min'),
    average('1h', '1 h'),
    { slot: 'LAE', label: 'LAE' },
    { slot: 'LCeq', label: 'LCeq' },
    { slot: 'LZeq', label: 'LZeq' },
  ],
  [1, 5, 10, 50, 90, 95, 99].map((percent) => ({ slot: `L${percent}`, label: `LA${percent}` })),
  [
    { slot: 'LAFmax', label: 'LAFmax' },
    { slot: 'LAFmin', label: 'LAFmin' },
    { slot: 'LASmax', label: 'LASmax' },
    { slot: 'LASmin', label: 'LASmin' },
    { slot: 'LAI', label: 'LAI', present: true },
    { slot: 'LCF', label: 'LCF', present: true },
    { slot: 'LCpeakMax', label: 'LCpeak' },
  ],
]
const CHANNEL = 'sound-level.channel'

function SoundLevelHead({ totals }: MeterViewProps) {
  return <TotalsButtons totals={totals} />
}

function SoundLevelView({ feed }: MeterViewProps) {
  const box = useRef<HTMLDivElement>(null)
  const [channel, setChannel] = useState(feed.memory.get(CHANNEL) ?? 0)
  const channels = Array.from({ length: feed.shape.channels }, (_, c) => c)
  useEffect(() => {
    const drawing = draw(box.current!, feed, channel)
    return () => void drawing.dispose()
  }, [feed, channel])
  const pick = (chosen: number): void => {
    feed.memory.set(CHANNEL, chosen)
    setChannel(chosen)
  }
  return (
    <div className="sound-level" ref={box}>
      <div className="sound-level-big">
        {BIG.map(({ slot, label }) => (
          <div key={slot}>
            <h3>
              {label} <span className="unit">{levelUnit(feed)}</span>
            </h3>
            <Figure slot={slot} />
          </div>
        ))}
      </div>
      {MORE.map((row) => (
        <dl key={row[0]!.slot} className="sound-level-more">
          {row.map(({ slot, label, coverage }) => (
            <div key={slot}>
              <dt>
                {label}
                {coverage && <span className="sound-level-coverage" data-coverage={slot} />}
              </dt>
              <dd>
                <Figure slot={slot} />
              </dd>
            </div>
          ))}
        </dl>
      ))}
      <div className="legend">
        {channels.length > 1 && (
          <Pick title="Channel" values={channels} value={channel} say={(c) => `Channel ${c + 1}`} onPick={pick} />
        )}
        <span data-heard="" data-testid="sound-level-heard">
          {NO_FIGURE}
        </span>
        <span className="muted">{levelUnit(feed)}</span>
        <span className="sound-level-overload" data-overload="" data-testid="sound-level-overload">
          <span className="sound-level-lamp" />
          <span data-said="">Not overloaded</span>
        </span>
      </div>
    </div>
  )
}

function Figure({ slot }: { readonly slot: string }) {
  return (
    <span className="figure" data-figure={slot} data-testid={`sound-level-${slot}`}>
      {NO_FIGURE}
    </span>
  )
}

function draw(box: HTMLElement, feed: Feed, channel: number) {
  const layout = soundLevelMeter.layout(feed.shape)
  const at = (slot: string): number => slotAt(layout, slot).at + channel
  const figures = [...BIG, ...MORE.flat()].map(({ slot, present = false, coverage }) => ({
    at: at(slot),
    present,
    coverage: coverage === undefined ? undefined : at(coverage),
    element: box.querySelector<HTMLElement>(`[data-figure="${slot}"]`)!,
    coverageElement: box.querySelector<HTMLElement>(`[data-coverage="${slot}"]`),
  }))
  const [coverage, overloaded] = [at('coverage'), at('overloaded')]
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
      const value = heardShare > 0 ? there?.[figure.at] : undefined
      showFigure(figure.element, value === undefined ? undefined : value + splOffset)
      // An average over little of its window says so until the window is whole.
      if (figure.coverageElement)
        showText(
          figure.coverageElement,
          there && heardShare < 1 ? ` ${heardShare < 0.01 ? '<1' : Math.floor(heardShare * 100)} %` : '',
        )
    }
    showText(heard, reading ? `${share(reading[coverage]!)} of the time heard since reset` : NO_FIGURE)
    const over = reading !== undefined && reading[overloaded]! > 0
    overload.classList.toggle('sound-level-overloaded', over)
    showText(said, over ? 'Overloaded: levels are too low' : 'Not overloaded')
  })
}

/** Never "100 %" while anything is missing. */
function share(coverage: number): string {
  return coverage === 1 ? '100 %' : `${(Math.floor(coverage * 1000) / 10).toFixed(1)} %`
}
