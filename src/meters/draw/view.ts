/** What the view of a meter is and gets. React renders its structure once; numbers and pictures are drawn outside React. */
import type { ComponentType } from 'react'
import type { Disposable } from '#shared/lifecycle.ts'
import type { Settings, StreamShape } from '#meters/meter.ts'
import type { Looks } from './remembered.ts'
import type { Table } from './table.ts'

/** Whoever draws in step with a node's sound. */
export interface DrawSource {
  /**
   * Runs `draw` in the one animation loop of the app, once at the beginning and then after news of the node, and only
   * while `element` can be seen. `now` is `performance.now()` of the animation frame, ms.
   */
  onDraw(element: Element, draw: (now: number) => void): Disposable
}

/** A slot, held since a person cleared it on this screen. */
export interface Held {
  /** One value a channel; infinite while nothing came. */
  readonly values: ArrayLike<number>
  clear(index: number): void
}

/** One meter of one node. A feed belongs to one shape and one offset: another shape or offset comes as another feed. */
export interface Feed extends DrawSource {
  readonly shape: StreamShape
  /** Sound comes in now. What was metered before stays readable, but it is not the present. */
  readonly live: boolean
  /** Newest reading, laid out as the meter's `layout(shape)` says; undefined before the first. Overwritten by the next one. */
  reading(): Float32Array | undefined
  /** The same of another meter of the node, by its id. */
  readingOf(meter: string): Float32Array | undefined
  /** The largest or least, as the slot merges, of every reading of a meter that came since the first call, drawn or not. */
  held(meter: string, slot: string): Held
  /** What the calibration adds to dBFS to make it dB SPL; undefined while none says so. */
  readonly splOffset?: number | undefined
  /** Nobody has measured that offset. */
  readonly splEstimate?: boolean | undefined
  /** Numbers that outlive the view, by name: what the person has seen and put out, say. */
  readonly memory: Map<string, number>
}

/** Unit of a level with the offset added: dBFS where there is none. */
export function levelUnit({ splOffset, splEstimate }: Feed): 'dBFS' | 'dB SPL' | 'dB SPL est.' {
  if (splOffset === undefined) return 'dBFS'
  return splEstimate ? 'dB SPL est.' : 'dB SPL'
}

/** What counts since a reset, of every meter of the node: integrated loudness, maxima, averages, statistics. */
export interface Totals {
  /** They stand still; figures of the present go on. */
  readonly paused: boolean
  readonly onPause: (paused: boolean) => void
  readonly onReset: () => void
  /** Begins those of the view's own meter anew. */
  readonly onClear: () => void
}

export interface MeterViewProps {
  readonly feed: Feed
  readonly totals: Totals
  /** What is chosen of the meter's choices. */
  readonly chosen: Settings
}

export interface MeterView {
  /** The id of the meter whose readings it draws. */
  readonly id: string
  readonly title: string
  readonly Component: ComponentType<MeterViewProps>
  /** At the right of the title. */
  readonly Head?: ComponentType<MeterViewProps>
  /** What may be chosen about how it is drawn; the view reads it by `useLook`. */
  readonly looks?: Looks
  /** By name, the choices of meter and view that the head says where there are many; by default those of the meter. */
  readonly told?: readonly string[]
  /** What stands there now, for another program; undefined before the first reading. */
  readonly table?: (feed: Feed) => Table | undefined
}
