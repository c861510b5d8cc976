/** What of a take is shown while it is played, as words and places on its timeline. */
import type { Heard } from '#contract/take-files.ts'
import type { TakeGap, TakeMarker, TakeView } from '#contract/state.ts'
import { formatDuration } from '#renderer/format.ts'

/** Lost sound, from the beginning of the take. */
export function gapsOf(take: TakeView): readonly TakeGap[] {
  return take.losses
    .filter((gap) => gap.state === 'lost')
    .flatMap((gap) => {
      const file = take.files.indexOf(gap.file)
      if (file < 0) return []
      const before = take.lengths.slice(0, file).reduce((sum, length) => sum + length, 0)
      return [{ ...gap, atSeconds: before + gap.atSeconds }]
    })
}

/** What there is to choose from: a mono take is heard as it is. */
export function heardChoices(take: TakeView): readonly Heard[] {
  const channels = take.rms.length
  if (channels <= 1) return ['pair']
  return ['pair', 'mix', ...Array.from({ length: channels }, (_, channel) => channel)]
}

export function heardWords(heard: Heard, take: TakeView): string {
  if (heard === 'mix') return 'Mixed to one'
  if (heard !== 'pair') return `Channel ${heard + 1}`
  return take.rms.length > 2 ? 'Channels 1 and 2' : 'Stereo'
}

/** "Door slams at 0:12". */
export function markerWords({ label, atSeconds }: TakeMarker): string {
  return `${label || 'Marker'} at ${formatDuration(atSeconds)}`
}

/** Its files are there to be played. */
export function isPlayable(take: TakeView): boolean {
  return (take.state === 'finished' || take.state === 'failed') && take.files.length > 0 && take.sealed > 0
}
