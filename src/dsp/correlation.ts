import { HOPS_PER_SECOND } from './hops.ts'
import { SlidingMean } from './sliding-mean.ts'

/** Product of powers: -150 dBFS in each channel, below what any converter tells from nothing. */
const SILENT = 1e-30

/** Correlation of two channels over the last hops: sum of products over the root of the product of the sums of squares. */
export class Correlation {
  readonly #windows: readonly PairWindow[]
  /** Sums of the open hop: left × right, left², right². */
  readonly #open = new Float64Array(3)

  /** A window of so many hops of 10 ms each, at `rate` frames a second. */
  constructor(rate: number, ...windows: readonly number[]) {
    this.#windows = windows.map((hops) => new PairWindow(hops, (hops * rate) / HOPS_PER_SECOND))
  }

  process(left: Float32Array, right: Float32Array, from: number, to: number): void {
    const open = this.#open
    let cross = open[0]!
    let squares = open[1]!
    let others = open[2]!
    for (let i = from; i < to; i++) {
      const x = left[i]!
      const y = right[i]!
      cross += x * y
      squares += x * x
      others += y * y
    }
    open[0] = cross
    open[1] = squares
    open[2] = others
  }

  /** `heard` and `lost` frames make the hop. A hop with samples that are not finite counts as lost. */
  endHop(heard: number, lost: number): void {
    const [cross, squares, others] = [this.#open[0]!, this.#open[1]!, this.#open[2]!]
    const finite = Number.isFinite(squares) && Number.isFinite(others)
    for (let i = 0; i < this.#windows.length; i++) {
      const window = this.#windows[i]!
      if (finite) window.push(cross, squares, others, heard, lost)
      else window.push(0, 0, 0, 0, heard + lost)
    }
    this.#open.fill(0)
  }

  /** Of a window: -1 to 1; -Infinity, no figure, while a channel is silent or less than half of the window was heard. */
  value(window = 0): number {
    return this.#windows[window]!.value
  }

  /** Mean square of the left or right channel over a window; 0 while less than half of it was heard. */
  power(side: 'left' | 'right', window = 0): number {
    return this.#windows[window]![side].mean
  }
}

class PairWindow {
  readonly #cross: SlidingMean
  readonly left: SlidingMean
  readonly right: SlidingMean

  constructor(hops: number, frames: number) {
    this.#cross = new SlidingMean(hops, frames)
    this.left = new SlidingMean(hops, frames)
    this.right = new SlidingMean(hops, frames)
  }

  push(cross: number, left: number, right: number, heard: number, lost: number): void {
    this.#cross.push(cross, heard, lost)
    this.left.push(left, heard, lost)
    this.right.push(right, heard, lost)
  }

  get value(): number {
    const powers = this.left.mean * this.right.mean
    if (!(powers > SILENT)) return -Infinity
    return Math.max(-1, Math.min(1, this.#cross.mean / Math.sqrt(powers)))
  }
}
