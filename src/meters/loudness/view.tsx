import { useEffect, useRef } from 'react'
import { FigurePace, showFigure, showText } from '#meters/draw/figure.ts'
import { formatLevel, formatSigned, NO_FIGURE } from '#meters/draw/format.ts'
import { Pick } from '#meters/draw/pick.tsx'
import { useRemembered } from '#meters/draw/remembered.ts'
import { TotalsButtons } from '#meters/draw/totals.tsx'
import type { Feed, MeterView, MeterViewProps } from '#meters/draw/view.ts'
import { slotAt } from '#meters/meter.ts'
import { loudnessMeter } from './meter.ts'
import { inUnit, type LoudnessUnit, place, SCALE, SCALES, type Scale, TARGET_LUFS, UNITS } from './scale.ts'
import './view.css'

const LOUDNESS = ['momentary', 'momentaryMax', 'shortTerm', 'shortTermMax', 'integrated'] as const
type LoudnessName = (typeof LOUDNESS)[number]
/** Figures of the present: without sound there is none. Maxima and the integrated loudness stay. */
const PRESENT: ReadonlySet<LoudnessName> = new Set(['momentary', 'shortTerm'])

export const loudnessView: MeterView = {
  id: 'loudness',
  title: 'Loudness',
  Component: LoudnessView,
  Head: LoudnessHead,
}

function useScale() {
  const [scale, setScale] = useRemembered('loudness.scale', SCALES)
  const [unit, setUnit] = useRemembered('loudness.unit', UNITS)
  return { scale, setScale, unit, setUnit }
}

function LoudnessHead({ totals }: MeterViewProps) {
  const { scale, setScale, unit, setUnit } = useScale()
  return (
    <>
      <Pick title="Scale" values={SCALES} value={scale} onPick={setScale} />
      <Pick title="Unit" values={UNITS} value={unit} say={sayUnit} onPick={setUnit} />
      <TotalsButtons totals={totals} />
    </>
  )
}

function sayUnit(unit: LoudnessUnit): string {
  return unit === 'LU' ? 'Relative, LU' : 'Absolute, LUFS'
}

function LoudnessView({ feed }: MeterViewProps) {
  const box = useRef<HTMLDivElement>(null)
  const { scale: name, unit } = useScale()
  const scale = SCALE[name]
  useEffect(() => {
    const drawing = draw(box.current!, feed, scale, unit)
    return () => void drawing.dispose()
  }, [feed, scale, unit])
  return (
    <div className="loudness" ref={box}>
      <div className="loudness-figures">
        <Group name="momentary" title="Momentary" unit={unit} max="momentaryMax" />
        <Group name="shortTerm" title="Short-term" unit={unit} max="shortTermMax" />
        <Group name="integrated" title="Integrated" unit={unit} />
        <Also name="lra" title="LRA" unit="LU">
          <span className="loudness-unstable" data-unstable="" title="Not stable yet: of less than 60 s of sound">
            &lt; 60 s
          </span>
        </Also>
        <Also name="plr" title="PLR" unit="LU" />
        <Also name="truePeakMax" title="Max TP" unit="dBTP" />
      </div>
      <div className="loudness-bar" aria-hidden="true">
        <div className="loudness-track">
          <div className="loudness-fill" data-fill="" />
          <div className="loudness-shift" data-shift="">
            <div className="loudness-mark" />
          </div>
          <div className="loudness-target" style={{ left: `${place(scale, TARGET_LUFS) * 100}%` }} />
        </div>
        <div className="loudness-scale">
          {scale.marks.map((mark) => (
            <span
              key={mark}
              className={mark === 0 ? 'loudness-at-target' : undefined}
              style={{ left: `${place(scale, TARGET_LUFS + mark) * 100}%` }}
            >
              {unit === 'LU' ? formatSigned(mark, 0) : formatLevel(TARGET_LUFS + mark, 0)}
            </span>
          ))}
        </div>
      </div>
      <p className="legend">
        <span className="key key-bar" /> Momentary
        <span className="key key-mark" /> Short-term
        <span className="key key-target" /> Target {unit === 'LU' ? '0 LU = −23 LUFS' : '−23 LUFS'}
      </p>
    </div>
  )
}

interface GroupProps {
  readonly name: LoudnessName
  readonly title: string
  readonly unit: LoudnessUnit
  /** The name of its largest value; without one, over how much sound it is. */
  readonly max?: LoudnessName
}

function Group({ name, title, unit, max }: GroupProps) {
  return (
    <div className="loudness-group">
      <h3>
        {title} <span className="unit">{unit}</span>
      </h3>
      <p className="loudness-big">
        <Figure name={name} />
      </p>
      <p className="loudness-more">
        <span className="muted">{max ? 'max' : 'over'}</span>{' '}
        {max ? <Figure name={max} small /> : <span data-heard="">{NO_FIGURE}</span>}
      </p>
    </div>
  )
}

interface AlsoProps {
  readonly name: string
  readonly title: string
  readonly unit: string
  readonly children?: React.ReactNode
}

function Also({ name, title, unit, children }: AlsoProps) {
  return (
    <p className="loudness-also">
      <span className="muted">{title}</span>
      <Figure name={name} small />
      <span className="unit">{unit}</span>
      {children}
    </p>
  )
}

function Figure({ name, small = false }: { readonly name: string; readonly small?: boolean }) {
  return (
    <span className={small ? 'figure figure-small' : 'figure'} data-figure={name} data-testid={`loudness-${name}`}>
      {NO_FIGURE}
    </span>
  )
}

function draw(box: HTMLElement, feed: Feed, scale: Scale, unit: LoudnessUnit) {
  const layout = loudnessMeter.layout(feed.shape)
  const at = (name: string): number => slotAt(layout, name).at
  const find = (name: string): HTMLElement => box.querySelector<HTMLElement>(`[data-figure="${name}"]`)!
  const figures = LOUDNESS.map((name) => ({ at: at(name), present: PRESENT.has(name), element: find(name) }))
  const ranges = ['lra', 'plr'].map((name) => ({ at: at(name), element: find(name) }))
  const [momentary, shortTerm, heard, unstable] = ['momentary', 'shortTerm', 'heard', 'lraUnstable'].map(at) as [
    number,
    number,
    number,
    number,
  ]
  const peaks = slotAt(layout, 'truePeakMax')
  const peak = find('truePeakMax')
  const heardText = box.querySelector<HTMLElement>('[data-heard]')!
  const unstableMark = box.querySelector<HTMLElement>('[data-unstable]')!
  const fill = box.querySelector<HTMLElement>('[data-fill]')!
  const shift = box.querySelector<HTMLElement>('[data-shift]')!
  const format = unit === 'LU' ? formatSigned : formatLevel
  const pace = new FigurePace()
  return feed.onDraw(box, (now) => {
    const reading = feed.reading()
    const present = feed.live ? reading : undefined
    fill.style.transform = `scaleX(${place(scale, present?.[momentary] ?? -Infinity)})`
    shift.style.transform = `translateX(${place(scale, present?.[shortTerm] ?? -Infinity) * 100}%)`
    if (feed.live && !pace.due(now)) return
    for (const figure of figures) {
      const value = (figure.present ? present : reading)?.[figure.at]
      showFigure(figure.element, value === undefined ? undefined : inUnit(unit, value), format)
    }
    for (const { at: place, element } of ranges) showFigure(element, finite(reading?.[place]))
    showFigure(peak, reading && Math.max(...reading.subarray(peaks.at, peaks.at + peaks.length)))
    showText(heardText, reading ? clock(reading[heard]!) : NO_FIGURE)
    unstableMark.style.visibility = reading && reading[unstable] === 0 ? 'hidden' : 'visible'
  })
}

/** A range of silence is no figure. */
function finite(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) ? value : undefined
}

/** Seconds as "0:07" or "1:02:03". */
function clock(seconds: number): string {
  const two = (n: number): string => String(n).padStart(2, '0')
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds) % 60]
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}
