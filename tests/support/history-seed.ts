/** Writes a history of a node as the workstation would have written it: for those who look back at hours. */
import { HistoryFiles, historyFolder } from '#engine/history/files.ts'
import { NodeHistory } from '#engine/history/node-history.ts'
import { join } from 'node:path'
import { reading, type Figures } from './history-readings.ts'

export interface Seed {
  /** Folder of the workstation's data. */
  readonly data: string
  readonly node: string
  /** ms since 1970, whole seconds. */
  readonly from: number
  readonly to: number
  readonly channels: number
  /** What the meters said in the second that begins there; undefined: nobody listened, 'lost': it was lost. */
  readonly figures: (second: number) => Figures | undefined | 'lost'
}

export async function seedHistory({ data, node, from, to, channels, figures }: Seed): Promise<void> {
  const shape = { rate: 48_000, channels }
  const history = new NodeHistory()
  const files = new HistoryFiles(historyFolder(join(data, 'history'), node), history)
  history.shape(shape)
  history.onSecond = (second) => files.add(second)
  /** Meters begin anew where nobody listened. */
  let heard = 0
  for (let second = from; second < to; second += 1000) {
    const said = figures(second)
    if (said === 'lost') history.lose(second, second + 1000)
    else if (said) {
      const whole = reading(shape, second, { ...said, 'loudness.heard': [heard++] })
      for (let at = second + 100; at <= second + 1000; at += 100) history.take({ ...whole, capturedAt: at })
    } else heard = 0
    if (second % 3_600_000 === 0) await files.write()
  }
  history.flush()
  await files.write()
}

/** A day of a street: slow and fast changes, a minute lost at the half hour, ten minutes each three hours away. */
export function street(second: number): Figures | undefined | 'lost' {
  const minute = Math.floor(second / 60_000)
  if (minute % 60 === 30) return 'lost'
  if (minute % 180 >= 170) return undefined
  const slow = -45 + 12 * Math.sin(minute / 40)
  const car = 18 * Math.max(0, Math.sin(second / 9000)) ** 8
  const level = slow + car + (second % 7000) / 3500
  const both = (db: number): number[] => [db, db - 3]
  return {
    'loudness.momentary': [level - 1],
    'loudness.momentaryPeak': [level + 1],
    'loudness.shortTerm': [slow + car / 2],
    'loudness.shortTermPeak': [slow + car / 2 + 0.5],
    'level.rms': both(level),
    'level.peak': both(level + 12),
    'sound-level.LAeq1s': both(level - 4),
    'sound-level.LAF': both(level - 3),
    'sound-level.LCpeak': both(level + 14),
  }
}
