/**
 * A meter accumulates samples and, when asked, writes a reading: an array of numbers whose layout it declares.
 * The view of the same folder draws that reading. Both are listed in a registry (registry.ts, views.ts).
 */
import type { Kernels } from '#dsp/kernels.ts'

export interface StreamShape {
  /** Frames a second. */
  readonly rate: number
  readonly channels: number
}

/** A named run of values in a reading. */
export interface Slot {
  readonly name: string
  readonly length: number
  readonly unit: 'dBFS' | 'dBTP' | 'LUFS' | 'LU' | 'dB' | 'Hz' | 's' | 'count' | 'ratio' | 'flag' | 'share'
  /** How two readings become one when a screen was too slow to take the first (see contract/frame.ts). */
  readonly merge: 'last' | 'max' | 'min' | 'sum'
}

/**
 * Invariants. The reading depends on the samples and their positions only, never on how they were cut into blocks.
 * `process` and `read` do not allocate. Values are finite or -Infinity (silence on a dB scale); never NaN.
 */
export interface Meter {
  /**
   * `planes[channel][0..frames)`, full scale ±1, calibrated where a calibration is in use. `captured` is the same sound as
   * the converter gave it (the same arrays without a calibration), for what is asked of the converter: clipping.
   */
  process(planes: readonly Float32Array[], frames: number, captured?: readonly Float32Array[]): void
  /** `frames` were lost here: they are not sound and not silence. */
  gap(frames: number): void
  /** False while a reading would be the same as the one before it; a meter without this always has news. */
  readonly fresh?: boolean
  /** Writes the reading since the previous `read`; `out` has the summed length of the layout. */
  read(out: Float32Array): void
  /** Starts totals and maxima anew. */
  reset(): void
  /** Stops totals and maxima, or lets them go on with the sound that follows; figures of the present go on. */
  pause?(paused: boolean): void
}

/** Something about a meter that a person may choose. */
export interface Choice<Value extends string | number = string | number> {
  readonly title: string
  readonly values: readonly Value[]
  /** Chosen where nobody chose. */
  readonly initial: Value
  /** What a value is called in a list of them; by default it is its own name. */
  readonly say?: (value: string | number) => string
  /** Which of the values a stream of this shape has; by default all. The others may be chosen, and are as the initial one. */
  readonly fits?: (value: string | number, shape: StreamShape) => boolean
}

/** A meter's choices by name, and what was chosen. */
export type Choices = Readonly<Record<string, Choice>>
export type Settings<C extends Choices = Choices> = { readonly [K in keyof C]?: C[K]['values'][number] }

export interface MeterDefinition {
  readonly id: string
  readonly title: string
  readonly choices?: Choices
  /** A picture of the moment, without totals: nothing is lost when it is computed only while somebody looks. */
  readonly onlyWhileWatched?: boolean
  layout(shape: StreamShape): readonly Slot[]
  /**
   * `settings` choose among `choices`; what they leave out is as initially. Throws for a value that is not offered.
   * `kernels` do the heavy work; the reference where they are left out.
   */
  create(shape: StreamShape, settings?: Settings, kernels?: Kernels): Meter
}

/** What is in force: `settings`, and for the rest what is chosen initially. Throws for a value that is not offered. */
export function settle<C extends Choices>(choices: C, settings: Settings): Required<Settings<C>> {
  const entries = Object.entries(choices).map(([name, { values, initial }]) => {
    const value = settings[name] ?? initial
    if (!values.includes(value)) throw new RangeError(`${name} cannot be ${value}`)
    return [name, value] as const
  })
  return Object.fromEntries(entries) as Required<Settings<C>>
}

export function readingLength(layout: readonly Slot[]): number {
  return layout.reduce((sum, slot) => sum + slot.length, 0)
}

/** First index and length of a slot; throws for a name the meter does not have, which is our own bug. */
export function slotAt(layout: readonly Slot[], name: string): { readonly at: number; readonly length: number } {
  let at = 0
  for (const slot of layout) {
    if (slot.name === name) return { at, length: slot.length }
    at += slot.length
  }
  throw new Error(`no slot ${name}`)
}
