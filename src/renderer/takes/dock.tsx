import { useCallback, useEffect, useState } from 'react'
import type { WorkstationState } from '#contract/state.ts'
import type { Actions, Marked } from '#renderer/actions.ts'
import { SaveTakes } from '#renderer/export/save-takes.tsx'
import { plural } from '#renderer/format.ts'
import { MarkerLabel } from './marker-label.tsx'
import { EVERYTHING, listed, NEWEST_FIRST } from './list.ts'
import { PlayerBar } from './player-bar.tsx'
import { TakePlayer } from './player.ts'
import { TakeFilters } from './filters.tsx'
import { EndedTakes } from './ended.tsx'
import { OpenTake } from './open.tsx'
import { isOpen, isRunning } from './words.ts'

/** More have a line each. */
const MANY = 3

export interface TakesDockProps {
  readonly state: Pick<WorkstationState, 'about' | 'nodes' | 'takes'>
  readonly actions: Pick<Actions, 'stop' | 'finish' | 'removeTakes'>
  /** A marker that was set this moment, and waits for a label. */
  readonly marked: Marked | undefined
  readonly onLabelled: () => void
  /** A take whose details are asked for; another object each time. */
  readonly wanted: { readonly take: string | undefined } | undefined
}

/** What is being recorded, and what was. */
export function TakesDock({ state: { about, nodes, takes }, actions, marked, onLabelled, wanted }: TakesDockProps) {
  const [chosen, setChosen] = useState<boolean>()
  const [details, setDetails] = useState<string>()
  const [filter, setFilter] = useState(EVERYTHING)
  const [order, setOrder] = useState(NEWEST_FIRST)
  const [player] = useState(() => new TakePlayer())
  const [answered, setAnswered] = useState(wanted)
  useEffect(() => () => player.close(), [player])
  if (wanted !== answered) {
    setAnswered(wanted)
    setChosen(true)
    setFilter(EVERYTHING)
    setDetails(wanted?.take)
  }
  const toggle = useCallback((id: string) => setDetails((open) => (open === id ? undefined : id)), [])
  if (takes.length === 0) return null
  // In the order in which they began, as nodes stand in theirs.
  const running = takes.filter(isOpen).toReversed()
  const ended = takes.filter((take) => !isOpen(take))
  // While something is recorded the room belongs to the meters, unless the person wants it otherwise.
  const open = chosen ?? running.length === 0
  const alone = takes.filter(isRunning).length === 1
  const shown = listed(ended, filter, order)
  return (
    <footer className="dock" aria-label="Recordings">
      {marked && <MarkerLabel key={marked.at} marked={marked} takes={takes} onDone={onLabelled} />}
      {running.length > 0 && (
        <ul className={running.length > MANY ? 'running running-many' : 'running'} aria-label="Running recordings">
          {running.map((take) => (
            <OpenTake
              key={take.id}
              take={take}
              presence={nodes.find(({ key }) => key === take.node)?.presence}
              alone={alone}
              actions={actions}
            />
          ))}
        </ul>
      )}
      <PlayerBar player={player} takes={takes} />
      {ended.length > 0 && (
        <>
          <div className="dock-head">
            <button type="button" className="dock-toggle" aria-expanded={open} onClick={() => setChosen(!open)}>
              <span className={open ? 'chevron chevron-open' : 'chevron'} aria-hidden="true" />
              {plural(ended.length, 'recording')}
            </button>
            {open && ended.length > 1 && (
              <TakeFilters takes={ended} shown={shown.length} filter={filter} onFilter={setFilter} />
            )}
            {open && <SaveTakes takes={shown} about={about} />}
          </div>
          {open && (
            <EndedTakes
              takes={shown}
              order={order}
              onOrder={setOrder}
              open={details}
              onToggle={toggle}
              player={player}
              about={about}
              actions={actions}
            />
          )}
        </>
      )}
    </footer>
  )
}
