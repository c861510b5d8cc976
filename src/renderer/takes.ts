/** What a take tells the person, in words. */
import type { TakeView } from '#contract/state.ts'
import { formatDuration, formatSpan, plural } from './format.ts'

export function isRunning(take: TakeView): boolean {
  return take.state === 'recording'
}

/** Length of what is missing, s; 0 where nothing is. */
export function missingSeconds(take: TakeView): number {
  // Missing frames are at the rate of the recorded ones: both are positions in the same stream.
  return take.frames > 0 ? (take.missingFrames / take.frames) * take.seconds : 0
}

/** "No gaps", "1 gap". */
export function gapWords(take: TakeView): string {
  return take.gaps === 0 ? 'No gaps' : plural(take.gaps, 'gap')
}

/** "nothing missing", "120 ms missing". */
export function missingWords(take: TakeView): string {
  return take.missingFrames === 0 ? 'nothing missing' : `${formatSpan(missingSeconds(take))} missing`
}

/** For the moment after Stop. */
export function stopSummary(takes: readonly TakeView[]): string {
  const failed = takes.filter((take) => take.state === 'failed')
  const saved = takes.filter((take) => take.state !== 'failed')
  const [take] = takes
  if (take && takes.length === 1) {
    if (failed.length > 0) return `Recording of ${take.name} failed: ${take.fault?.message ?? 'it ended early.'}`
    return `Recording of ${take.name} saved: ${formatDuration(take.seconds)}. ${gapWords(take)}, ${missingWords(take)}.`
  }
  const names = (list: readonly TakeView[]): string => list.map((t) => t.name).join(', ')
  const lossy = saved.filter((t) => t.missingFrames > 0)
  return [
    `${plural(saved.length, 'recording')} saved.`,
    ...(failed.length > 0 ? [`Failed: ${names(failed)}.`] : []),
    lossy.length === 0 ? 'Nothing missing.' : `Sound is missing in ${names(lossy)}.`,
  ].join(' ')
}
