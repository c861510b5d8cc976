/** Many cells become one: smallest, energy mean by heard time, largest. Adds and reads without allocating. */
import { NO_FIGURE } from '#contract/history.ts'
import { energyFigure, energyOf, planeKinds, type Cells } from './cells.ts'

export class Fold {
  #kinds: Int8Array = new Int8Array(0)
  /** Extreme, or energy times weight, of each plane, and the weight; 0: nothing yet. */
  #sums = new Float64Array(0)
  #weights = new Float64Array(0)
  heard = 0
  lost = 0
  flags = 0
  at = 0
  position = 0

  grow(channels: number): void {
    this.#kinds = planeKinds(channels)
    this.#sums = new Float64Array(this.#kinds.length)
    this.#weights = new Float64Array(this.#kinds.length)
  }

  clear(): void {
    this.#weights.fill(0)
    this.heard = 0
    this.lost = 0
    this.flags = 0
    this.at = 0
    this.position = 0
  }

  /** A cell that `cells` has, at its place. */
  add(cells: Cells, place: number): void {
    const heard = cells.heard[place]!
    this.heard += heard
    this.lost += cells.lost[place]!
    if (heard === 0) return
    this.flags |= cells.flags[place]!
    if (cells.at[place]! > 0) {
      this.at = cells.at[place]!
      this.position = cells.position[place]!
    }
    for (let p = 0; p < this.#kinds.length; p++) this.addPlane(p, cells.planes[p]![place]!, heard)
  }

  addPlane(plane: number, figure: number, weight: number): void {
    if (figure === NO_FIGURE) return
    const kind = this.#kinds[plane]!
    const first = this.#weights[plane] === 0
    const value = kind === 0 ? weight * energyOf(figure) : figure
    if (first) this.#sums[plane] = value
    else if (kind === 0) this.#sums[plane]! += value
    else if (kind > 0 === value > this.#sums[plane]!) this.#sums[plane] = value
    this.#weights[plane]! += weight
  }

  /** In place of what there was. */
  setPlane(plane: number, figure: number): void {
    this.#weights[plane] = 0
    this.addPlane(plane, figure, 1)
  }

  figure(plane: number): number {
    const weight = this.#weights[plane]!
    if (!(weight > 0)) return NO_FIGURE
    return this.#kinds[plane] === 0 ? energyFigure(this.#sums[plane]! / weight) : this.#sums[plane]!
  }

  /** Writes all of it into a cell, `lost` too. */
  store(cells: Cells, place: number): void {
    cells.heard[place] = this.heard
    cells.lost[place] = this.lost
    cells.flags[place] = this.flags
    cells.at[place] = this.at
    cells.position[place] = this.position
    for (let p = 0; p < this.#kinds.length; p++) cells.planes[p]![place] = this.figure(p)
  }
}
