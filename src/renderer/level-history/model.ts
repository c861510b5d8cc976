/** What part of the history is looked at, and the page that is shown of it. Lives outside React. */
import {
  historyStep,
  MAX_HISTORY_COLUMNS,
  type HistoryFigureId,
  type HistoryPage,
  type HistoryQuery,
} from '#contract/history.ts'
import type { Result } from '#shared/result.ts'
import { joinPages } from './page.ts'

const FIRST_SPAN_MS = 600_000
export const SHORTEST_MS = 2000
export const LONGEST_MS = 25 * 3_600_000
/** While it is live the newest stretches are fetched at this pace, or at that of the steps where these are longer. */
const FOLLOW_MS = 250
/** Beside what is seen as much again is fetched, so that moving shows something at once. */
const ASIDE = 1

export type Ask = (query: Omit<HistoryQuery, 'node'>) => Promise<Result<HistoryPage>>

export class HistoryModel {
  readonly #ask: Ask
  readonly #newest: () => number
  readonly #changed: () => void
  #figures: readonly HistoryFigureId[] = []
  #span = FIRST_SPAN_MS
  /** End of what is shown; undefined: the newest. */
  #end: number | undefined
  #columns = 600
  #page: HistoryPage | undefined
  /** What was asked for last: figures, step and ends. */
  #asked = { figures: '', step: 0, from: 0, to: 0 }
  #asking = false
  #followedAt = 0
  #known = 0
  /** Where a person points, ms since 1970. */
  cursor: number | undefined

  /** `newest`: UTC of the newest sound heard, ms, 0 where there is none. `changed`: there is something else to draw. */
  constructor(ask: Ask, newest: () => number, changed: () => void) {
    this.#ask = ask
    this.#newest = newest
    this.#changed = changed
  }

  get live(): boolean {
    return this.#end === undefined
  }

  get page(): HistoryPage | undefined {
    return this.#page
  }

  /** Ends of what is shown, ms since 1970. */
  get view(): { from: number; to: number } {
    // Of a node that was never heard, the time until now is empty.
    const to = this.#end ?? (this.#now || Date.now())
    return { from: to - this.#span, to }
  }

  /** Nothing finer is on its way for what is shown. */
  get settled(): boolean {
    return !this.#asking && !this.#wanting
  }

  show(figures: readonly HistoryFigureId[]): void {
    this.#figures = figures
    this.#update()
  }

  /** `columns`: how many stretches the picture has room for. */
  resize(columns: number): void {
    this.#columns = Math.max(50, Math.min(columns, Math.floor(MAX_HISTORY_COLUMNS / (1 + 2 * ASIDE))))
    this.#update()
  }

  /** By `factor` around `anchor`, ms; live it stays live. False where it goes no further. */
  zoom(factor: number, anchor?: number): boolean {
    const { from, to } = this.view
    const span = Math.max(SHORTEST_MS, Math.min(this.#span * factor, LONGEST_MS))
    if (span === this.#span) return false
    if (this.#end !== undefined) {
      const at = anchor ?? (from + to) / 2
      this.#end = at + ((to - at) * span) / this.#span
    }
    this.#span = span
    this.#move(this.#end)
    return true
  }

  select(from: number, to: number): void {
    this.#span = Math.max(SHORTEST_MS, Math.min(to - from, LONGEST_MS))
    this.#move(Math.max(to, from + this.#span))
  }

  /** By a share of what is shown; towards the present it becomes live again. */
  pan(share: number): void {
    this.#move(this.view.to + share * this.#span)
  }

  goLive(): void {
    this.#move(undefined)
  }

  /** Moves the cursor by stretches; from the newest when there is none. */
  step(by: number): void {
    const { page } = this
    if (!page || page.count === 0) return
    const { from, to } = this.view
    const at = (this.cursor ?? this.#now) + by * page.step
    this.cursor = Math.max(page.from, Math.min(at, this.#now))
    if (this.cursor < from) this.pan(-0.5)
    else if (this.cursor > to) this.pan(0.5)
    else this.#changed()
  }

  point(at: number | undefined): void {
    this.cursor = at
    this.#changed()
  }

  /** Sound came: fetches the newest stretches when it is time. */
  follow(now: number): void {
    const { step } = this.#asked
    if (!this.live || now - this.#followedAt < Math.max(FOLLOW_MS, step / 2)) return
    this.#followedAt = now
    this.#update(true)
  }

  get #now(): number {
    return this.#newest() || this.#known
  }

  get #wanting(): boolean {
    const { figures, step, from, to } = this.#asked
    const { view } = this
    if (figures !== this.#figures.join() || step !== historyStep(this.#span, this.#columns)) return true
    return view.from < from || (!this.live && view.to > to)
  }

  #move(end: number | undefined): void {
    this.#end = end !== undefined && this.#now > 0 && end >= this.#now ? undefined : end
    this.#changed()
    this.#update()
  }

  /** Asks for what is missing, one question at a time; with `follow` for the newest. */
  #update(follow = false): void {
    if (this.#asking || this.#figures.length === 0) return
    if (this.#wanting) void this.#load()
    else if (follow && this.#page) void this.#tail(this.#page)
  }

  async #load(): Promise<void> {
    const step = historyStep(this.#span, this.#columns)
    const { from, to } = this.view
    const aside = Math.ceil((ASIDE * this.#span) / step) * step
    const begin = Math.max(0, from - aside)
    const end = Math.max(begin + step, this.live ? to + step : to + aside)
    this.#asked = { figures: this.#figures.join(), step, from: begin, to: end }
    this.#asking = true
    const columns = Math.max(1, Math.min(MAX_HISTORY_COLUMNS, Math.ceil((end - begin) / step)))
    const answer = await this.#ask({ from: begin, to: end, columns, figures: this.#figures })
    this.#asking = false
    if (!answer.ok) return
    this.#page = answer.value
    this.#take(answer.value)
  }

  async #tail(page: HistoryPage): Promise<void> {
    const { figures, from: oldest } = this.#asked
    const from = Math.max(page.from, page.from + (page.count - 2) * page.step)
    const columns = Math.ceil((this.#now - from) / page.step) + 1
    // So far behind a whole page is as quick.
    if (columns > MAX_HISTORY_COLUMNS || columns < 1) return this.#load()
    this.#asking = true
    const answer = await this.#ask({ from, to: from + columns * page.step, columns, figures: this.#figures })
    this.#asking = false
    if (!answer.ok || figures !== this.#asked.figures) return
    if (answer.value.step !== page.step || (page.count > 0 && answer.value.from > page.from + page.count * page.step))
      return this.#load()
    const keep = Math.max(oldest, this.view.from - ASIDE * this.#span)
    this.#asked = { ...this.#asked, from: keep, to: answer.value.from + answer.value.count * page.step }
    this.#page = joinPages(page, answer.value, keep)
    this.#take(answer.value)
  }

  #take({ held }: HistoryPage): void {
    const known = held?.to ?? 0
    const first = this.#known === 0 && known > 0 && this.#newest() === 0
    this.#known = Math.max(this.#known, known)
    this.#changed()
    // Nobody knew before where the history of a silent node ends.
    if (first) this.#asked = { ...this.#asked, figures: '' }
    this.#update()
  }
}
