/** The bands of a node and, beside them, the whole sound by A, C and Z, as levels of what is shown. */
import { type Band, octaves, thirdOctaves } from '#dsp/bands.ts'
import { powerToDb } from '#dsp/decibel.ts'
import type { Table } from '#meters/draw/table.ts'
import { levelUnit, type Feed } from '#meters/draw/view.ts'
import { slotAt } from '#meters/meter.ts'
import { soundLevelMeter } from '#meters/sound-level/meter.ts'
import { bandsMeter } from './meter.ts'

/** The first of each is how a view begins. */
export const WIDTHS = ['third', 'octave'] as const
export const BARS = ['F', 'S', 'Eq', 'Fmax', 'Fmin'] as const
export type Width = (typeof WIDTHS)[number]
export type Bar = (typeof BARS)[number]
export const WIDTH_NAMES: Readonly<Record<Width, string>> = { third: 'Third octaves', octave: 'Octaves' }
export const BAR_NAMES: Readonly<Record<Bar, string>> = { F: 'F', S: 'S', Eq: 'Leq', Fmax: 'Max F', Fmin: 'Min F' }
/** Bars of the present: without sound there are none. */
const PRESENT: ReadonlySet<Bar> = new Set(['F', 'S'])

const WEIGHTINGS = ['A', 'C', 'Z'] as const

/** The mean of all, or one, counted from 0. */
export type Channel = 'mean' | number

export class BandLevels {
  readonly bands: readonly Band[]
  /** How many there are to show: the bands, then A, C and Z. */
  readonly count: number
  readonly #feed: Feed
  readonly #slots: Readonly<Record<Bar, number>>
  readonly #totals: Readonly<Record<Bar, readonly number[]>>

  constructor(feed: Feed, width: Width) {
    const { shape } = feed
    this.#feed = feed
    this.bands = (width === 'third' ? thirdOctaves : octaves)(shape.rate)
    this.count = this.bands.length + WEIGHTINGS.length
    const bands = bandsMeter.layout(shape)
    const whole = soundLevelMeter.layout(shape)
    this.#slots = ofBars((bar) => slotAt(bands, `${width}${bar}`).at)
    this.#totals = ofBars((bar) => WEIGHTINGS.map((weighting) => slotAt(whole, `L${weighting}${TOTALS[bar]}`).at))
  }

  /** "1 kHz", "63 Hz", "A". */
  name(place: number): string {
    const band = this.bands[place]
    if (!band) return WEIGHTINGS[place - this.bands.length]!
    return band.nominal < 1000 ? `${band.nominal} Hz` : `${band.nominal / 1000} kHz`
  }

  /** dB of the unit shown; undefined before the first reading, and of the present where no sound comes in. */
  level(place: number, bar: Bar, channel: Channel): number | undefined {
    const { live, splOffset = 0, shape } = this.#feed
    if (!live && PRESENT.has(bar)) return undefined
    const total = place - this.bands.length
    const reading = total < 0 ? this.#feed.reading() : this.#feed.readingOf(soundLevelMeter.id)
    if (!reading) return undefined
    const first = total < 0 ? this.#slots[bar] + place : this.#totals[bar][total]!
    const apart = total < 0 ? this.bands.length : 1
    if (channel !== 'mean') return reading[first + channel * apart]! + splOffset
    let power = 0
    for (let c = 0; c < shape.channels; c++) power += 10 ** (reading[first + c * apart]! / 10)
    return powerToDb(power / shape.channels) + splOffset
  }
}

/** How the sound level meter calls what a bar shows. */
const TOTALS: Readonly<Record<Bar, string>> = { F: 'F', S: 'S', Eq: 'eq', Fmax: 'Fmax', Fmin: 'Fmin' }

function ofBars<T>(make: (bar: Bar) => T): Readonly<Record<Bar, T>> {
  return { F: make('F'), S: make('S'), Eq: make('Eq'), Fmax: make('Fmax'), Fmin: make('Fmin') }
}

/** Third octaves, octaves and the whole sound, the mean of the channels. */
export function bandsTable(feed: Feed): Table | undefined {
  if (!feed.reading()) return undefined
  const unit = levelUnit(feed)
  const of = (width: Width, from: number): Table['rows'] => {
    const levels = new BandLevels(feed, width)
    const kind = (place: number): string =>
      place >= levels.bands.length ? 'Weighted' : width === 'third' ? '1/3' : '1/1'
    return Array.from({ length: levels.count - from }, (_, i) => i).map((place) => [
      kind(place),
      levels.bands[place]?.nominal ?? levels.name(place),
      ...BARS.map((bar) => levels.level(place, bar, 'mean')),
    ])
  }
  return {
    columns: [
      { title: 'Band' },
      { title: 'Midband frequency or weighting', unit: 'Hz' },
      ...BARS.map((bar) => ({ title: BAR_NAMES[bar], unit })),
    ],
    rows: [...of('third', WEIGHTINGS.length), ...of('octave', 0)],
  }
}
