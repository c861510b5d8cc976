import { Fragment, useState, useSyncExternalStore } from 'react'
import type { TakeView, WorkstationState } from '#contract/state.ts'
import type { Actions } from '#renderer/actions.ts'
import { formatBytes, formatDuration, formatTime } from '#renderer/format.ts'
import { CheckIcon, LostIcon, PauseIcon, PlayIcon, TrashIcon } from '#renderer/parts/icons.tsx'
import { TakeDetails } from './details.tsx'
import { pressedOn, type Order, type SortBy } from './list.ts'
import { isPlayable } from './playback.ts'
import type { TakePlayer } from './player.ts'
import { Frames, Integrated, Loss, Rms, TakeFiles } from './parts.tsx'

interface Column {
  readonly title: string
  readonly className?: string
  /** The head is a button that sorts by it. */
  readonly by?: SortBy
  /** Only for those who cannot see what is in it. */
  readonly unseen?: boolean
}

const COLUMNS: readonly Column[] = [
  { title: 'Play', unseen: true },
  { title: 'Started', by: 'started' },
  { title: 'Node', by: 'node' },
  { title: 'Length', className: 'right', by: 'length' },
  { title: 'Frames', className: 'right optional' },
  { title: 'Size', className: 'right', by: 'size' },
  { title: 'Certificate' },
  { title: 'Loss' },
  { title: 'LUFS', className: 'right', by: 'loudness' },
  { title: 'RMS dBFS', className: 'right optional' },
  { title: 'File' },
  { title: 'Details and removal', unseen: true },
]

export interface EndedTakesProps {
  readonly takes: readonly TakeView[]
  readonly order: Order
  readonly onOrder: (order: Order) => void
  /** The take whose details are shown. */
  readonly open: string | undefined
  readonly onToggle: (id: string) => void
  readonly player: TakePlayer
  readonly about: WorkstationState['about']
  readonly actions: Pick<Actions, 'removeTakes'>
}

export function EndedTakes(props: EndedTakesProps) {
  const { takes, order, onOrder, open, onToggle, player, about, actions } = props
  /** The take that was asked for by its row, and how often. */
  const [asked, setAsked] = useState<{ readonly id: string; readonly times: number }>()
  const verify = (id: string): void => {
    setAsked({ id, times: (asked?.times ?? 0) + 1 })
    if (open !== id) onToggle(id)
  }
  const toggle = (id: string): void => {
    setAsked(undefined)
    onToggle(id)
  }
  const playing = useSyncExternalStore(player.subscribe, () => {
    const now = player.snapshot()
    return now?.playing ? now.take : undefined
  })
  return (
    <div className="ended">
      <table>
        <thead>
          <tr>
            {COLUMNS.map((column) => (
              <Head key={column.title} column={column} order={order} onOrder={onOrder} />
            ))}
          </tr>
        </thead>
        <tbody>
          {takes.map((take) => (
            <Fragment key={take.id}>
              <EndedTake
                take={take}
                open={open === take.id}
                onToggle={() => toggle(take.id)}
                onVerify={() => verify(take.id)}
                playing={playing === take.id}
                onPlay={() => (playing === take.id ? player.toggle() : player.play(take))}
                onRemove={() => actions.removeTakes([take])}
              />
              {open === take.id && (
                <tr className="ended-details">
                  <td colSpan={COLUMNS.length}>
                    <TakeDetails
                      take={take}
                      about={about}
                      verifyAsked={asked?.id === take.id ? asked.times : 0}
                      onSeek={(seconds) => player.play(take, seconds)}
                    />
                  </td>
                </tr>
              )}
            </Fragment>
          ))}
        </tbody>
      </table>
      {takes.length === 0 && <p className="muted ended-none">No recording is as chosen above.</p>}
    </div>
  )
}

interface HeadProps {
  readonly column: Column
  readonly order: Order
  readonly onOrder: (order: Order) => void
}

function Head({ column: { title, className, by, unseen }, order, onOrder }: HeadProps) {
  if (by === undefined)
    return (
      <th scope="col" className={className}>
        {unseen ? <span className="unseen">{title}</span> : title}
      </th>
    )
  const sorted = order.by === by ? (order.down ? 'descending' : 'ascending') : undefined
  return (
    <th scope="col" className={className} aria-sort={sorted}>
      <button type="button" className="sort" onClick={() => onOrder(pressedOn(by, order))}>
        {title}
        <span className="sort-mark" aria-hidden="true">
          {sorted === 'descending' ? '↓' : sorted === 'ascending' ? '↑' : ''}
        </span>
      </button>
    </th>
  )
}

interface EndedTakeProps {
  readonly take: TakeView
  readonly open: boolean
  readonly onToggle: () => void
  readonly onVerify: () => void
  readonly playing: boolean
  /** Or pauses it. */
  readonly onPlay: () => void
  readonly onRemove: () => void
}

function EndedTake({ take, open, onToggle, onVerify, playing, onPlay, onRemove }: EndedTakeProps) {
  return (
    <tr data-take={take.id} data-state={take.state}>
      <td>
        <button
          type="button"
          className="button button-quiet button-small"
          disabled={!isPlayable(take)}
          aria-label={`${playing ? 'Pause' : 'Play'} ${take.name}`}
          title={playing ? 'Pause' : 'Play'}
          onClick={onPlay}
        >
          {playing ? <PauseIcon /> : <PlayIcon />}
        </button>
      </td>
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
        <span className="ended-certificate">
          <Certificate take={take} />
          <button
            type="button"
            className="button button-small"
            aria-label={`Verify ${take.name}`}
            title="Read the files again and compare them with the certificate"
            disabled={take.verifying !== undefined || take.files.length === 0}
            onClick={onVerify}
          >
            Verify
          </button>
        </span>
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
      <td className="ended-tools">
        <button
          type="button"
          className="button button-quiet button-small"
          aria-expanded={open}
          aria-label={`Details of ${take.name}`}
          title="Details"
          onClick={onToggle}
        >
          <span className={open ? 'chevron chevron-open' : 'chevron'} aria-hidden="true" />
        </button>
        <button
          type="button"
          className="button button-quiet button-small"
          aria-label={`Remove ${take.name} from the list`}
          title="Remove from the list; the files stay"
          onClick={onRemove}
        >
          <TrashIcon />
        </button>
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
