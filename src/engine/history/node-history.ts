/** What one node's meters said, kept for a day. Readings come a hundred times a second: taking one allocates nothing. */
import { FRAME_CALIBRATED, FRAME_GAP, type NodeReadings } from '#contract/frame.ts'
import {
  FINE_MS,
  HISTORY_CALIBRATED,
  HISTORY_FIGURES,
  HISTORY_OVERLOAD,
  HISTORY_UNCALIBRATED,
  historyStep,
  type HistoryPage,
  type HistoryQuery,
} from '#contract/history.ts'
import type { StreamShape } from '#meters/meter.ts'
import { hundredths, MAX, MEAN, MIN, planeOf } from './cells.ts'
import { Fold } from './fold.ts'
import { Pyramid, SECONDS } from './pyramid.ts'
import { fits, placesOf, type Places } from './source.ts'

/** A busy computer reads its meters late: what lies between two readings of a stream that goes on was heard, if they are no farther apart. */
const LATE_MS = 5000
/** Capture times of one stream may jitter so much against its positions. */
const JITTER_MS = 100
/** So long after a break -Infinity is no figure; later it is silence. */
const SETTLE_MS = 2000

export class NodeHistory {
  readonly pyramid = new Pyramid()
  readonly #tenth = new Fold()
  readonly #page = new Fold()
  #places: Places | undefined
  /** The tenth that is being filled; -1 before the first. */
  #open = -1
  #firstTenth = Infinity
  #newestAt = 0
  #settlesUntil = 0
  #heard = 0
  #position = 0
  /** Figures, by value, that have been there since the last break. */
  #settled = new Uint8Array(0)
  /** First and last second that there is anything of. */
  #first = Infinity
  #last = -1
  /** A second is complete. */
  onSecond: ((second: number) => void) | undefined

  /** Readings of this shape follow. */
  shape(shape: StreamShape): void {
    const { rate, channels } = this.#places?.shape ?? {}
    if (rate === shape.rate && channels === shape.channels) return
    this.#close()
    this.#places = placesOf(shape)
    this.#settled = new Uint8Array(this.#places.values.length)
    this.grow(this.#places.channels)
  }

  grow(channels: number): void {
    if (channels <= this.pyramid.channels) return
    this.#close()
    this.pyramid.grow(channels)
    this.#tenth.grow(channels)
    this.#page.grow(channels)
  }

  /** A reading of sound up to `capturedAt`; it belongs to the tenth in which that sound ended. */
  take(reading: NodeReadings): void {
    const places = this.#places
    const { capturedAt } = reading
    if (!places || !fits(places, reading) || !(capturedAt > 0)) return
    const index = Math.ceil(capturedAt / FINE_MS) - 1
    const goesOn = this.#goesOn(places, reading)
    if (index !== this.#open) this.#begin(index, goesOn)
    if (!goesOn || (reading.flags & FRAME_GAP) !== 0) this.#settle(capturedAt)
    this.#heard = reading.readings[places.heard.meter]![places.heard.at]!
    this.#position = reading.position
    this.#newestAt = capturedAt
    const settling = capturedAt < this.#settlesUntil
    for (let i = 0; i < places.values.length; i++) {
      const { meter, at, first, last, newest } = places.values[i]!
      const value = reading.readings[meter]![at]!
      if (value > -Infinity) this.#settled[i] = 1
      else if (settling && this.#settled[i] === 0) continue
      const figure = hundredths(value)
      for (let plane = first; plane <= last; plane++)
        if (newest) this.#tenth.setPlane(plane, figure)
        else this.#tenth.addPlane(plane, figure, 1)
    }
    this.#tenth.flags |= reading.flags & FRAME_CALIBRATED ? HISTORY_CALIBRATED : HISTORY_UNCALIBRATED
    const { meter, at, length } = places.clipped
    for (let i = at; i < at + length; i++) if (reading.readings[meter]![i]! > 0) this.#tenth.flags |= HISTORY_OVERLOAD
    this.#tenth.at = capturedAt
    this.#tenth.position = reading.position
  }

  /** Sound of [from, to) ms was sent and not heard. */
  lose(from: number, to: number): void {
    const begin = Math.max(from, to - 1000 * (SECONDS - 1))
    if (!(begin > 0 && to > begin)) return
    const { fine, seconds } = this.pyramid
    const firstTenth = Math.max(Math.floor(begin / FINE_MS), Math.ceil(to / FINE_MS) - fine.length)
    for (let i = firstTenth; i * FINE_MS < to; i++) addLost(fine, i, begin, to)
    for (let s = Math.floor(begin / 1000); s * 1000 < to; s++) {
      addLost(seconds, s, begin, to)
      this.pyramid.secondDone(s)
      this.#note(s)
      // The last one is complete when readings have gone past it.
      if ((s + 1) * 1000 <= to) this.onSecond?.(s)
    }
  }

  /** A second as it was kept has been put back into `pyramid.seconds`. */
  restored(second: number): void {
    this.pyramid.secondDone(second)
    this.#note(second)
  }

  /** Whether a second is there already. */
  has(second: number): boolean {
    return this.pyramid.seconds.has(second)
  }

  /** ms since 1970 of what there is; null for nothing. */
  get held(): { from: number; to: number } | null {
    if (this.#last < 0) return null
    const from = 1000 * Math.max(this.#first, this.#last - SECONDS + 1)
    return { from, to: Math.max(from, this.#newestAt > 0 ? this.#newestAt : 1000 * (this.#last + 1)) }
  }

  /** Stretches on a grid of whole steps, as far as there is something. */
  query({ from, to, columns, figures }: Omit<HistoryQuery, 'node'>): HistoryPage {
    const { held } = this
    let step = historyStep(to - from, columns)
    const oldestFine = Math.max(this.#firstTenth, this.#open - this.pyramid.fine.length + 1)
    // What is older than the tenths is there by the second, if there is anything.
    const older = 1000 * (this.#first + 1) <= oldestFine * FINE_MS
    if (step < 1000 && older && from < oldestFine * FINE_MS) step = 1000
    const first = Math.max(Math.floor(from / step), held ? Math.floor(held.from / step) : 0)
    const end = held ? Math.min(Math.ceil(to / step), Math.floor(held.to / step) + 1) : first
    const count = Math.max(0, end - first)
    const chosen = HISTORY_FIGURES.filter(({ id }) => figures.includes(id)).flatMap((figure) =>
      Array.from({ length: figure.perChannel ? this.pyramid.channels : 1 }, (_, channel) => {
        const line = { figure: figure.id, channel, min: [] as number[], mean: [] as number[], max: [] as number[] }
        return { kind: figure.kind, line }
      }),
    )
    const facts = {
      heard: [] as number[],
      lost: [] as number[],
      flags: [] as number[],
      position: [] as number[],
      at: [] as number[],
    }
    const fold = this.#page
    for (let i = 0; i < count; i++) {
      fold.clear()
      this.pyramid.addUp((first + i) * step, (first + i + 1) * step, fold)
      facts.heard.push(fold.heard)
      facts.lost.push(fold.lost)
      facts.flags.push(fold.flags)
      facts.position.push(fold.position)
      facts.at.push(fold.at)
      for (const { kind, line } of chosen) {
        const { figure, channel } = line
        line.max.push(fold.figure(planeOf(figure, channel, MAX)))
        if (kind === 'peak') continue
        line.mean.push(fold.figure(planeOf(figure, channel, MEAN)))
        line.min.push(fold.figure(planeOf(figure, channel, MIN)))
      }
    }
    return { held, from: first * step, step, count, lines: chosen.map(({ line }) => line), ...facts }
  }

  /** Nothing more comes: what is begun is complete. */
  flush(): void {
    this.#close()
    if (this.#open >= 0) this.onSecond?.(Math.floor((this.#open * FINE_MS) / 1000))
    this.#open = -1
  }

  #begin(index: number, goesOn: boolean): void {
    const before = this.#open
    this.#close()
    if (goesOn) for (let i = before + 1; i < index; i++) this.#hear(i)
    this.#open = index
    this.#firstTenth = Math.min(this.#firstTenth, index)
    const [second, secondBefore] = [Math.floor((index * FINE_MS) / 1000), Math.floor((before * FINE_MS) / 1000)]
    // A clock that was set back writes over what it had called the future.
    const back = index < before
    this.pyramid.fine.open(index, !back)
    if (back && second !== secondBefore) this.pyramid.seconds.open(second, false)
    if (before < 0) return
    const last = goesOn ? second : Math.min(second, secondBefore + 1)
    for (let s = secondBefore; s < last; s++) this.onSecond?.(s)
    if (back && second !== secondBefore) this.onSecond?.(secondBefore)
  }

  /** The reading is of the same stream, by meters that were not begun anew, and not long after the one before it. */
  #goesOn({ shape, heard }: Places, { capturedAt, position, readings }: NodeReadings): boolean {
    const since = capturedAt - this.#newestAt
    if (since < 0 || since > LATE_MS || readings[heard.meter]![heard.at]! < this.#heard) return false
    return Math.abs((1000 * (position - this.#position)) / shape.rate - since) < JITTER_MS
  }

  /** A tenth was heard, and no reading ended in it. */
  #hear(index: number): void {
    const { fine } = this.pyramid
    const place = fine.open(index)
    fine.heard[place] = FINE_MS - fine.lost[place]!
    this.pyramid.tenthDone(index)
  }

  #close(): void {
    if (this.#open < 0 || this.#tenth.flags === 0) return
    const { fine } = this.pyramid
    const place = fine.open(this.#open)
    const lost = fine.lost[place]!
    this.#tenth.lost = lost
    this.#tenth.heard = Math.max(1, FINE_MS - lost)
    this.#tenth.store(fine, place)
    this.#tenth.clear()
    this.pyramid.tenthDone(this.#open)
    this.#note(Math.floor((this.#open * FINE_MS) / 1000), true)
  }

  #settle(from: number): void {
    this.#settlesUntil = from + SETTLE_MS
    this.#settled.fill(0)
  }

  /** There is something of a second; with `present` it is the newest, whatever a clock that was wrong said before. */
  #note(second: number, present = false): void {
    this.#first = Math.min(this.#first, second)
    this.#last = present ? second : Math.max(this.#last, second)
  }
}

function addLost(cells: Pyramid['fine'], index: number, from: number, to: number): void {
  const place = cells.open(index)
  const begin = index * cells.cellMs
  const lost = Math.round(Math.min(to, begin + cells.cellMs) - Math.max(from, begin))
  cells.lost[place] = Math.min(cells.cellMs, cells.lost[place]! + Math.max(0, lost))
}
