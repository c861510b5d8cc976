import { Fragment, useState } from 'react'
import type { TakeView } from '#contract/state.ts'
import { formatBytes, formatDuration, formatTime } from './format.ts'
import { CheckIcon, LostIcon } from './icons.tsx'
import { hasDetails, TakeDetails } from './take-details.tsx'
import { Frames, Integrated, Loss, Rms, TakeFiles } from './takes-parts.tsx'

const COLUMNS: readonly (readonly [title: string, className?: string])[] = [
  ['Started'],
  ['Node'],
  ['Length', 'right'],
  ['Frames', 'right optional'],
  ['Size', 'right'],
  ['Certificate'],
  ['Loss'],
  ['LUFS', 'right'],
  ['RMS dBFS', 'right optional'],
  ['File'],
  ['Details'],
]

export function EndedTakes({ takes }: { readonly takes: readonly TakeView[] }) {
  const [open, setOpen] = useState<string>()
  return (
    <div className="ended">
      <table>
        <thead>
          <tr>
            {COLUMNS.map(([title, className]) => (
              <th key={title} scope="col" className={className}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {takes.map((take) => (
            <Fragment key={take.id}>
              <EndedTake
                take={take}
                open={open === take.id}
                onToggle={() => setOpen(open === take.id ? undefined : take.id)}
              />
              {open === take.id && (
                <tr className="ended-details">
                  <td colSpan={COLUMNS.length}>
                    <TakeDetails take={take} />
                  </td>
                </tr>
              )}
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface EndedTakeProps {
  readonly take: TakeView
  readonly open: boolean
  readonly onToggle: () => void
}

function EndedTake({ take, open, onToggle }: EndedTakeProps) {
  return (
    <tr data-take={take.id} data-state={take.state}>
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
        <Certificate take={take} />
      </td>
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
      <td>
        {hasDetails(take) && (
          <button
            type="button"
            className="button button-quiet button-small"
            aria-expanded={open}
            aria-label={`Details of ${take.name}`}
            onClick={onToggle}
          >
            <span className={open ? 'chevron chevron-open' : 'chevron'} aria-hidden="true" />
          </button>
        )}
      </td>
    </tr>
  )
}

function Certificate({ take: { verdict } }: { readonly take: TakeView }) {
  if (!verdict) return <span className="muted">–</span>
  return (
    <span
      className={verdict.whole ? 'certificate good' : 'certificate warn'}
      data-testid="take-certificate"
      data-value={verdict.whole}
      title={verdict.sentence}
    >
      {verdict.whole ? <CheckIcon /> : <LostIcon />}
      {verdict.whole ? 'Whole' : 'Incomplete'}
    </span>
  )
}
