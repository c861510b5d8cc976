/** What a take tells the person, in words. */
import type { TakeView } from '#contract/state.ts'
import { formatLevel } from '#meters/draw/format.ts'
import { formatDuration, formatSpan, formatTime, plural } from '#renderer/format.ts'

/** Sound is being added to it. */
export function isRunning(take: TakeView): boolean {
  return take.state === 'recording'
}

/** It is not a file to take away yet. */
export function isOpen(take: TakeView): boolean {
  return take.state === 'recording' || take.state === 'repairing' || take.state === 'sealing'
}

/** Length of what is missing, s; 0 where nothing is. */
export function missingSeconds(take: TakeView): number {
  return lengthOf(take, take.missingFrames)
}

/** Frames are of the same rate as those that make up its length. */
function lengthOf(take: TakeView, frames: number): number {
  return take.frames > 0 ? (frames / take.frames) * take.seconds : 0
}

/** "No gaps", "1 gap". */
export function gapWords(take: TakeView): string {
  return take.gaps === 0 ? 'No gaps' : plural(take.gaps, 'gap')
}

/** "nothing missing", "120 ms missing". */
export function missingWords(take: TakeView): string {
  return take.missingFrames === 0 ? 'nothing missing' : `${formatSpan(missingSeconds(take))} missing`
}

/** "340 ms refilled"; undefined where nothing was. */
export function refilledWords(take: TakeView): string | undefined {
  return take.repairedFrames === 0 ? undefined : `${formatSpan(lengthOf(take, take.repairedFrames))} refilled`
}

/** What a stopped take waits for; undefined for any other. */
export function waitingWords(take: TakeView): string | undefined {
  if (take.state === 'sealing') return 'Writing checksums…'
  if (take.state !== 'repairing') return undefined
  const until = take.finishesAt === undefined ? '' : `, until ${formatTime(take.finishesAt)} at the latest`
  // While the node cannot be heard nobody knows how much it has for us.
  const what = take.pendingFrames > 0 ? formatSpan(lengthOf(take, take.pendingFrames)) : 'sound from before the stop'
  return `Waiting for ${what} that may still come${until}.`
}

/** Shortest of the room that running takes have, s. */
export function roomSeconds(takes: readonly TakeView[]): number | undefined {
  const rooms = takes.flatMap((take) => (isRunning(take) && take.diskSeconds !== undefined ? [take.diskSeconds] : []))
  return rooms.length > 0 ? Math.min(...rooms) : undefined
}

/** For the moment after Stop, in one sentence or two. */
export function stopSummary(takes: readonly TakeView[]): string {
  const failed = takes.filter((take) => take.state === 'failed')
  const saved = takes.filter((take) => take.state !== 'failed')
  const [take] = takes
  if (take && takes.length === 1) {
    if (failed.length > 0) return `Recording of ${take.name} failed: ${take.fault?.message ?? 'it ended early.'}`
    const loss = [gapWords(take), missingWords(take), refilledWords(take)].filter(Boolean).join(', ')
    return `Recording of ${take.name} saved: ${sizeWords(take)}. ${loss}.`
  }
  const names = (list: readonly TakeView[]): string => list.map((t) => t.name).join(', ')
  const lossy = saved.filter((t) => t.missingFrames > 0)
  return [
    `${plural(saved.length, 'recording')} saved.`,
    ...(failed.length > 0 ? [`Failed: ${names(failed)}.`] : []),
    lossy.length === 0 ? 'Nothing missing.' : `Sound is missing in ${names(lossy)}.`,
  ].join(' ')
}

/** A line for each of several takes. */
export function stopLines(takes: readonly TakeView[]): readonly string[] {
  return takes.length > 1 ? takes.map(lineOf) : []
}

function lineOf(take: TakeView): string {
  return `${take.name}: ${sizeWords(take)}${take.missingFrames > 0 ? `, ${missingWords(take)}` : ''}`
}

/** "0:12, −23.0 LUFS, 2 files". */
function sizeWords(take: TakeView): string {
  return [
    formatDuration(take.seconds),
    ...(take.integrated === null ? [] : [`${formatLevel(take.integrated)} LUFS`]),
    ...(take.files.length > 1 ? [plural(take.files.length, 'file')] : []),
  ].join(', ')
}
