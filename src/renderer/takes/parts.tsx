/** Figures and words of a take, the same while it runs and afterwards. */
import type { TakeView } from '#contract/state.ts'
import { formatLevel } from '#meters/draw/format.ts'
import { formatCount } from '#renderer/format.ts'
import { gapWords, missingWords, refilledWords } from './words.ts'

export function Loss({ take }: { readonly take: TakeView }) {
  const bad = take.state === 'failed' || take.fault !== undefined
  const refilled = refilledWords(take)
  const lossy = take.missingFrames > 0
  return (
    <span className={bad ? 'take-loss take-failed' : 'take-loss'}>
      <span className={lossy ? 'warn' : undefined}>
        <span data-testid="take-gaps" data-value={take.gaps}>
          {gapWords(take)}
        </span>
        {', '}
        <span data-testid="take-missing" data-value={take.missingFrames}>
          {missingWords(take)}
        </span>
      </span>
      {refilled && (
        <span className="muted" data-testid="take-refilled" data-value={take.repairedFrames}>
          , {refilled}
        </span>
      )}
      {bad && <span className="bad">. {take.fault?.message ?? 'The recording failed.'}</span>}
    </span>
  )
}

export function Frames({ take }: { readonly take: TakeView }) {
  return (
    <span className="figure" data-testid="take-frames" data-value={take.frames}>
      {formatCount(take.frames)}
    </span>
  )
}

export function Integrated({ take }: { readonly take: TakeView }) {
  return (
    <span className="figure" data-testid="take-integrated" data-value={take.integrated ?? ''}>
      {formatLevel(take.integrated)}
    </span>
  )
}

/** One figure a channel; beyond two the rest is in the title. */
export function Rms({ take }: { readonly take: TakeView }) {
  const channels = take.rms.map((rms, channel) => ({ channel, db: rms ?? -Infinity }))
  return (
    <span className="figure" title={channels.map(({ db }) => formatLevel(db, 2)).join('  ')}>
      {channels.slice(0, 2).map(({ channel, db }) => (
        <span key={channel} className="take-channel" data-testid={`take-rms-${channel}`} data-value={db}>
          {formatLevel(db)}
        </span>
      ))}
      {channels.length > 2 && <span className="muted"> +{channels.length - 2}</span>}
    </span>
  )
}

export function TakeFiles({ take }: { readonly take: TakeView }) {
  const [first] = take.files
  const more = take.files.length - 1
  const all = take.files.map((file) => `${take.folder}/${file}`).join('\n')
  return (
    <span className="take-file clip" title={all}>
      <span data-testid="take-file" data-value={first === undefined ? '' : `${take.folder}/${first}`}>
        {first ?? '–'}
      </span>
      {more > 0 && ` and ${formatCount(more)} more`} in {take.folder}
    </span>
  )
}
