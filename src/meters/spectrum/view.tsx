import { useEffect, useMemo, useRef } from 'react'
import { FigurePace, showFigure, showText } from '#meters/draw/figure.ts'
import { formatLevel, formatSigned, sayHertz } from '#meters/draw/format.ts'
import { Plot } from '#meters/draw/plot.tsx'
import { useLook } from '#meters/draw/remembered.ts'
import { Said } from '#meters/draw/said.ts'
import type { Palette } from '#meters/draw/theme.ts'
import { LevelUnit } from '#meters/draw/unit.tsx'
import { levelUnit, type MeterView, type MeterViewProps } from '#meters/draw/view.ts'
import { SpectrumDrawing, type ColumnReading, type SpectrumReading } from './drawing.ts'
import { SPECTRUM_LOOKS } from './looks.ts'
import { spectrumTable } from './table.ts'
import '#meters/draw/readout.css'
import './view.css'

export const spectrumView: MeterView = {
  id: 'spectrum',
  title: 'Spectrum',
  Component: SpectrumView,
  Head: SpectrumHead,
  looks: SPECTRUM_LOOKS,
  told: ['size', 'window', 'average', 'channel'],
  table: spectrumTable,
}

/** Where something is held or summed up, it can begin anew. */
function SpectrumHead({ chosen, totals }: MeterViewProps) {
  if (chosen['hold'] !== 'on' && chosen['average'] !== 'linear') return null
  return (
    <button
      type="button"
      className="button button-small spectrum-clear"
      title="Held peaks and the average of the spectrum begin anew"
      onClick={totals.onClear}
    >
      Clear hold
    </button>
  )
}

function SpectrumView({ feed, chosen }: MeterViewProps) {
  const box = useRef<HTMLDivElement>(null)
  const look = useLook('spectrum', SPECTRUM_LOOKS)
  const drawing = useMemo(() => new SpectrumDrawing(feed), [feed])
  const { axis } = look
  // Another axis makes another plot.
  const options = useMemo(() => (palette: Palette) => drawing.options(palette, axis), [drawing, axis])
  useEffect(() => drawing.show(look), [drawing, look])
  const unit = levelUnit(feed)

  useEffect(() => {
    // A drawing that still comes after the view has gone finds its parts.
    const root = box.current!
    const find = (name: string): HTMLElement => root.querySelector<HTMLElement>(`[data-part="${name}"]`)!
    const [frame, readout] = [find('frame'), find('readout')]
    const said = new Said(find('said'))
    const pace = new FigurePace()
    const write = writer(find)
    const hands = drawing.attach(
      frame,
      () => said.say(() => words(drawing.reading, unit)),
      (now, moved) => {
        if (feed.live && !moved && !pace.due(now)) return
        const { reading, range } = drawing
        write(reading)
        readout.dataset['cursor'] = reading.at ? (reading.against ? 'two' : 'one') : 'none'
        Object.assign(frame.dataset, range)
      },
    )
    return () => {
      void hands.dispose()
      said.dispose()
    }
  }, [drawing, feed, unit])

  const level = (id: string) => <b className="figure" data-part={id} data-testid={`spectrum-${id}`} />
  return (
    <div className="spectrum" ref={box}>
      <p className="readout legend" data-part="readout" data-cursor="none">
        <span className="spectrum-highest">
          Highest <span data-part="highest-hz" data-testid="spectrum-highest-hz" /> {level('highest')}{' '}
          <LevelUnit feed={feed} />
        </span>
        <span className="readout-cursor">
          <b data-part="cursor-hz" data-testid="spectrum-cursor-hz" /> {level('cursor')} <LevelUnit feed={feed} />
          {chosen['hold'] === 'on' && <span className="spectrum-hold">held {level('cursor-hold')}</span>}
        </span>
        <span className="readout-difference">
          Δ {level('difference')} dB <span data-part="ratio" data-testid="spectrum-ratio" />
          <span className="spectrum-octaves" data-part="octaves" data-testid="spectrum-octaves" />
        </span>
      </p>
      <div
        className="pointed spectrum-frame"
        data-part="frame"
        data-testid="spectrum-frame"
        role="group"
        tabIndex={0}
        aria-label="Spectrum. Left and right move a cursor, with Shift to the next peak, Enter keeps it to compare with, plus and minus zoom, Home shows all, Escape ends."
      >
        <Plot label={`Spectrum, ${unit}`} source={drawing} options={options} columns={drawing.columns} />
      </div>
      <p className="unseen" role="status" data-part="said" data-testid="spectrum-said" />
    </div>
  )
}

/** Writes a reading into the line above the picture. */
function writer(find: (name: string) => HTMLElement | null): (reading: SpectrumReading) => void {
  const hertz = (name: string, column: ColumnReading | undefined): void => {
    const element = find(name)!
    element.dataset['value'] = column ? String(column.hz) : ''
    showText(element, column ? sayHertz(column.hz) : '')
  }
  return ({ highest, at, against }) => {
    hertz('highest-hz', highest)
    showFigure(find('highest')!, highest?.db)
    hertz('cursor-hz', at)
    showFigure(find('cursor')!, at?.db)
    const held = find('cursor-hold')
    if (held) showFigure(held, at?.hold)
    const two = at && against ? compared(at, against) : undefined
    showFigure(find('difference')!, two?.db, formatSigned)
    for (const [name, value, text] of [
      ['ratio', two?.ratio, two && `×${two.ratio.toFixed(3)}`],
      ['octaves', two?.octaves, two && `${formatSigned(two.octaves, 2)} oct`],
    ] as const) {
      const element = find(name)!
      element.dataset['value'] = value === undefined ? '' : String(value)
      showText(element, text ?? '')
    }
  }
}

interface Difference {
  readonly db: number | undefined
  readonly ratio: number
  readonly octaves: number
}

/** Of the first to the second; silence has no distance in dB. */
function compared(at: ColumnReading, against: ColumnReading): Difference {
  const db = at.db - against.db
  const ratio = at.hz / against.hz
  return { db: Number.isFinite(db) ? db : undefined, ratio, octaves: Math.log2(ratio) }
}

function words({ at, against }: SpectrumReading, unit: string): string {
  if (!at) return 'No cursor'
  const here = `${sayHertz(at.hz)}, ${formatLevel(at.db)} ${unit}`
  if (!against) return here
  const { db, octaves } = compared(at, against)
  return `${here}, ${formatSigned(db)} dB and ${formatSigned(octaves, 2)} octaves from ${sayHertz(against.hz)}`
}
