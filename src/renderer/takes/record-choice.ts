/** What a person chose the last time about recording, kept in the browser, and what it needs of the disk. */
import type { NodeView, WorkstationState } from '#contract/state.ts'
import { frameBytes } from '#shared/pcm.ts'

export interface RecordChoice {
  /** Nodes that are not to be recorded, by what they are known under. */
  readonly without: readonly string[]
  /** Absent: as in the settings. */
  readonly preRoll?: number
  /** As it was typed; empty: until stopped. */
  readonly length: string
}

const KEY = 'farfield.record'
const FIRST: RecordChoice = { without: [], length: '' }
/** Of a choice: more nodes no workstation has. */
const MAX_NODES = 256

export function keptChoice(): RecordChoice {
  let raw: unknown
  try {
    raw = JSON.parse(localStorage.getItem(KEY) ?? 'null')
  } catch {
    return FIRST
  }
  if (typeof raw !== 'object' || raw === null) return FIRST
  const { without, preRoll, length } = raw as Record<string, unknown>
  return {
    without: Array.isArray(without) ? without.filter((one) => typeof one === 'string').slice(0, MAX_NODES) : [],
    ...(typeof preRoll === 'number' && preRoll >= 0 ? { preRoll } : {}),
    length: typeof length === 'string' ? length : '',
  }
}

export function keepChoice(choice: RecordChoice): void {
  localStorage.setItem(KEY, JSON.stringify(choice))
}

/** Its own id where it has told it: addresses change. */
export function nameOf({ id, address }: NodeView): string {
  return id ?? address
}

const UNITS: Readonly<Record<string, number>> = { s: 1, sec: 1, min: 60, m: 60, h: 3600, d: 86_400 }

/** Seconds of "90", "90 s", "15 min", "1 h 30 min", "1:30:00"; undefined for what is no length. */
export function lengthOf(text: string): number | undefined {
  const clock = /^(?:(\d+):)?(\d+):(\d{1,2})$/.exec(text.trim())
  if (clock) return positive(Number(clock[1] ?? 0) * 3600 + Number(clock[2]) * 60 + Number(clock[3]))
  const parts = [
    ...text
      .trim()
      .toLowerCase()
      .matchAll(/(\d+(?:[.,]\d+)?)\s*([a-z]*)\s*/gy),
  ]
  if (parts.length === 0 || parts.map(([all]) => all).join('') !== text.trim().toLowerCase()) return undefined
  let seconds = 0
  for (const [, number, unit] of parts) {
    const factor = UNITS[unit === '' ? 's' : unit!]
    if (factor === undefined) return undefined
    seconds += Number(number!.replace(',', '.')) * factor
  }
  return positive(seconds)
}

function positive(seconds: number): number | undefined {
  return Number.isFinite(seconds) && seconds > 0 ? seconds : undefined
}

export interface Room {
  /** Until the disk is full, with what is recorded already going on; undefined where the disk does not tell. */
  readonly seconds?: number
  /** Of the chosen nodes in the chosen time; undefined without one. */
  readonly bytes?: number
}

export function roomFor(chosen: readonly NodeView[], seconds: number | undefined, state: WorkstationState): Room {
  const pace = chosen.reduce((sum, node) => sum + bytesPerSecond(node), 0)
  const running = state.nodes.reduce((sum, node) => sum + (node.take ? bytesPerSecond(node) : 0), 0)
  const free = state.disk?.freeBytes
  return {
    ...(free === undefined || pace === 0 ? {} : { seconds: free / (pace + running) }),
    ...(seconds === undefined || pace === 0 ? {} : { bytes: pace * seconds }),
  }
}

function bytesPerSecond({ format }: NodeView): number {
  return format ? frameBytes(format) * format.rate : 0
}
