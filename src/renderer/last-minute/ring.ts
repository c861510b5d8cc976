/**
 * The newest rows of a table of numbers, each column contiguous at any time: every value is written twice, `capacity`
 * apart, so the newest `length` values are one `subarray` without copying, as uPlot wants them (0-based, one piece).
 */
export class ColumnRing {
  readonly capacity: number
  readonly #columns: readonly Float64Array<ArrayBuffer>[]
  #next = 0
  #length = 0

  constructor(capacity: number, columns: number) {
    this.capacity = capacity
    this.#columns = Array.from({ length: columns }, () => new Float64Array(2 * capacity))
  }

  get length(): number {
    return this.#length
  }

  /** Appends a row of zeros, over the oldest one when full; fill it with `set`. */
  append(): void {
    this.#next = (this.#next + 1) % this.capacity
    this.#length = Math.min(this.#length + 1, this.capacity)
    for (let c = 0; c < this.#columns.length; c++) this.set(c, 0)
  }

  /** Writes into the newest row. */
  set(column: number, value: number): void {
    const values = this.#columns[column]!
    values[this.#next] = value
    values[this.#next + this.capacity] = value
  }

  /** A value of the newest row. */
  last(column: number): number {
    return this.#columns[column]![this.#next]!
  }

  /** The column, oldest first. A view: it changes with the next row. */
  column(column: number): Float64Array<ArrayBuffer> {
    const end = this.#next + this.capacity + 1
    return this.#columns[column]!.subarray(end - this.#length, end)
  }

  clear(): void {
    this.#length = 0
  }
}
