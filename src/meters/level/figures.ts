/** Writes the figures of the level table, and lights the lamps of overloads. */
import type { Disposable } from '#shared/lifecycle.ts'
import { PeakBallistics } from '#meters/draw/ballistics.ts'
import { FigurePace, showFigure, showText } from '#meters/draw/figure.ts'
import { formatLevel, formatSigned } from '#meters/draw/format.ts'
import type { Feed } from '#meters/draw/view.ts'
import { loudnessMeter } from '#meters/loudness/meter.ts'
import { slotAt } from '#meters/meter.ts'
import type { Maxima } from './maxima.ts'
import { levelMeter } from './meter.ts'

/** Slots of the level meter that stand in the table as they are, and those of them that are of the present. */
const PRESENT: ReadonlySet<string> = new Set(['rms', 'crest'])
const FORMATS: Readonly<Record<string, (value: number | undefined) => string>> = {
  rms: formatLevel,
  peakMax: formatLevel,
  rmsTotal: formatLevel,
  crest: (value) => formatLevel(finite(value)),
  dc: formatShare,
}

interface Row {
  readonly peak: HTMLElement
  readonly max: HTMLElement
  readonly lamp: HTMLElement
  readonly figures: readonly {
    readonly at: number
    readonly present: boolean
    readonly format: (value: number | undefined) => string
    readonly element: HTMLElement
  }[]
  readonly ballistics: PeakBallistics
}

export class Figures implements Disposable {
  readonly #feed: Feed
  readonly #maxima: Maxima
  readonly #rows: readonly Row[]
  readonly #peakAt: number
  readonly #clipsAt: number
  readonly #correlation: ReturnType<typeof findCorrelation> | undefined
  readonly #drawing: Disposable
  readonly #pace = new FigurePace()

  constructor(box: HTMLElement, feed: Feed, maxima: Maxima) {
    this.#feed = feed
    this.#maxima = maxima
    const layout = levelMeter.layout(feed.shape)
    const at = (name: string): number => slotAt(layout, name).at
    this.#peakAt = slotAt(loudnessMeter.layout(feed.shape), 'truePeak').at
    this.#clipsAt = at('clips')
    this.#rows = Array.from({ length: feed.shape.channels }, (_, channel) => {
      const find = (name: string): HTMLElement =>
        box.querySelector<HTMLElement>(`[data-channel="${channel}"] [data-figure="${name}"]`)!
      return {
        peak: find('peak'),
        max: find('truePeakMax'),
        lamp: box.querySelector<HTMLElement>(`[data-channel="${channel}"] [data-lamp]`)!,
        figures: Object.entries(FORMATS).map(([name, format]) => {
          return { at: at(name) + channel, present: PRESENT.has(name), format, element: find(name) }
        }),
        ballistics: new PeakBallistics(),
      }
    })
    if (feed.shape.channels === 2) this.#correlation = findCorrelation(box, at('correlation'))
    this.#drawing = feed.onDraw(box, (now) => this.#draw(now))
  }

  dispose(): void {
    void this.#drawing.dispose()
  }

  /** Takes note of the overloads so far: the lamp lights again with the next one. */
  putOut(channel: number): void {
    const clips = this.#clips(channel)
    this.#feed.memory.set(seenName(channel), clips)
    this.#showLamp(channel, clips)
  }

  clearMax(channel: number): void {
    this.#maxima.clear(channel)
  }

  #draw(now: number): void {
    const { live } = this.#feed
    const peaks = live ? this.#feed.readingOf(loudnessMeter.id) : undefined
    this.#rows.forEach(({ ballistics }, channel) => {
      if (peaks) ballistics.update(peaks[this.#peakAt + channel]!, now)
      else ballistics.clear()
    })
    if (live && !this.#pace.due(now)) return
    const reading = this.#feed.reading()
    const present = live ? reading : undefined
    this.#rows.forEach((row, channel) => {
      showFigure(row.peak, peaks ? row.ballistics.hold : undefined)
      showFigure(row.max, this.#maxima.of(channel))
      for (const figure of row.figures) {
        showFigure(figure.element, (figure.present ? present : reading)?.[figure.at], figure.format)
      }
      this.#showLamp(channel, this.#clips(channel))
    })
    this.#showCorrelation(present)
  }

  #clips(channel: number): number {
    return this.#feed.reading()?.[this.#clipsAt + channel] ?? 0
  }

  #showLamp(channel: number, clips: number): void {
    const name = seenName(channel)
    // Counting starts anew with a reset.
    const seen = Math.min(this.#feed.memory.get(name) ?? 0, clips)
    this.#feed.memory.set(name, seen)
    const { lamp } = this.#rows[channel]!
    const count = clips - seen
    const value = String(count)
    if (lamp.dataset['value'] === value) return
    lamp.dataset['value'] = value
    lamp.classList.toggle('clip-lit', count > 0)
    const short = shortCount(count)
    showText(lamp, short)
    // What is seen on it is part of its name.
    const said = `${short === value ? value : `${short} (${value})`} samples clipped${count > 0 ? '; put the lamp out' : ''}`
    lamp.setAttribute('aria-label', `Channel ${channel + 1}: ${said}`)
    lamp.title = said
  }

  #showCorrelation(present: Float32Array | undefined): void {
    if (!this.#correlation) return
    const { at, bar, mark, figure } = this.#correlation
    const value = finite(present?.[at])
    showFigure(figure, value, formatCorrelation)
    mark.hidden = value === undefined
    if (value === undefined) return
    mark.style.transform = `translateX(${(value + 1) * 50}%)`
    bar.classList.toggle('correlation-opposite', value < OPPOSITE)
  }
}

/** Below it two channels cancel; channels that have nothing to do with each other waver around 0. */
const OPPOSITE = -0.1

function seenName(channel: number): string {
  return `level.seen.${channel}`
}

function findCorrelation(box: HTMLElement, at: number) {
  const bar = box.querySelector<HTMLElement>('[data-correlation]')!
  return {
    at,
    bar,
    mark: bar.querySelector<HTMLElement>('[data-mark]')!,
    figure: bar.querySelector<HTMLElement>('[data-figure]')!,
  }
}

/** Silence has no correlation. */
function finite(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) ? value : undefined
}

/** Room for four digits: "0", "9999", "12k", "3M". */
export function shortCount(count: number): string {
  if (count < 10_000) return String(count)
  return count < 1e6 ? `${Math.floor(count / 1000)}k` : `${Math.floor(count / 1e6)}M`
}

/** Per cent of full scale. */
function formatShare(value: number | undefined): string {
  return formatSigned(value === undefined ? undefined : value * 100, 2)
}

function formatCorrelation(value: number | undefined): string {
  return formatSigned(value, 2)
}
