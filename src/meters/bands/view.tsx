import { useEffect, useRef } from 'react'
import { Pick } from '#meters/draw/pick.tsx'
import { useRemembered } from '#meters/draw/remembered.ts'
import { usePalette } from '#meters/draw/theme.ts'
import { levelUnit, type MeterView, type MeterViewProps } from '#meters/draw/view.ts'
import { BandBars, BAR_NAMES, BARS, WIDTH_NAMES, WIDTHS } from './bars.ts'
import './view.css'

export const bandsView: MeterView = { id: 'bands', title: 'Bands', Component: BandsView, Head: BandsHead }

function useLook() {
  const [width, setWidth] = useRemembered('bands.width', WIDTHS)
  const [bar, setBar] = useRemembered('bands.bar', BARS)
  return { width, setWidth, bar, setBar }
}

function BandsHead() {
  const { width, setWidth, bar, setBar } = useLook()
  return (
    <>
      <Pick title="Width of a band" values={WIDTHS} value={width} say={(w) => WIDTH_NAMES[w]} onPick={setWidth} />
      <Pick title="Level of the bars" values={BARS} value={bar} say={(b) => BAR_NAMES[b]} onPick={setBar} />
    </>
  )
}

function BandsView({ feed }: MeterViewProps) {
  const box = useRef<HTMLDivElement>(null)
  const palette = usePalette()
  const { width, bar } = useLook()
  useEffect(() => {
    const bars = new BandBars(box.current!, feed, palette, width, bar)
    return () => bars.dispose()
  }, [feed, palette, width, bar])
  return (
    <div className="bands" ref={box}>
      <div className="bands-picture">
        <canvas role="img" aria-label={`Levels of the ${WIDTH_NAMES[width].toLowerCase()} from 20 Hz to 20 kHz`} />
      </div>
      <p className="legend">
        <span className="key key-bar" /> {BAR_NAMES[bar]}
        <span className="key key-largest" /> Largest F
        <span className="key key-line-muted" /> Leq
        <span className="bands-loudest">
          Highest <span data-name="" data-testid="bands-highest-hz" />{' '}
          <span className="figure" data-figure="" data-testid="bands-highest" />{' '}
          <span className="unit">{levelUnit(feed)}</span>
        </span>
      </p>
    </div>
  )
}
