import { useContext, useEffect, useMemo, useRef } from 'react'
import { ThemeContext, usePalette } from '#meters/draw/theme.ts'
import type { MeterView, MeterViewProps } from '#meters/draw/view.ts'
import { SpectrogramHistory } from './history.ts'
import { columnSeconds } from './meter.ts'
import { Picture } from './picture.ts'
import './view.css'

const SECONDS = 30

export const spectrogramView: MeterView = { id: 'spectrogram', title: 'Spectrogram', Component: SpectrogramView }

function SpectrogramView({ feed }: MeterViewProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const theme = useContext(ThemeContext)
  const palette = usePalette()
  // It outlives the picture: another theme paints the same half minute anew.
  const history = useMemo(() => new SpectrogramHistory(Math.round(SECONDS / columnSeconds(feed.shape))), [feed.shape])
  useEffect(() => {
    const picture = new Picture(canvas.current!, feed, history, palette, theme)
    return () => picture.dispose()
  }, [feed, history, palette, theme])
  return (
    <div className="spectrogram" role="img" aria-label="Spectrogram of the last 30 s, 20 Hz to 20 kHz, dBFS">
      <canvas ref={canvas} />
    </div>
  )
}
