/** What a soak found, as figures. */
import { RATE, type Recorded } from '../tests/support/lab/scene.ts'
import type { Figure } from './figure.ts'
import { slope } from './slope.ts'
import { SOAK_FAULTS } from './soak-faults.ts'

/** Of every run: rings are full and workers warm by then, and the last quarter of an hour of history, by the tenth. */
const WARM_MINUTES = 15
/** Of which a take of hours may lose none. */
const AIM_MB_PER_HOUR = 1
/** A connection that is being made again is two for a moment. */
const AIM_DESCRIPTORS = 4

/** At one moment, of the workstation and then of each node; NaN for one that is being started again. */
export interface Usage {
  readonly hours: number
  readonly descriptors: readonly number[]
  /** As the system counts it (RSS). */
  readonly residentMb: readonly number[]
  /** Objects and buffers after the last collection; NaN before the first. */
  readonly heldMb: readonly number[]
}

export interface Soak {
  readonly minutes: number
  readonly nodes: number
  readonly every: number
  readonly leftAlone: boolean
  readonly faults: number
  readonly usages: readonly Usage[]
  readonly files: readonly Recorded[]
}

/** `whole`: there were faults, and none of them cost a frame. */
export function soakFigures(soak: Soak): { readonly figures: readonly Figure[]; readonly whole: boolean } {
  const { minutes, nodes, leftAlone, faults, files } = soak
  const total = (of: (file: Recorded) => number): number => files.reduce((sum, file) => sum + of(file), 0)
  const [lost, wrong] = [total((file) => file.silent), total((file) => file.wrong)]
  const seconds = total((file) => file.frames) / RATE
  const told = total((file) => file.take.missingFrames)
  const warm = warmOf(soak)
  const figures: Figure[] = [
    { name: 'faults', value: faults, unit: '', note: `${minutes} min, ${nodes} nodes` },
    { name: 'frames lost', value: lost, unit: '', aim: 0, note: `of ${seconds.toFixed(0)} s; told as ${told}` },
    { name: 'frames wrong', value: wrong, unit: '', aim: 0, note: `${total((file) => file.files.length)} files` },
    { name: 'sound repaired', value: total((file) => file.take.repairedFrames) / RATE, unit: 's' },
    ...(leftAlone ? [] : growth(soak, warm, 'heldMb', (who) => `objects and buffers of ${who}`)),
    ...growth(soak, warm, 'residentMb', (who) => `memory of ${who}, ${leftAlone ? 'left alone' : 'garbage collected'}`),
    ...open(warm),
  ]
  return { figures, whole: lost === 0 && wrong === 0 && faults > 0 }
}

/** A node whose sound was never asked for again has no connection for that yet: each has had its fault by then. */
function warmOf({ minutes, nodes, every, usages }: Soak): readonly Usage[] {
  const settled = Math.max(WARM_MINUTES * 60, nodes * every + 30) / 3600
  return usages.filter((usage) => usage.hours > Math.min(settled, minutes / 120))
}

function growth(
  { nodes, faults }: Soak,
  warm: readonly Usage[],
  what: 'heldMb' | 'residentMb',
  nameOf: (who: string) => string,
): Figure[] {
  return (warm[0]?.[what] ?? []).map((first, i) => {
    const samples = warm.map((usage) => ({ hours: usage.hours, value: usage[what][i]! }))
    const { perHour, error } = slope(samples.filter(({ value }) => Number.isFinite(value)))
    const ends = `${first.toFixed(0)} MB at first, ${samples.at(-1)!.value.toFixed(0)} MB at last`
    const note = `± ${error.toFixed(1)}; ${ends}${wasKilled(i - 1, nodes, faults) ? '; restarted meanwhile' : ''}`
    return { name: nameOf(whoIs(i)), value: perHour, unit: 'MB/h', aim: AIM_MB_PER_HOUR, note }
  })
}

function open(warm: readonly Usage[]): Figure[] {
  return (warm[0]?.descriptors ?? []).map((count, i) => ({
    name: `descriptors of ${whoIs(i)}, more than at first`,
    value: warm.at(-1)!.descriptors[i]! - count,
    unit: '',
    aim: AIM_DESCRIPTORS,
    note: `${count} at first`,
  }))
}

function whoIs(i: number): string {
  return i === 0 ? 'workstation' : `node ${i - 1}`
}

function wasKilled(node: number, nodes: number, faults: number): boolean {
  return Array.from({ length: faults }, (_, f) => f).some(
    (f) => f % nodes === node && SOAK_FAULTS[f % SOAK_FAULTS.length]!.name.startsWith('kill'),
  )
}
