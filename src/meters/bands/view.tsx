import { useEffect, useRef } from 'react'
import { usePalette } from '#meters/draw/theme.ts'
import { levelUnit, type MeterView, type MeterViewProps } from '#meters/draw/view.ts'
import { BandBars } from './bars.ts'
import './view.css'

export const bandsView: MeterView = { id: 'bands', title: 'Third octaves', Component: BandsView }

function BandsView({ feed }: MeterViewProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const palette = usePalette()
  useEffect(() => {
    const bars = new BandBars(canvas.current!, feed, palette)
    return () => bars.dispose()
  }, [feed, palette])
  return (
    <div className="bands">
      <div className="bands-picture">
        <canvas ref={canvas} role="img" aria-label="Levels of the third octaves from 20 Hz to 20 kHz" />
      </div>
      <p className="legend">
        <span className="key key-bar" /> F
        <span className="key key-largest" /> Largest F
        <span className="key key-line-muted" /> Leq
        <span className="muted">{levelUnit(feed)}</span>
      </p>
    </div>
  )
}
