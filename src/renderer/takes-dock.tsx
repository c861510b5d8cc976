import { useState } from 'react'
import type { TakeView } from '#contract/state.ts'
import { formatLevel } from '#meters/draw/format.ts'
import { formatBytes, formatCount, formatDuration, formatTime, plural } from './format.ts'
import { StopIcon } from './icons.tsx'
import { gapWords, isRunning, missingWords } from './takes.ts'

export interface TakesDockProps {
  readonly takes: readonly TakeView[]
  readonly onStop: (takes: readonly string[]) => void
}

/** What is being recorded, and what was. */
export function TakesDock({ takes, onStop }: TakesDockProps) {
  const [chosen, setChosen] = useState<boolean>()
  if (takes.length === 0) return null
  const running = takes.filter(isRunning)
  const ended = takes.filter((take) => !isRunning(take))
  // While something is recorded the room belongs to the meters, unless the person wants it otherwise.
  const open = chosen ?? running.length === 0
  return (
    <footer className="dock" aria-label="Recordings">
      {running.length > 0 && (
        <ul className="running" aria-label="Running recordings">
          {running.map((take) => (
            <RunningTake key={take.id} take={take} {...(running.length > 1 && { onStop: () => onStop([take.id]) })} />
          ))}
        </ul>
      )}
      {ended.length > 0 && (
        <>
          <button type="button" className="dock-toggle" aria-expanded={open} onClick={() => setChosen(!open)}>
            <span className={open ? 'chevron chevron-open' : 'chevron'} aria-hidden="true" />
            {plural(ended.length, 'recording')}
          </button>
          {open && <EndedTakes takes={ended} />}
        </>
      )}
    </footer>
  )
}

/** `onStop` where there are several; one alone is stopped by the toolbar. */
function RunningTake({ take, onStop }: { readonly take: TakeView; readonly onStop?: () => void }) {
  return (
    <li className="take" data-take={take.id} data-state={take.state}>
      <span className="rec rec-big">
        <span className="rec-dot" /> REC
      </span>
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
      <Loss take={take} />
      <span className="take-level">
        <Integrated take={take} /> <span className="unit">LUFS</span>
      </span>
      <span className="take-level take-rms">
        <Rms take={take} /> <span className="unit">dBFS RMS</span>
      </span>
      {onStop && (
        <button type="button" className="button button-small" aria-label={`Stop ${take.name}`} onClick={onStop}>
          <StopIcon /> Stop
        </button>
      )}
    </li>
  )
}

function EndedTakes({ takes }: { readonly takes: readonly TakeView[] }) {
  return (
    <div className="ended">
      <table>
        <thead>
          <tr>
            <th scope="col">Started</th>
            <th scope="col">Node</th>
            <th scope="col" className="right">
              Length
            </th>
            <th scope="col" className="right optional">
              Frames
            </th>
            <th scope="col" className="right">
              Size
            </th>
            <th scope="col">Loss</th>
            <th scope="col" className="right">
              LUFS
            </th>
            <th scope="col" className="right optional">
              RMS dBFS
            </th>
            <th scope="col">File</th>
          </tr>
        </thead>
        <tbody>
          {takes.map((take) => (
            <tr key={take.id} data-take={take.id} data-state={take.state}>
              <td className="figure">{formatTime(take.startedAt)}</td>
              <td className="clip">{take.name}</td>
              <td className="figure right" data-testid="take-seconds" data-value={take.seconds}>
                {formatDuration(take.seconds)}
              </td>
              <td className="right optional">
                <Frames take={take} />
              </td>
              <td className="figure right">{formatBytes(take.bytes)}</td>
              <td>
                <Loss take={take} />
              </td>
              <td className="right">
                <Integrated take={take} />
              </td>
              <td className="right optional">
                <Rms take={take} />
              </td>
              <td>
                <TakeFiles take={take} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Loss({ take }: { readonly take: TakeView }) {
  const bad = take.state === 'failed' || take.fault !== undefined
  const lossy = take.gaps > 0 || take.missingFrames > 0
  return (
    <span className={bad ? 'take-loss bad' : lossy ? 'take-loss warn' : 'take-loss'}>
      <span data-testid="take-gaps" data-value={take.gaps}>
        {gapWords(take)}
      </span>
      {', '}
      <span data-testid="take-missing" data-value={take.missingFrames}>
        {missingWords(take)}
      </span>
      {bad && `. ${take.fault?.message ?? 'The recording failed.'}`}
    </span>
  )
}

function Frames({ take }: { readonly take: TakeView }) {
  return (
    <span className="figure" data-testid="take-frames" data-value={take.frames}>
      {formatCount(take.frames)}
    </span>
  )
}

function Integrated({ take }: { readonly take: TakeView }) {
  return (
    <span className="figure" data-testid="take-integrated" data-value={take.integrated ?? ''}>
      {formatLevel(take.integrated)}
    </span>
  )
}

/** One figure a channel; beyond two the rest is in the title. */
function Rms({ take }: { readonly take: TakeView }) {
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

function TakeFiles({ take }: { readonly take: TakeView }) {
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
