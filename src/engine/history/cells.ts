/**
 * A ring of cells of equal length on a grid that begins in 1970. A cell says in which lap of the ring it was written, so
 * that old ones need no clearing, and memory is used only as time goes by.
 */
import { NO_FIGURE, SILENT, type HistoryFigureId } from '#contract/history.ts'

export const MIN = 0
export const MEAN = 1
export const MAX = 2

/** Every converter and calibration in use lies between -320 and 320 dB. */
const LIMIT = 32_000
/** Energy of each figure, full scale 1: looked up, because merging asks for thousands a second. */
const ENERGY = Float64Array.from({ length: 2 * LIMIT + 1 }, (_, i) => 10 ** ((i - LIMIT) / 1000))

/** Whole hundredths of a dB. */
export function hundredths(db: number): number {
  return db === -Infinity ? SILENT : Math.max(-LIMIT, Math.min(LIMIT, Math.round(100 * db)))
}

export function energyOf(figure: number): number {
  return figure === SILENT ? 0 : ENERGY[figure + LIMIT]!
}

export function energyFigure(energy: number): number {
  return energy > 0 ? hundredths(10 * Math.log10(energy)) : SILENT
}

const SHARED_PLANES = 6
const CHANNEL_PLANES = 11
/** First plane of a figure: those of no channel come first, then those of each channel. */
const PLANE: Readonly<Record<HistoryFigureId, number>> = {
  momentary: 0,
  shortTerm: 3,
  rms: 0,
  LAeq: 3,
  LAF: 6,
  peak: 9,
  LCpeak: 10,
}
const SINGLE = new Set<HistoryFigureId>(['peak', 'LCpeak'])

export function planeCount(channels: number): number {
  return SHARED_PLANES + CHANNEL_PLANES * channels
}

/** Plane of a figure's part; a peak has but one. */
export function planeOf(figure: HistoryFigureId, channel: number, part: number): number {
  if (figure === 'momentary' || figure === 'shortTerm') return PLANE[figure] + part
  return SHARED_PLANES + CHANNEL_PLANES * channel + PLANE[figure] + (SINGLE.has(figure) ? 0 : part)
}

/** How two values of a plane become one: -1 the smaller, 0 the mean, 1 the larger. */
export function planeKinds(channels: number): Int8Array {
  const kinds = new Int8Array(planeCount(channels)).fill(1)
  for (let first = 0; first < SHARED_PLANES; first += 3) kinds.set([-1, 0, 1], first)
  for (let c = 0; c < channels; c++)
    for (let first = 0; first < 9; first += 3) kinds.set([-1, 0, 1], SHARED_PLANES + CHANNEL_PLANES * c + first)
  return kinds
}

export class Cells {
  readonly cellMs: number
  readonly length: number
  readonly #laps: Uint32Array
  /** ms of the cell. */
  readonly heard: Uint32Array
  readonly lost: Uint32Array
  readonly flags: Uint8Array
  /** Of the newest reading: UTC, ms, and frames since the stream began. */
  readonly at: Float64Array
  readonly position: Float64Array
  planes: Int16Array[] = []

  constructor(cellMs: number, length: number) {
    this.cellMs = cellMs
    this.length = length
    this.#laps = new Uint32Array(length)
    this.heard = new Uint32Array(length)
    this.lost = new Uint32Array(length)
    this.flags = new Uint8Array(length)
    this.at = new Float64Array(length)
    this.position = new Float64Array(length)
  }

  /** Makes room for more channels; what is there stays. */
  grow(channels: number): void {
    while (this.planes.length < planeCount(channels)) {
      const plane = new Int16Array(this.length)
      if (this.planes.length > 0 && this.#laps.some((lap) => lap > 0)) plane.fill(NO_FIGURE)
      this.planes.push(plane)
    }
  }

  /** Whether cell `index` of the grid is in the ring; then it is at `index % length`. */
  has(index: number): boolean {
    return this.#laps[index % this.length] === Math.floor(index / this.length) + 1
  }

  /** Place of cell `index`, emptied unless it is there already and is to be kept. */
  open(index: number, keep = true): number {
    const place = index % this.length
    if (keep && this.has(index)) return place
    this.#laps[place] = Math.floor(index / this.length) + 1
    this.heard[place] = 0
    this.lost[place] = 0
    this.flags[place] = 0
    this.at[place] = 0
    this.position[place] = 0
    for (let p = 0; p < this.planes.length; p++) this.planes[p]![place] = NO_FIGURE
    return place
  }
}
