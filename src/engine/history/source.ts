/** Where the figures of the history stand in what the meters say. */
import type { HistoryFigureId } from '#contract/history.ts'
import type { NodeReadings } from '#contract/frame.ts'
import { readingLength, slotAt, type StreamShape } from '#meters/meter.ts'
import { METERS, meterIndex } from '#meters/registry.ts'
import { MAX, MEAN, MIN, planeOf } from './cells.ts'

/** More channels than that nobody looks back at; the history has the first ones. */
export const MAX_CHANNELS = 16

interface From {
  readonly figure: HistoryFigureId
  readonly meter: string
  readonly slot: string
  /** A slot with the largest since the last reading, where there is one. */
  readonly largest?: string
  /** A mean already: of several readings the newest counts. */
  readonly newest?: boolean
}

const FROM: readonly From[] = [
  { figure: 'momentary', meter: 'loudness', slot: 'momentary', largest: 'momentaryPeak' },
  { figure: 'shortTerm', meter: 'loudness', slot: 'shortTerm', largest: 'shortTermPeak' },
  { figure: 'rms', meter: 'level', slot: 'rms' },
  { figure: 'peak', meter: 'level', slot: 'peak' },
  { figure: 'LAeq', meter: 'sound-level', slot: 'LAeq1s', newest: true },
  { figure: 'LAF', meter: 'sound-level', slot: 'LAF' },
  { figure: 'LCpeak', meter: 'sound-level', slot: 'LCpeak' },
]

/** One value of a reading, and the planes that it is part of. */
export interface Place {
  readonly meter: number
  readonly at: number
  /** Planes from `first` to `last` take it. */
  readonly first: number
  readonly last: number
  readonly newest: boolean
}

export interface Places {
  readonly shape: StreamShape
  readonly channels: number
  /** Length of each meter's reading: one of another length is of another shape, and still on its way. */
  readonly lengths: readonly number[]
  readonly values: readonly Place[]
  /** Seconds heard since the meters began, or were reset. */
  readonly heard: { readonly meter: number; readonly at: number }
  /** Flags of clipping, one a channel. */
  readonly clipped: { readonly meter: number; readonly at: number; readonly length: number }
}

export function placesOf(shape: StreamShape): Places {
  const channels = Math.min(shape.channels, MAX_CHANNELS)
  const layouts = METERS.map((meter) => meter.layout(shape))
  const slot = (meter: string, name: string): { meter: number; at: number; length: number } => {
    const index = meterIndex(meter)
    return { meter: index, ...slotAt(layouts[index]!, name) }
  }
  const values = FROM.flatMap(({ figure, meter, slot: name, largest, newest = false }) => {
    const { at, length, meter: index } = slot(meter, name)
    return Array.from({ length: Math.min(length, channels) }, (_, c): Place[] => {
      const plane = (part: number): number => planeOf(figure, c, part)
      const all = { meter: index, at: at + c, first: plane(MIN), last: plane(MAX), newest }
      if (largest === undefined) return [all]
      return [
        { ...all, last: plane(MEAN) },
        { ...all, at: slot(meter, largest).at + c, first: all.last },
      ]
    }).flat()
  })
  return {
    shape,
    channels,
    lengths: layouts.map((layout) => readingLength(layout)),
    values,
    heard: slot('loudness', 'heard'),
    clipped: slot('level', 'clipped'),
  }
}

/** Whether every reading that the history needs is there and of this shape. */
export function fits({ lengths, values }: Places, { readings }: NodeReadings): boolean {
  for (const { meter } of values) if (readings[meter]?.length !== lengths[meter]) return false
  return true
}
