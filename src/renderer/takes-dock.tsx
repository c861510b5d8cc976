import { useState } from 'react'
import type { TakeView } from '#contract/state.ts'
import type { Actions } from './actions.ts'
import { plural } from './format.ts'
import { EndedTakes } from './takes-ended.tsx'
import { OpenTake } from './takes-open.tsx'
import { isOpen, isRunning } from './takes.ts'

/** More have a line each. */
const MANY = 3

export interface TakesDockProps {
  readonly takes: readonly TakeView[]
  readonly actions: Pick<Actions, 'stop' | 'finish'>
}

/** What is being recorded, and what was. */
export function TakesDock({ takes, actions }: TakesDockProps) {
  const [chosen, setChosen] = useState<boolean>()
  if (takes.length === 0) return null
  const running = takes.filter(isOpen)
  const ended = takes.filter((take) => !isOpen(take))
  // While something is recorded the room belongs to the meters, unless the person wants it otherwise.
  const open = chosen ?? running.length === 0
  const alone = takes.filter(isRunning).length === 1
  return (
    <footer className="dock" aria-label="Recordings">
      {running.length > 0 && (
        <ul className={running.length > MANY ? 'running running-many' : 'running'} aria-label="Running recordings">
          {running.map((take) => (
            <OpenTake key={take.id} take={take} alone={alone} actions={actions} />
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
