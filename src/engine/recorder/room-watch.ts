/** Looks each second how long the disks last, warns early, and says when recording has to end. */
import { fail, type Fault } from '#shared/result.ts'
import type { DiskView } from '#contract/state.ts'
import { fullFault } from './disk-fault.ts'
import { LOW_SECONDS, roomOf, secondsIn } from './space.ts'

export interface Load {
  readonly folder: string
  readonly bytesPerSecond: number
}

export class RoomWatch {
  /** Where the next take would go. */
  folder: string | undefined
  #view: DiskView | undefined
  #seconds: ReadonlyMap<string, number> = new Map()
  /** Folders of which it was said that there is little room. */
  readonly #told = new Set<string>()
  readonly #warn: (fault: Fault) => void
  #looking = false

  constructor(warn: (fault: Fault) => void) {
    this.#warn = warn
  }

  get view(): DiskView | undefined {
    return this.#view
  }

  /** How long the disk lasts for all that is recorded to `folder`, s; undefined where that is not known. */
  secondsIn(folder: string): number | undefined {
    return this.#seconds.get(folder)
  }

  /** Folders on which there is no room left, and what to say. `idle`: bytes a second that count while nothing is recorded. */
  async look(loads: readonly Load[], idle: number): Promise<ReadonlyMap<string, Fault>> {
    const full = new Map<string, Fault>()
    if (this.#looking) return full
    this.#looking = true
    const own = new Map<string, number>()
    for (const { folder, bytesPerSecond } of loads) own.set(folder, (own.get(folder) ?? 0) + bytesPerSecond)
    const pace = loads.length > 0 ? loads.reduce((sum, load) => sum + load.bytesPerSecond, 0) : idle
    const folders = new Set([...own.keys(), ...(this.folder === undefined ? [] : [this.folder])])
    const left = new Map<string, number>()
    for (const folder of folders) {
      const room = await roomOf(folder)
      if (!room) continue
      // Folders of one take lie on one disk as a rule: all that is recorded counts.
      const seconds = pace > 0 ? secondsIn(room, pace) : undefined
      const low = seconds !== undefined && seconds < LOW_SECONDS
      if (folder === this.folder)
        this.#view = { folder, freeBytes: room.freeBytes, low, ...(seconds === undefined ? {} : { seconds }) }
      if (seconds === undefined || !own.has(folder)) continue
      left.set(folder, seconds)
      if (seconds === 0) full.set(folder, fullFault(folder))
      else if (low && !this.#told.has(folder)) this.#warn(lowFault(folder, seconds))
      if (low) this.#told.add(folder)
      else this.#told.delete(folder)
    }
    this.#seconds = left
    this.#looking = false
    return full
  }
}

function lowFault(folder: string, seconds: number): Fault {
  const left = seconds < 90 ? `${Math.floor(seconds)} s` : `${Math.floor(seconds / 60)} min`
  return fail(
    'disk-low',
    `The disk that holds ${folder} has room for ${left} more. Recording ends by itself before it is full. Free some space.`,
  ).fault
}
