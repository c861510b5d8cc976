import { useContext, useEffect, useRef } from 'react'
import { FigurePace, showFigure, showText } from '#meters/draw/figure.ts'
import { formatLevel, formatSigned, NO_FIGURE, sayHertz } from '#meters/draw/format.ts'
import { useLook } from '#meters/draw/remembered.ts'
import { Said } from '#meters/draw/said.ts'
import { ThemeContext, usePalette } from '#meters/draw/theme.ts'
import { LevelUnit } from '#meters/draw/unit.tsx'
import { levelUnit, type MeterView, type MeterViewProps } from '#meters/draw/view.ts'
import { historyOf } from './history.ts'
import { SPECTROGRAM_LOOKS } from './looks.ts'
import { Picture, type Spot } from './picture.ts'
import { spectrogramTable } from './table.ts'
import '#meters/draw/readout.css'
import '#meters/draw/undrawn.css'
import './view.css'

export const spectrogramView: MeterView = {
  id: 'spectrogram',
  title: 'Spectrogram',
  Component: SpectrogramView,
  looks: SPECTROGRAM_LOOKS,
  told: ['map', 'span'],
  table: spectrogramTable,
}

function SpectrogramView({ feed }: MeterViewProps) {
  const box = useRef<HTMLDivElement>(null)
  const picture = useRef<Picture>(null)
  const theme = useContext(ThemeContext)
  const palette = usePalette()
  const look = useLook('spectrogram', SPECTROGRAM_LOOKS)
  const unit = levelUnit(feed)
  useEffect(() => {
    // A drawing that still comes after the view has gone finds its parts.
    const root = box.current!
    const find = (name: string): HTMLElement => root.querySelector<HTMLElement>(`[data-part="${name}"]`)!
    const readout = find('readout')
    const pace = new FigurePace()
    const said = new Said(find('said'))
    const write = writer(find)
    const made: Picture = new Picture(
      find('frame'),
      feed,
      historyOf(feed.shape),
      { palette, theme },
      () => said.say(() => words(made.pointed.at, made.pointed.against, unit)),
      (now, moved) => {
        if (feed.live && !moved && !pace.due(now)) return
        const { at, against } = made.pointed
        readout.dataset['cursor'] = at ? (against ? 'two' : 'one') : 'none'
        write(at, against)
      },
    )
    picture.current = made
    return () => {
      made.dispose()
      said.dispose()
      picture.current = null
    }
  }, [feed, palette, theme, unit])
  useEffect(() => picture.current!.show(look))
  const figure = (id: string) => <b className="figure" data-part={id} data-testid={`spectrogram-${id}`} />
  const span = SPECTROGRAM_LOOKS.span.say(look.span)
  return (
    <div className="spectrogram" ref={box}>
      <p className="readout legend" data-part="readout" data-cursor="none">
        <span className="readout-cursor">
          {figure('cursor-time')} {figure('cursor-hz')} {figure('cursor')} <LevelUnit feed={feed} />
        </span>
        <span className="readout-difference">
          Δ {figure('difference')} dB {figure('difference-time')} {figure('difference-octaves')}
        </span>
        <span className="spectrogram-key">
          <span className="key key-undrawn" /> Not drawn <span className="key key-hatch" /> Sound lost
        </span>
      </p>
      <div
        className="pointed"
        data-part="frame"
        data-testid="spectrogram-frame"
        role="group"
        tabIndex={0}
        aria-label="Spectrogram. Left and right move a cursor in time, up and down in frequency, with Shift by a second or to the next peak, Enter keeps it to compare with, Escape ends."
      >
        <canvas role="img" aria-label={`Spectrogram of the last ${span}, 20 Hz to 20 kHz, ${unit}`} />
      </div>
      <p className="unseen" role="status" data-part="said" data-testid="spectrogram-said" />
    </div>
  )
}

const sayAgo = (ago: number | undefined): string => (ago === undefined ? '' : `${formatLevel(-ago, 2)} s`)
const sayOctaves = (octaves: number | undefined): string =>
  octaves === undefined ? '' : `${formatSigned(octaves, 2)} oct`
const saySeconds = (seconds: number | undefined): string =>
  seconds === undefined ? '' : `${formatSigned(seconds, 2)} s`

/** Writes what is pointed at into the line above the picture. */
function writer(find: (name: string) => HTMLElement): (at: Spot | undefined, against: Spot | undefined) => void {
  const hertz = find('cursor-hz')
  return (at, against) => {
    const time = find('cursor-time')
    time.dataset['value'] = at ? String(-at.ago) : ''
    showText(time, sayAgo(at?.ago))
    hertz.dataset['value'] = at ? String(at.hz) : ''
    showText(hertz, at ? sayHertz(at.hz) : '')
    showFigure(find('cursor'), at?.db)
    const two = at && against ? compared(at, against) : undefined
    showFigure(find('difference-time'), two?.seconds, saySeconds)
    showFigure(find('difference'), two?.db, formatSigned)
    showFigure(find('difference-octaves'), two?.octaves, sayOctaves)
  }
}

interface Difference {
  readonly seconds: number
  readonly db: number | undefined
  readonly octaves: number
}

function compared(at: Spot, against: Spot): Difference {
  const db = (at.db ?? Number.NaN) - (against.db ?? Number.NaN)
  return {
    seconds: against.ago - at.ago,
    db: Number.isFinite(db) ? db : undefined,
    octaves: Math.log2(at.hz / against.hz),
  }
}

function words(at: Spot | undefined, against: Spot | undefined, unit: string): string {
  if (!at) return 'No cursor'
  const level = at.db === undefined ? 'nothing heard' : `${formatLevel(at.db)} ${unit}`
  const here = `${formatLevel(at.ago)} s ago, ${sayHertz(at.hz)}, ${level}`
  if (!against) return here
  const { seconds, db } = compared(at, against)
  return `${here}, ${db === undefined ? NO_FIGURE : formatSigned(db)} dB and ${formatSigned(seconds)} s from ${sayHertz(against.hz)}`
}
