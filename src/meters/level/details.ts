/** Writes what the level table says beside levels: true peak, crest, DC; and the correlation of two channels. */
import type { Disposable } from '#shared/lifecycle.ts'
import { FigurePace, showFigure } from '#meters/draw/figure.ts'
import { formatSigned } from '#meters/draw/format.ts'
import type { Feed } from '#meters/draw/view.ts'
import { loudnessMeter } from '#meters/loudness/meter.ts'
import { slotAt } from '#meters/meter.ts'
import { levelMeter } from './meter.ts'

export function drawDetails(box: HTMLElement, feed: Feed): Disposable {
  const layout = levelMeter.layout(feed.shape)
  // True peaks are metered with loudness, which they are paused and reset with.
  const peakAt = slotAt(loudnessMeter.layout(feed.shape), 'truePeakMax').at
  const [crestAt, dcAt] = [slotAt(layout, 'crest').at, slotAt(layout, 'dc').at]
  const rows = [...box.querySelectorAll('tbody tr')].map((row) => {
    const find = (name: string): HTMLElement => row.querySelector<HTMLElement>(`[data-figure="${name}"]`)!
    return { peak: find('truePeakMax'), crest: find('crest'), dc: find('dc') }
  })
  const correlation = feed.shape.channels === 2 ? findCorrelation(box) : undefined
  const correlationAt = correlation && slotAt(layout, 'correlation').at
  const pace = new FigurePace()
  return feed.onDraw(box, (now) => {
    if (feed.live && !pace.due(now)) return
    const reading = feed.reading()
    const present = feed.live ? reading : undefined
    const peaks = feed.readingOf(loudnessMeter.id)
    rows.forEach((row, channel) => {
      showFigure(row.peak, peaks?.[peakAt + channel])
      showFigure(row.crest, finite(present?.[crestAt + channel]))
      showFigure(row.dc, reading?.[dcAt + channel], formatShare)
    })
    if (!correlation) return
    const value = finite(present?.[correlationAt!])
    showFigure(correlation.figure, value, formatCorrelation)
    correlation.mark.hidden = value === undefined
    if (value === undefined) return
    correlation.mark.style.transform = `translateX(${(value + 1) * 50}%)`
    correlation.bar.classList.toggle('correlation-opposite', value < 0)
  })
}

function findCorrelation(box: HTMLElement) {
  const bar = box.querySelector<HTMLElement>('[data-correlation]')!
  return {
    bar,
    mark: bar.querySelector<HTMLElement>('[data-mark]')!,
    figure: bar.querySelector<HTMLElement>('[data-figure]')!,
  }
}

/** Silence has neither crest nor correlation. */
function finite(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) ? value : undefined
}

/** Per cent of full scale. */
function formatShare(value: number | undefined): string {
  return formatSigned(value === undefined ? undefined : value * 100, 2)
}

function formatCorrelation(value: number | undefined): string {
  return formatSigned(value, 2)
}
