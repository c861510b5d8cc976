import { useEffect, useState } from 'react'
import type { VerifiedFile } from '#contract/commands.ts'
import type { TakeGap, TakeMarker, TakeView, WorkstationState } from '#contract/state.ts'
import { formatDuration, plural } from '#renderer/format.ts'
import { useRun } from '#renderer/hooks.ts'
import { CheckIcon, LostIcon, WaitIcon } from '#renderer/parts/icons.tsx'
import { isOpen } from './words.ts'
import { isPlayable, markerWords } from './playback.ts'
import { TakeFileList } from './files.tsx'

/** There is more to say than its row says. */
export function hasDetails(take: TakeView): boolean {
  return (
    take.losses.length > 0 || take.markers.length > 0 || take.files.length > 1 || take.resumed > 0 || !!take.verdict
  )
}

export interface TakeDetailsProps {
  readonly take: TakeView
  /** Of an ended take: ways to its files. */
  readonly about?: WorkstationState['about']
  /** How often its row was asked to verify it; grows with each time. */
  readonly verifyAsked?: number
  /** Of an ended take: plays it from a moment. */
  readonly onSeek?: (seconds: number) => void
}

/** What the certificate says, each gap with its cause, the markers, and where the files are. */
export function TakeDetails({ take, about, verifyAsked = 0, onSeek }: TakeDetailsProps) {
  // Newest first while it runs; afterwards as they lie in it.
  const { verdict, losses, markers, preRollSeconds, resumed, files } = take
  const facts = [
    preRollSeconds > 0 && `Begins ${preRollSeconds.toFixed(1)} s before the start.`,
    resumed > 0 && `Went on after ${plural(resumed, 'interruption')} of the workstation.`,
    !about && files.length > 1 && `${plural(files.length, 'file')}: ${files.join(', ')}`,
  ].filter((fact) => fact !== false)
  return (
    <div className="take-details">
      {verdict && (
        <p className={verdict.whole ? 'take-verdict good' : 'take-verdict warn'} data-testid="take-verdict">
          {verdict.whole ? <CheckIcon /> : <LostIcon />}
          {verdict.sentence}
        </p>
      )}
      {!isOpen(take) && <Verified take={take} asked={verifyAsked} />}
      {facts.map((fact) => (
        <p key={fact} className="muted">
          {fact}
        </p>
      ))}
      {losses.length > 0 && (
        <ul className="gaps" aria-label="Gaps">
          {(about ? losses.toReversed() : losses).map((gap) => (
            <Gap key={`${gap.file} ${gap.atSeconds} ${gap.state}`} gap={gap} />
          ))}
        </ul>
      )}
      {markers.length > 0 && (
        <ul className="markers" aria-label="Markers">
          {markers.map((marker) => (
            <li key={marker.number}>
              {onSeek && isPlayable(take) ? (
                <button
                  type="button"
                  className="marker-go"
                  title={`Play ${markerWords(marker)}`}
                  onClick={() => onSeek(marker.atSeconds)}
                >
                  <MarkerText marker={marker} />
                </button>
              ) : (
                <MarkerText marker={marker} />
              )}
            </li>
          ))}
        </ul>
      )}
      {about && take.files.length > 0 && <TakeFileList take={take} about={about} />}
    </div>
  )
}

function MarkerText({ marker: { atSeconds, label } }: { readonly marker: TakeMarker }) {
  return (
    <>
      <span className="figure">{formatDuration(atSeconds)}</span> {label || 'Marker'}
    </>
  )
}

/** Reads the files again each time it is asked, and says what it found. */
function Verified({ take, asked }: { readonly take: TakeView; readonly asked: number }) {
  const run = useRun()
  const [found, setFound] = useState<readonly VerifiedFile[]>()
  const busy = take.verifying !== undefined
  const { id } = take
  useEffect(() => {
    if (asked > 0) void run('take.verify', { take: id }).then((result) => setFound(result?.files))
  }, [asked, run, id])
  return (
    <div className="verified" role="status">
      {busy && <p className="muted">Reading the recording…</p>}
      {busy && (
        <progress className="verify-share" value={take.verifying} aria-label="How much of it is read">
          {Math.round(100 * take.verifying)} %
        </progress>
      )}
      {!busy &&
        found?.map(({ file, good, sentence }) => (
          <p key={file} className={good ? 'take-verdict good' : 'take-verdict bad'} data-testid="verified">
            {good ? <CheckIcon /> : <LostIcon />}
            {found.length > 1 ? `${file}: ${sentence}` : sentence}
          </p>
        ))}
    </div>
  )
}

function Gap({ gap }: { readonly gap: TakeGap }) {
  return (
    <li className={`gap-${gap.state}`} data-state={gap.state}>
      {gap.state === 'repaired' && <CheckIcon />}
      {gap.state === 'waiting' && <WaitIcon />}
      {gap.state === 'lost' && <LostIcon />}
      <span>{gap.sentence}</span>
    </li>
  )
}
