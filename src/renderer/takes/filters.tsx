/** Which of many ended takes are looked at. */
import type { TakeView } from '#contract/state.ts'
import { Pick } from '#meters/draw/pick.tsx'
import { formatLevel } from '#meters/draw/format.ts'
import { formatRoom } from '#renderer/format.ts'
import { EVERYTHING, type Filter } from './list.ts'

const ALL_NODES = ''
const CERTIFICATES: readonly Filter['certificate'][] = ['all', 'whole', 'incomplete']
const CERTIFICATE_WORDS = { all: 'Any certificate', whole: 'Whole', incomplete: 'Incomplete' }
const SECONDS = [0, 10, 60, 600, 3600]
/** LUFS. */
const LOUDNESS = [-Infinity, -60, -50, -40, -30, -23]

export interface TakeFiltersProps {
  readonly takes: readonly TakeView[]
  /** How many of them fit. */
  readonly shown: number
  readonly filter: Filter
  readonly onFilter: (filter: Filter) => void
}

export function TakeFilters({ takes, shown, filter, onFilter }: TakeFiltersProps) {
  const nodes = [...new Set(takes.map((take) => take.name))].toSorted((a, b) => a.localeCompare(b))
  const { node: _, ...rest } = filter
  return (
    <div className="take-filters" role="group" aria-label="Recordings that are shown">
      {shown < takes.length && (
        <>
          <span className="muted" role="status">
            {shown} of {takes.length} shown
          </span>
          <button type="button" className="button button-quiet button-small" onClick={() => onFilter(EVERYTHING)}>
            Show all
          </button>
        </>
      )}
      <Pick
        title="Of which node"
        values={[ALL_NODES, ...nodes]}
        value={filter.node ?? ALL_NODES}
        say={(one) => (one === ALL_NODES ? 'All nodes' : one)}
        onPick={(one) => onFilter(one === ALL_NODES ? rest : { ...rest, node: one })}
      />
      <Pick
        title="With which certificate"
        values={CERTIFICATES}
        value={filter.certificate}
        say={(one) => CERTIFICATE_WORDS[one]}
        onPick={(certificate) => onFilter({ ...filter, certificate })}
      />
      <Pick
        title="How long at least"
        values={SECONDS}
        value={filter.seconds}
        say={(one) =>
          one === 0
            ? 'Any length'
            : `From ${
                one < 60
                  ? `${one} s`
                  : formatRoom(one)
                      .replace(/^1:00$/, '1 min')
                      .replace(' 0 min', '')
              }`
        }
        onPick={(seconds) => onFilter({ ...filter, seconds })}
      />
      <Pick
        title="How loud at least"
        values={LOUDNESS}
        value={filter.loudness}
        say={(one) => (one === -Infinity ? 'Any loudness' : `From ${formatLevel(one, 0)} LUFS`)}
        onPick={(loudness) => onFilter({ ...filter, loudness })}
      />
    </div>
  )
}
