/** Room on the disks that are recorded to. */
import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Less than this is said early, s. */
export const LOW_SECONDS = 600
/** Recording ends while this much is left, s of sound: room for headers, certificates and the rest of the system. */
const RESERVE_SECONDS = 3
/** But never more than this share of a disk, which may be small. */
const RESERVE_SHARE = 1 / 16

export interface Room {
  readonly freeBytes: number
  readonly totalBytes: number
}

/** Of the disk that holds `folder`, or the nearest folder above it that exists; undefined where the system does not say. */
export async function roomOf(folder: string): Promise<Room | undefined> {
  for (let at = folder; ; at = dirname(at)) {
    try {
      const { bavail, blocks, bsize } = await statfs(at)
      // Some network and container file systems know no size.
      return blocks > 0 ? { freeBytes: bavail * bsize, totalBytes: blocks * bsize } : undefined
    } catch {
      if (dirname(at) === at) return undefined
    }
  }
}

/** How long the room lasts at `bytesPerSecond`, s, with the reserve kept free; 0 when recording has to end. */
export function secondsIn(room: Room, bytesPerSecond: number): number {
  const reserve = Math.min(RESERVE_SECONDS * bytesPerSecond, room.totalBytes * RESERVE_SHARE)
  return Math.max(0, (room.freeBytes - reserve) / bytesPerSecond)
}
