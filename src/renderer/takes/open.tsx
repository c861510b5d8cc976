import { useState } from 'react'
import type { Presence, TakeView } from '#contract/state.ts'
import type { Actions } from '#renderer/actions.ts'
import { formatBytes, formatDuration, PRESENCE_WORDS } from '#renderer/format.ts'
import { StopIcon, WaitIcon } from '#renderer/parts/icons.tsx'
import { hasDetails, TakeDetails } from './details.tsx'
import { Frames, Integrated, Loss, Rms, TakeFiles } from './parts.tsx'
import { isRunning, waitingWords } from './words.ts'

export interface OpenTakeProps {
  readonly take: TakeView
  /** Of its node; undefined when that was removed. */
  readonly presence: Presence | undefined
  /** The only one that runs: the toolbar stops it. */
  readonly alone: boolean
  readonly actions: Pick<Actions, 'stop' | 'finish'>
}

/** A take that runs, or is stopped and waits for missing sound or its checksums. */
export function OpenTake({ take, presence, alone, actions }: OpenTakeProps) {
  const [details, setDetails] = useState(false)
  const silent = isRunning(take) && presence !== 'live'
  const waiting = silent ? `${PRESENCE_WORDS[presence ?? 'lost']}: waiting for its sound.` : waitingWords(take)
  return (
    <li className={isRunning(take) ? 'take' : 'take take-waits'} data-take={take.id} data-state={take.state}>
      <TakeBadge take={take} />
      <div className="take-name">
        <strong className="clip">{take.name}</strong>
        <TakeFiles take={take} />
      </div>
      <span className="take-time figure" data-testid="take-seconds" data-value={take.seconds}>
        {formatDuration(take.seconds)}
      </span>
      <span className="take-size muted">
        <span className="figure">{formatBytes(take.bytes)}</span>
        <span>
          <Frames take={take} /> frames
        </span>
      </span>
      <div className="take-health">
        <Loss take={take} />
        {waiting && (
          <span className={silent ? 'warn' : 'muted'} data-testid="take-waiting">
            {waiting}
          </span>
        )}
      </div>
      <span className="take-level">
        <Integrated take={take} /> <span className="unit">LUFS</span>
      </span>
      <span className="take-level take-rms">
        <Rms take={take} /> <span className="unit">dBFS RMS</span>
      </span>
      <div className="take-tools">
        {hasDetails(take) && (
          <button
            type="button"
            className="button button-quiet button-small"
            aria-expanded={details}
            aria-label={`Details of ${take.name}`}
            onClick={() => setDetails(!details)}
          >
            Details
          </button>
        )}
        {isRunning(take) && !alone && (
          <button
            type="button"
            className="button button-small"
            aria-label={`Stop ${take.name}`}
            onClick={() => actions.stop([take.id])}
          >
            <StopIcon /> Stop
          </button>
        )}
        {take.state === 'repairing' && (
          <button
            type="button"
            className="button button-small"
            aria-label={`Finish now: ${take.name}`}
            onClick={() => actions.finish([take.id])}
          >
            Finish now
          </button>
        )}
      </div>
      {details && <TakeDetails take={take} />}
    </li>
  )
}

function TakeBadge({ take }: { readonly take: TakeView }) {
  if (isRunning(take))
    return (
      <span className="rec rec-big">
        <span className="rec-dot" /> REC
      </span>
    )
  return (
    <span className="take-badge">
      <WaitIcon /> {take.state === 'repairing' ? 'Repairing' : 'Sealing'}
    </span>
  )
}
