/**
 * A day of one node: tenths of a second for the last minutes, seconds for a day, and of these ever coarser levels, each
 * cell the sum of four, so that a look at any stretch costs what the picture is wide.
 */
import { FINE_MS, NO_FIGURE } from '#contract/history.ts'
import { Cells, MAX, MEAN, MIN, planeOf } from './cells.ts'
import { Fold } from './fold.ts'

const FACTOR = 4
const COARSER = 5
/** 25 h, a whole number of the coarsest cells. */
export const SECONDS = 88 * FACTOR ** COARSER
/** 15 min of tenths. */
const FINE_CELLS = 9000
const FINE_A_SECOND = 1000 / FINE_MS

export class Pyramid {
  readonly fine = new Cells(FINE_MS, FINE_CELLS)
  readonly levels: readonly Cells[] = Array.from(
    { length: COARSER + 1 },
    (_, i) => new Cells(1000 * FACTOR ** i, SECONDS / FACTOR ** i),
  )
  readonly #fold = new Fold()
  channels = 0

  /** Makes room for so many channels; there is always room for those that were. */
  grow(channels: number): void {
    if (channels <= this.channels) return
    this.channels = channels
    for (const cells of [this.fine, ...this.levels]) cells.grow(channels)
    this.#fold.grow(channels)
  }

  get seconds(): Cells {
    return this.levels[0]!
  }

  /** A tenth has got its figures. */
  tenthDone(index: number): void {
    const second = Math.floor(index / FINE_A_SECOND)
    const place = this.seconds.open(second)
    const lost = this.seconds.lost[place]!
    const fold = this.#fold
    fold.clear()
    let newest = -1
    for (let i = second * FINE_A_SECOND; i < (second + 1) * FINE_A_SECOND; i++) {
      if (!this.fine.has(i)) continue
      fold.add(this.fine, i % FINE_CELLS)
      if (this.fine.heard[i % FINE_CELLS]! > 0) newest = i % FINE_CELLS
    }
    // Losses are told of seconds too, also of those whose tenths are not kept.
    fold.lost = lost
    fold.store(this.seconds, place)
    if (newest >= 0) this.#takeLast(place, newest)
    this.secondDone(second)
  }

  /** A second has changed: so has everything above it. */
  secondDone(second: number): void {
    let index = second
    for (let level = 1; level <= COARSER; level++) {
      index = Math.floor(index / FACTOR)
      const [below, cells] = [this.levels[level - 1]!, this.levels[level]!]
      this.#fold.clear()
      for (let i = index * FACTOR; i < (index + 1) * FACTOR; i++)
        if (below.has(i)) this.#fold.add(below, i % below.length)
      this.#fold.store(cells, cells.open(index))
    }
  }

  /** Adds all of [from, to) ms, which lie on tenths, or on seconds from a second on. */
  addUp(from: number, to: number, into: Fold): void {
    let at = from
    while (at < to) {
      const cells = this.#widest(at, to)
      const index = at / cells.cellMs
      if (cells.has(index)) into.add(cells, index % cells.length)
      at += cells.cellMs
    }
  }

  /** The longest cells of which one begins at `at` and ends before `to`. */
  #widest(at: number, to: number): Cells {
    if (at % 1000 !== 0 || to - at < 1000) return this.fine
    let widest = this.seconds
    for (const cells of this.levels) {
      if (at % cells.cellMs !== 0 || at + cells.cellMs > to) break
      widest = cells
    }
    return widest
  }

  /** LAeq of a second is what the meter says at its end, not a mean of what it said on the way. */
  #takeLast(second: number, tenth: number): void {
    for (let c = 0; c < this.channels; c++) {
      const last = this.fine.planes[planeOf('LAeq', c, MEAN)]![tenth]!
      if (last === NO_FIGURE) continue
      for (const part of [MIN, MEAN, MAX]) this.seconds.planes[planeOf('LAeq', c, part)]![second] = last
    }
  }
}
