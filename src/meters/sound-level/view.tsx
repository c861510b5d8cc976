import { useEffect, useRef } from 'react'
import { FigurePace, showFigure, showText } from '#meters/draw/figure.ts'
import { NO_FIGURE } from '#meters/draw/format.ts'
import { levelUnit, type Feed, type MeterView, type MeterViewProps } from '#meters/draw/view.ts'
import { slotAt } from '#meters/meter.ts'
import { soundLevelMeter } from './meter.ts'
import './view.css'

export const soundLevelView: MeterView = { id: 'sound-level', title: 'Sound level', Component: SoundLevelView }

/** Figures of the present: without sound there is none. The others stay. */
const PRESENT = new Set(['LAF', 'LAS', 'LCF'])
const BIG = ['LAF', 'LAS', 'LAeq'] as const
const MORE = [
  ['LAFmax', 'LAFmax'],
  ['LAFmin', 'LAFmin'],
  ['LCpeakMax', 'LCpeak'],
  ['LAE', 'LAE'],
  ['L10', 'LA10'],
  ['L50', 'LA50'],
  ['L90', 'LA90'],
  ['LCF', 'LCF'],
] as const

/** The first channel: a measurement microphone has one. */
function SoundLevelView({ feed }: MeterViewProps) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const drawing = draw(box.current!, feed)
    return () => void drawing.dispose()
  }, [feed])
  return (
    <div className="sound-level" ref={box}>
      <div className="sound-level-big">
        {BIG.map((name) => (
          <div key={name}>
            <h3>
              {name} <span className="unit">{levelUnit(feed)}</span>
            </h3>
            <p className="figure" data-figure={name} data-testid={`sound-level-${name}`}>
              {NO_FIGURE}
            </p>
          </div>
        ))}
      </div>
      <dl className="sound-level-more">
        {MORE.map(([name, label]) => (
          <div key={name}>
            <dt>{label}</dt>
            <dd className="figure" data-figure={name} data-testid={`sound-level-${name}`}>
              {NO_FIGURE}
            </dd>
          </div>
        ))}
      </dl>
      <p className="legend">
        {feed.shape.channels > 1 && 'Channel 1 · '}
        <span data-heard="">{NO_FIGURE}</span>
        <strong className="sound-level-overload" data-overload="" hidden>
          Overloaded: levels are too low
        </strong>
      </p>
    </div>
  )
}

function draw(box: HTMLElement, feed: Feed) {
  const layout = soundLevelMeter.layout(feed.shape)
  const at = (name: string): number => slotAt(layout, name).at
  const figures = [...BIG, ...MORE.map(([name]) => name)].map((name) => ({
    at: at(name),
    present: PRESENT.has(name),
    element: box.querySelector<HTMLElement>(`[data-figure="${name}"]`)!,
  }))
  const [coverage, overloaded] = [at('coverage'), at('overloaded')]
  const heard = box.querySelector<HTMLElement>('[data-heard]')!
  const overload = box.querySelector<HTMLElement>('[data-overload]')!
  const pace = new FigurePace()
  return feed.onDraw(box, (now) => {
    if (feed.live && !pace.due(now)) return
    const reading = feed.reading()
    const { splOffset } = feed
    for (const figure of figures) {
      const value = figure.present && !feed.live ? undefined : reading?.[figure.at]
      showFigure(figure.element, value === undefined ? undefined : value + (splOffset ?? 0))
    }
    showText(heard, reading ? `${share(reading[coverage]!)} of the time heard since reset` : NO_FIGURE)
    overload.hidden = !reading || reading[overloaded] === 0
  })
}

/** Never "100 %" while anything is missing. */
function share(coverage: number): string {
  return coverage === 1 ? '100 %' : `${(Math.floor(coverage * 1000) / 10).toFixed(1)} %`
}
