/** Everything of the history that moves without React: drawn in the app's loop with the node's news, and when a hand moved something. */
import type uPlot from 'uplot'
import type { PlotColumns, PlotOptions } from '#meters/draw/plot.tsx'
import type { Palette } from '#meters/draw/theme.ts'
import type { DrawSource } from '#meters/draw/view.ts'
import { HistoryModel, type Ask } from './model.ts'
import { curves, type Curves, type FigureSet } from './page.ts'
import { plotOptions, type Mark } from './plot.ts'
import { readout, stretchWords, type Readout } from './readout.ts'

/** What is drawn of the model's page. */
export interface Look {
  readonly set: FigureSet
  readonly channel: number
  /** Added to levels, dB. */
  readonly offset: number
  readonly marks: readonly Mark[]
}

/** Where words and facts are written. */
export interface Places {
  readonly frame: HTMLElement
  readonly readout: HTMLElement
  readonly stretch: HTMLElement
}

export class Drawing implements DrawSource {
  readonly model: HistoryModel
  readonly #base: DrawSource
  readonly #onLive: (live: boolean) => void
  #draw: ((now: number) => void) | undefined
  #scheduled = false
  #live = true
  #look: Look | undefined
  #places: Places | undefined
  #shown: { readonly page: unknown; readonly look: Look; readonly curves: Curves } | undefined
  #plot: uPlot | undefined

  /** `newest`: UTC of the newest sound heard, ms, 0 for none. `onLive`: whether the newest is shown, when that changes. */
  constructor(base: DrawSource, ask: Ask, newest: () => number, onLive: (live: boolean) => void) {
    this.#base = base
    this.#onLive = onLive
    this.model = new HistoryModel(ask, newest, () => this.redraw())
  }

  get plot(): uPlot | undefined {
    return this.#plot
  }

  show(look: Look, places: Places): void {
    this.#look = look
    this.#places = places
    this.model.show([look.set.main, look.set.other])
    this.redraw()
  }

  redraw(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    requestAnimationFrame((now) => {
      this.#scheduled = false
      this.#draw?.(now)
    })
  }

  onDraw(element: Element, paint: (now: number) => void): ReturnType<DrawSource['onDraw']> {
    const draw = (now: number): void => {
      this.model.follow(now)
      paint(now)
      this.#write()
      if (this.#live !== this.model.live) this.#onLive((this.#live = this.model.live))
    }
    this.#draw = draw
    const entry = this.#base.onDraw(element, draw)
    return {
      dispose: () => {
        if (this.#draw === draw) this.#draw = undefined
        return entry.dispose()
      },
    }
  }

  readonly options = (palette: Palette): PlotOptions =>
    plotOptions(palette, {
      holes: () => this.#shown?.curves.holes ?? [],
      marks: () => this.#look?.marks ?? [],
      cursor: () => this.model.cursor,
      onMade: (plot) => (this.#plot = plot),
    })

  readonly columns = (): PlotColumns => {
    const { page, view } = this.model
    const ends = { from: view.from / 1000, to: view.to / 1000 }
    const look = this.#look
    if (!page || !look) return { data: [[], [], [], [], []], ...ends, low: -100, high: 0 }
    if (this.#shown?.page !== page || this.#shown.look !== look)
      this.#shown = { page, look, curves: curves(page, look.set, look.channel, look.offset) }
    const { time, max, min, other, mean, low, high } = this.#shown.curves
    return { data: [time, max, min, other, mean], ...ends, low, high }
  }

  #write(): void {
    const { model } = this
    if (!this.#places || !this.#look) return
    const { frame, readout: figures, stretch } = this.#places
    const { set, channel, offset, marks } = this.#look
    write(figures, readout(model, set, channel, offset))
    stretch.textContent = stretchWords(model)
    const { from, to } = model.view
    const facts = { from, to, step: model.page?.step ?? '', settled: model.settled, marks: marks.length }
    Object.assign(frame.dataset, facts)
  }
}

function write(element: HTMLElement, said: Readout | undefined): void {
  for (const part of ['time', 'main', 'spread', 'other', 'heard'] as const) {
    const place = element.querySelector<HTMLElement>(`[data-part="${part}"]`)
    if (place) place.textContent = said?.[part] ?? '–'
  }
  element.dataset['from'] = String(said?.from ?? '')
  element.dataset['main'] = String(said?.hundredths ?? '')
  element.dataset['other'] = String(said?.otherHundredths ?? '')
}
