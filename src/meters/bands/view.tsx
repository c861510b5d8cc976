import { useEffect, useRef } from 'react'
import { FigurePace, showFigure, showText } from '#meters/draw/figure.ts'
import { formatLevel, formatSigned } from '#meters/draw/format.ts'
import { Pick } from '#meters/draw/pick.tsx'
import { useLook, useRemembered } from '#meters/draw/remembered.ts'
import { Said } from '#meters/draw/said.ts'
import { usePalette } from '#meters/draw/theme.ts'
import { LevelUnit } from '#meters/draw/unit.tsx'
import { levelUnit, type MeterView, type MeterViewProps } from '#meters/draw/view.ts'
import { BandBars } from './bars.ts'
import { BandLevels, bandsTable, BAR_NAMES, BARS, WIDTH_NAMES, WIDTHS } from './levels.ts'
import { BANDS_LOOKS } from './looks.ts'
import '#meters/draw/readout.css'
import './view.css'

export const bandsView: MeterView = {
  id: 'bands',
  title: 'Bands',
  Component: BandsView,
  Head: BandsHead,
  looks: BANDS_LOOKS,
  told: [],
  table: bandsTable,
}

function useBars() {
  const [width, setWidth] = useRemembered('bands.width', WIDTHS)
  const [bar, setBar] = useRemembered('bands.bar', BARS)
  return { width, setWidth, bar, setBar }
}

function BandsHead() {
  const { width, setWidth, bar, setBar } = useBars()
  return (
    <>
      <Pick title="Width of a band" values={WIDTHS} value={width} say={(w) => WIDTH_NAMES[w]} onPick={setWidth} />
      <Pick title="Level of the bars" values={BARS} value={bar} say={(b) => BAR_NAMES[b]} onPick={setBar} />
    </>
  )
}

function BandsView({ feed }: MeterViewProps) {
  const box = useRef<HTMLDivElement>(null)
  const bars = useRef<BandBars>(null)
  const palette = usePalette()
  const { width, bar } = useBars()
  const look = useLook('bands', BANDS_LOOKS)
  const unit = levelUnit(feed)
  useEffect(() => {
    // A drawing that still comes after the view has gone finds its parts.
    const root = box.current!
    const find = (name: string): HTMLElement => root.querySelector<HTMLElement>(`[data-part="${name}"]`)!
    const readout = find('readout')
    const pace = new FigurePace()
    const said = new Said(find('said'))
    const levels = new BandLevels(feed, width)
    const name = (part: string, place: number | undefined): void =>
      showText(find(part), place === undefined ? '' : levels.name(place))
    const made: BandBars = new BandBars(
      find('frame'),
      feed,
      levels,
      palette,
      () => said.say(() => words(made, levels, unit)),
      (now, moved) => {
        if (feed.live && !moved && !pace.due(now)) return
        const { highest } = made
        name('highest-name', highest)
        showFigure(find('highest'), highest === undefined ? undefined : made.level(highest))
        const { at, against } = made.pointed
        readout.dataset['cursor'] = at === undefined ? 'none' : against === undefined ? 'one' : 'two'
        name('cursor', at)
        for (const each of BARS) showFigure(find(`cursor-${each}`), at === undefined ? undefined : made.level(at, each))
        showFigure(find('difference'), difference(made), formatSigned)
      },
    )
    bars.current = made
    return () => {
      made.dispose()
      said.dispose()
      bars.current = null
    }
  }, [feed, palette, width, unit])
  useEffect(() => bars.current!.show(bar, look))
  return (
    <div className="bands" ref={box}>
      <p className="readout legend" data-part="readout" data-cursor="none">
        <span className="bands-highest">
          Highest <span data-part="highest-name" data-testid="bands-highest-hz" />{' '}
          <b className="figure" data-part="highest" data-testid="bands-highest" /> <LevelUnit feed={feed} />
        </span>
        <span className="readout-cursor bands-cursor">
          <b data-part="cursor" data-testid="bands-cursor" />
          {BARS.map((each) => (
            <span key={each}>
              {BAR_NAMES[each]}{' '}
              <b className="figure" data-part={`cursor-${each}`} data-testid={`bands-cursor-${each}`} />
            </span>
          ))}
        </span>
        <span className="readout-difference">
          Δ <b className="figure" data-part="difference" data-testid="bands-difference" /> dB
        </span>
      </p>
      <div
        className="pointed"
        data-part="frame"
        data-testid="bands-frame"
        role="group"
        tabIndex={0}
        aria-label="Bands. Left and right move a cursor, with Shift to the next peak, Enter keeps it to compare with, Escape ends."
      >
        <canvas role="img" aria-label={`Levels of the ${WIDTH_NAMES[width].toLowerCase()} from 20 Hz to 20 kHz`} />
      </div>
      <p className="legend bands-legend">
        <span className="key key-bar" /> {BAR_NAMES[bar]}
        <span className="key key-largest" /> Largest F
        <span className="key bands-key-eq" /> Leq
      </p>
      <p className="unseen" role="status" data-part="said" data-testid="bands-said" />
    </div>
  )
}

/** dB from the one kept before; undefined where either is silent. */
function difference(bars: BandBars): number | undefined {
  const { at, against } = bars.pointed
  if (at === undefined || against === undefined) return undefined
  const db = (bars.level(at) ?? Number.NaN) - (bars.level(against) ?? Number.NaN)
  return Number.isFinite(db) ? db : undefined
}

function words(bars: BandBars, levels: BandLevels, unit: string): string {
  const { at, against } = bars.pointed
  if (at === undefined) return 'No cursor'
  const here = `${levels.name(at)}, ${formatLevel(bars.level(at))} ${unit}`
  return against === undefined ? here : `${here}, ${formatSigned(difference(bars))} dB from ${levels.name(against)}`
}
