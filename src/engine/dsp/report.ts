/**
 * Readings of all nodes on their way from a DSP worker: two buffers, because objects cost more to hand over than to meter.
 * `heads` holds for each node: node, blocks taken, 1 where it is metered, flags, captured at, position, and the length of each
 * meter's reading by its place in the registry (0: no news). `values` holds the readings in that order.
 */
import type { NodeReadings } from '#contract/frame.ts'
import { METERS } from '#meters/registry.ts'

const LENGTHS = 6
const HEAD = LENGTHS + METERS.length

export interface Report {
  readonly heads: Float64Array<ArrayBuffer>
  readonly values: Float32Array<ArrayBuffer>
}

/** What a worker says of a node. */
export interface NodeReport {
  readonly node: number
  /** Blocks handled since the last report. */
  readonly taken: number
  /** Undefined for a node that is not open. */
  readonly readings: NodeReadings | undefined
}

export class ReportWriter {
  #heads: Float64Array<ArrayBuffer>
  #values: Float32Array<ArrayBuffer>
  /** Where the head of the newest node begins, and where the next reading does. */
  #head = -HEAD
  #value = 0

  /** With room for so many nodes and values; it grows where that does not suffice. */
  constructor(nodes: number, values: number) {
    this.#heads = new Float64Array(HEAD * nodes)
    this.#values = new Float32Array(values)
  }

  get report(): Report {
    return { heads: this.#heads.subarray(0, this.#head + HEAD), values: this.#values.subarray(0, this.#value) }
  }

  node(node: number, taken: number): void {
    this.#head += HEAD
    if (this.#head + HEAD > this.#heads.length) {
      const heads = new Float64Array(2 * (this.#head + HEAD))
      heads.set(this.#heads)
      this.#heads = heads
    }
    this.#heads[this.#head] = node
    this.#heads[this.#head + 1] = taken
  }

  /** The newest node is metered, and this is its state. */
  metered(flags: number, capturedAt: number, position: number): void {
    this.#heads[this.#head + 2] = 1
    this.#heads[this.#head + 3] = flags
    this.#heads[this.#head + 4] = capturedAt
    this.#heads[this.#head + 5] = position
  }

  /** Room for a reading of the newest node, to be filled at once; meters come in the order of the registry. */
  reading(meter: number, length: number): Float32Array {
    this.#heads[this.#head + LENGTHS + meter] = length
    this.#value += length
    if (this.#value > this.#values.length) {
      const values = new Float32Array(2 * this.#value)
      values.set(this.#values)
      this.#values = values
    }
    return this.#values.subarray(this.#value - length, this.#value)
  }
}

/** The readings are views of `values`. */
export function readReport({ heads, values }: Report): NodeReport[] {
  const nodes: NodeReport[] = []
  for (let head = 0, value = 0; head < heads.length; head += HEAD) {
    const readings = METERS.map((_, meter) => {
      const length = heads[head + LENGTHS + meter]!
      value += length
      return length > 0 ? values.subarray(value - length, value) : undefined
    })
    const node = heads[head]!
    const state = {
      flags: heads[head + 3]!,
      capturedAt: heads[head + 4]!,
      position: heads[head + 5]!,
      // The session counts what is missing and fills this in.
      missingFrames: 0,
    }
    nodes.push({
      node,
      taken: heads[head + 1]!,
      readings: heads[head + 2] === 1 ? { key: node, ...state, readings } : undefined,
    })
  }
  return nodes
}
