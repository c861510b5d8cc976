import { useEffect, useRef } from 'react'
import { FigurePace, showFigure, showText } from '#meters/draw/figure.ts'
import { NO_FIGURE } from '#meters/draw/format.ts'
import type { Feed, MeterView, MeterViewProps } from '#meters/draw/view.ts'
import { slotAt } from '#meters/meter.ts'
import { loudnessMeter } from './meter.ts'
import './view.css'

/** EBU R 128: the level that programmes are brought to. */
const TARGET_LUFS = -23
const LOWEST_LUFS = -60
const SCALE_LUFS = [-60, -50, -40, -30, -23, -10, 0]

const FIGURES = ['momentary', 'momentaryMax', 'shortTerm', 'shortTermMax', 'integrated'] as const
type FigureName = (typeof FIGURES)[number]
/** Figures of the present: without sound there is none. Maxima and the integrated loudness stay. */
const PRESENT: ReadonlySet<FigureName> = new Set(['momentary', 'shortTerm'])

export const loudnessView: MeterView = { id: 'loudness', title: 'Loudness', Component: LoudnessView }

function LoudnessView({ feed, onReset }: MeterViewProps) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const drawing = draw(box.current!, feed)
    return () => void drawing.dispose()
  }, [feed])
  return (
    <div className="loudness" ref={box}>
      <div className="loudness-figures">
        <Group name="momentary" title="Momentary" max="momentaryMax" />
        <Group name="shortTerm" title="Short-term" max="shortTermMax" />
        <div className="loudness-group">
          <h3>
            Integrated <span className="unit">LUFS</span>
          </h3>
          <Figure name="integrated" />
          <p className="loudness-more">
            <span className="muted">over</span> <span data-heard="">{NO_FIGURE}</span>
            <button type="button" className="button button-quiet button-small" onClick={onReset}>
              Reset
            </button>
          </p>
        </div>
      </div>
      <div className="loudness-bar" aria-hidden="true">
        <div className="loudness-track">
          <div className="loudness-fill" data-fill="" />
          <div className="loudness-shift" data-shift="">
            <div className="loudness-mark" />
          </div>
          <div className="loudness-target" style={{ left: `${place(TARGET_LUFS) * 100}%` }} />
        </div>
        <div className="loudness-scale">
          {SCALE_LUFS.map((value) => (
            <span
              key={value}
              className={value === TARGET_LUFS ? 'loudness-at-target' : undefined}
              style={{ left: `${place(value) * 100}%` }}
            >
              {value === 0 ? '0' : `−${-value}`}
            </span>
          ))}
        </div>
      </div>
      <p className="legend">
        <span className="key key-bar" /> Momentary
        <span className="key key-mark" /> Short-term
        <span className="key key-target" /> Target −23 LUFS
      </p>
    </div>
  )
}

function Group(props: { name: FigureName; title: string; max: FigureName }) {
  return (
    <div className="loudness-group">
      <h3>
        {props.title} <span className="unit">LUFS</span>
      </h3>
      <Figure name={props.name} />
      <p className="loudness-more">
        <span className="muted">max</span>{' '}
        <span className="figure figure-small" data-figure={props.max} data-testid={`loudness-${props.max}`}>
          {NO_FIGURE}
        </span>
      </p>
    </div>
  )
}

function Figure({ name }: { readonly name: FigureName }) {
  return (
    <p className="loudness-big">
      <span className="figure" data-figure={name} data-testid={`loudness-${name}`}>
        {NO_FIGURE}
      </span>
    </p>
  )
}

function draw(box: HTMLElement, feed: Feed) {
  const layout = loudnessMeter.layout(feed.shape)
  const at = (name: string): number => slotAt(layout, name).at
  const figures = FIGURES.map((name) => ({
    at: at(name),
    present: PRESENT.has(name),
    element: box.querySelector<HTMLElement>(`[data-figure="${name}"]`)!,
  }))
  const [momentary, shortTerm, heard] = [at('momentary'), at('shortTerm'), at('heard')]
  const heardText = box.querySelector<HTMLElement>('[data-heard]')!
  const fill = box.querySelector<HTMLElement>('[data-fill]')!
  const shift = box.querySelector<HTMLElement>('[data-shift]')!
  const pace = new FigurePace()
  return feed.onDraw(box, (now) => {
    const reading = feed.reading()
    const present = feed.live ? reading : undefined
    fill.style.transform = `scaleX(${place(present?.[momentary] ?? -Infinity)})`
    shift.style.transform = `translateX(${place(present?.[shortTerm] ?? -Infinity) * 100}%)`
    if (feed.live && !pace.due(now)) return
    for (const figure of figures) showFigure(figure.element, (figure.present ? present : reading)?.[figure.at])
    showText(heardText, reading ? clock(reading[heard]!) : NO_FIGURE)
  })
}

/** Place on the bar, 0 to 1. */
function place(lufs: number): number {
  return Math.min(1, Math.max(0, 1 - lufs / LOWEST_LUFS))
}

/** Seconds as "0:07" or "1:02:03". */
function clock(seconds: number): string {
  const two = (n: number): string => String(n).padStart(2, '0')
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds) % 60]
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}
