import { useEffect, useRef } from 'react'
import { FigurePace, showFigure } from '#meters/draw/figure.ts'
import { formatLevel, formatSigned, NO_FIGURE } from '#meters/draw/format.ts'
import { useLook, type Looks, useRememberedNumber } from '#meters/draw/remembered.ts'
import type { Table } from '#meters/draw/table.ts'
import { TotalsButtons } from '#meters/draw/totals.tsx'
import type { Feed, MeterView, MeterViewProps } from '#meters/draw/view.ts'
import { slotAt } from '#meters/meter.ts'
import { loudnessMeter } from './meter.ts'
import {
  HIGHEST_TARGET,
  inUnit,
  type LoudnessUnit,
  LOWEST_TARGET,
  place,
  SCALE,
  SCALES,
  type Scale,
  targetOf,
  TARGETS,
  UNITS,
} from './scale.ts'
import './view.css'

const LOUDNESS = ['momentary', 'momentaryMax', 'shortTerm', 'shortTermMax', 'integrated'] as const
type LoudnessName = (typeof LOUDNESS)[number]
/** Figures of the present: without sound there is none. Maxima and the integrated loudness stay. */
const PRESENT: ReadonlySet<LoudnessName> = new Set(['momentary', 'shortTerm'])
/** Of whole windows. */
const MAXIMA: ReadonlySet<LoudnessName> = new Set(['momentaryMax', 'shortTermMax'])

const LOOKS = {
  scale: { title: 'Scale', values: SCALES, initial: SCALES[0] },
  unit: {
    title: 'Unit',
    values: UNITS,
    initial: UNITS[0],
    say: (unit) => (unit === 'LU' ? 'Relative, LU' : 'Absolute, LUFS'),
  },
  target: { title: 'Target', values: TARGETS, initial: TARGETS[0] },
} as const satisfies Looks

export const loudnessView: MeterView = {
  id: 'loudness',
  title: 'Loudness',
  looks: LOOKS,
  told: ['scale'],
  Component: LoudnessView,
  Head: ({ totals }) => <TotalsButtons totals={totals} />,
  table,
}

const OWN = { lowest: LOWEST_TARGET, highest: HIGHEST_TARGET, initial: -18 }

function LoudnessView({ feed }: MeterViewProps) {
  const box = useRef<HTMLDivElement>(null)
  const { scale: name, unit, target: targetName } = useLook('loudness', LOOKS)
  const [own, setOwn] = useRememberedNumber('loudness.own', OWN)
  const target = targetOf(targetName, own)
  const scale = SCALE[name]
  useEffect(() => {
    const drawing = draw(box.current!, feed, scale, unit, target)
    return () => void drawing.dispose()
  }, [feed, scale, unit, target])
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
          <div className="loudness-shift" data-shift="shortTerm">
            <div className="loudness-mark" />
          </div>
          <div className="loudness-target" style={{ left: `${place(scale, target, target) * 100}%` }} />
        </div>
        <div className="loudness-range">
          <div className="loudness-range-fill" data-range="" />
          <div className="loudness-shift" data-shift="integrated">
            <div className="loudness-mark" />
          </div>
        </div>
        <div className="loudness-scale">
          {scale.marks.map((mark) => (
            <span
              key={mark}
              className={mark === 0 ? 'loudness-at-target' : undefined}
              style={{ left: `${place(scale, mark, 0) * 100}%` }}
            >
              {unit === 'LU' ? formatSigned(mark, 0) : formatLevel(target + mark, Number.isInteger(target) ? 0 : 1)}
            </span>
          ))}
        </div>
      </div>
      <div className="legend">
        <span className="key key-bar" /> Momentary
        <span className="key key-mark" /> Short-term
        <span className="key loudness-key-range" /> LRA
        <span className="key loudness-key-range loudness-key-integrated" /> Integrated
        <span className="key key-target" /> Target{' '}
        {targetName === 'Own target' ? <OwnTarget value={own} onChange={setOwn} /> : formatLevel(target, 0)} LUFS
      </div>
    </div>
  )
}

/** A number that is typed; what is no number, or too far away, is not taken. */
function OwnTarget({ value, onChange }: { readonly value: number; readonly onChange: (value: number) => void }) {
  return (
    <input
      className="loudness-own"
      type="number"
      aria-label="Own target, LUFS"
      min={LOWEST_TARGET}
      max={HIGHEST_TARGET}
      step={0.5}
      defaultValue={value}
      onChange={({ target: { valueAsNumber } }) => {
        if (valueAsNumber >= LOWEST_TARGET && valueAsNumber <= HIGHEST_TARGET) onChange(valueAsNumber)
      }}
      onBlur={({ target }) => (target.value = String(value))}
    />
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
        {max ? (
          <>
            <span className="muted">max</span> <Figure name={max} small />
          </>
        ) : (
          <Integrated />
        )}
      </p>
    </div>
  )
}

/** Over how much sound, and how far from the target. */
function Integrated() {
  return (
    <>
      <span className="loudness-heard muted">heard</span>
      <span data-heard="" data-testid="loudness-heard" title="Sound heard since reset">
        {NO_FIGURE}
      </span>
      <span className="loudness-distance" title="From the target">
        <span className="loudness-from muted">from target</span>
        <span className="loudness-delta muted">Δ</span> <Figure name="distance" small />{' '}
        <span className="unit">LU</span>
      </span>
    </>
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

function draw(box: HTMLElement, feed: Feed, scale: Scale, unit: LoudnessUnit, target: number) {
  const layout = loudnessMeter.layout(feed.shape)
  const at = (name: string): number => slotAt(layout, name).at
  const find = (name: string): HTMLElement => box.querySelector<HTMLElement>(`[data-figure="${name}"]`)!
  const part = (selector: string): HTMLElement => box.querySelector<HTMLElement>(selector)!
  const figures = LOUDNESS.map((name) => ({
    at: at(name),
    name,
    present: PRESENT.has(name),
    element: find(name),
  }))
  const ranges = ['lra', 'plr'].map((name) => ({ at: at(name), element: find(name) }))
  const slots = {
    momentary: at('momentary'),
    shortTerm: at('shortTerm'),
    integrated: at('integrated'),
    heard: at('heard'),
    unstable: at('lraUnstable'),
    low: at('lraLow'),
    high: at('lraHigh'),
  }
  const peaks = slotAt(layout, 'truePeakMax')
  const [peak, distance] = [find('truePeakMax'), find('distance')]
  const heardText = part('[data-heard]')
  const unstableMark = part('[data-unstable]')
  const fill = part('[data-fill]')
  const range = part('[data-range]')
  const [shortTerm, integrated] = [part('[data-shift="shortTerm"]'), part('[data-shift="integrated"]')]
  const format = unit === 'LU' ? formatSigned : formatLevel
  const share = (lufs = -Infinity): number => place(scale, lufs, target)
  const pace = new FigurePace()
  return feed.onDraw(box, (now) => {
    const reading = feed.reading()
    const present = feed.live ? reading : undefined
    fill.style.transform = `scaleX(${share(present?.[slots.momentary])})`
    shortTerm.style.transform = `translateX(${share(present?.[slots.shortTerm]) * 100}%)`
    if (feed.live && !pace.due(now)) return
    integrated.style.transform = `translateX(${share(reading?.[slots.integrated]) * 100}%)`
    const [low, high] = [share(reading?.[slots.low]), share(reading?.[slots.high])]
    range.style.transform = `translateX(${low * 100}%) scaleX(${high - low})`
    for (const figure of figures) {
      const read = (figure.present ? present : reading)?.[figure.at]
      const value = settled(figure.name, read, reading?.[slots.heard])
      showFigure(figure.element, value === undefined ? undefined : inUnit(unit, value, target), format)
    }
    for (const { at: place, element } of ranges) showFigure(element, finite(reading?.[place]))
    const loudness = finite(reading?.[slots.integrated])
    showFigure(distance, loudness === undefined ? undefined : loudness - target, formatSigned)
    showFigure(peak, reading && Math.max(...reading.subarray(peaks.at, peaks.at + peaks.length)))
    showFigure(heardText, reading?.[slots.heard], (s) => (s === undefined ? NO_FIGURE : clock(s)))
    unstableMark.style.visibility = reading && reading[slots.unstable] === 0 ? 'hidden' : 'visible'
  })
}

/** One row; loudness in LUFS whatever the unit of the screen. */
function table(feed: Feed): Table | undefined {
  const reading = feed.reading()
  if (!reading) return undefined
  const layout = loudnessMeter.layout(feed.shape)
  const present = feed.live ? reading : undefined
  const value = (name: string, of = reading): number | undefined => of[slotAt(layout, name).at]
  const peaks = slotAt(layout, 'truePeakMax')
  const columns = [
    ['Momentary', 'LUFS', present && value('momentary')],
    ['Largest momentary', 'LUFS', settled('momentaryMax', value('momentaryMax'))],
    ['Short-term', 'LUFS', present && settled('shortTerm', value('shortTerm'), value('heard'))],
    ['Largest short-term', 'LUFS', settled('shortTermMax', value('shortTermMax'))],
    ['Integrated', 'LUFS', value('integrated')],
    ['Heard since reset', 's', value('heard')],
    ['Loudness range', 'LU', finite(value('lra'))],
    ['Peak to loudness ratio', 'LU', finite(value('plr'))],
    ...Array.from({ length: feed.shape.channels }, (_, c) => {
      return [`Largest true peak of channel ${c + 1}`, 'dBTP', reading[peaks.at + c]] as const
    }),
  ] as const
  return { columns: columns.map(([title, unit]) => ({ title, unit })), rows: [columns.map(([, , figure]) => figure)] }
}

const SHORT_TERM_S = 3

/** Before its first window a maximum, and the short-term loudness, is not there yet: that is not the loudness of silence. `heard`: s. */
function settled(name: LoudnessName, value: number | undefined, heard = 0): number | undefined {
  return MAXIMA.has(name) || (name === 'shortTerm' && heard < SHORT_TERM_S) ? finite(value) : value
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
