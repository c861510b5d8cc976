import { useEffect, useRef } from 'react'
import type { Actions } from './actions.ts'
import { isDesktop, type Refusal } from './connect.ts'
import { useWorkstation } from './hooks.ts'
import { AddIcon, DemoIcon, ScanIcon } from './parts/icons.tsx'

interface NoLinkProps {
  /** Why, where the host said so. */
  readonly refusal: Refusal | undefined
}

const REFUSAL_WORDS: Readonly<Record<Refusal, string>> = {
  login: 'Your login has ended.',
  full: 'The workstation shows as many screens as it may. Close one of them; this one goes on by itself then.',
}

export function OpeningState({ refusal }: NoLinkProps) {
  return (
    <div className="opening" role="status">
      <p className="brand">Farfield</p>
      <p className="muted">{refusal ? REFUSAL_WORDS[refusal] : 'Opening the workstation…'}</p>
      {refusal && <WayOut refusal={refusal} />}
    </div>
  )
}

/** Over a screen that shows what was heard last. */
export function LostBanner({ refusal }: NoLinkProps) {
  const why = refusal ? REFUSAL_WORDS[refusal] : 'Connection to the workstation lost, trying again.'
  return (
    <div className="banner">
      <p role="alert">{why} What you see is from before.</p>
      {!isDesktop() && <WayOut refusal={refusal} />}
    </div>
  )
}

function WayOut({ refusal }: NoLinkProps) {
  const workstation = useWorkstation()
  if (refusal === 'login')
    return (
      <a className="button button-small" href="/login">
        Log in
      </a>
    )
  return (
    <button type="button" className="button button-small" onClick={() => workstation.tryNow()}>
      Try now
    </button>
  )
}

export interface EmptyStateProps {
  readonly actions: Actions
  /** The last node was removed by key: the focus goes on to what can be done now. */
  readonly focused: boolean
}

export function EmptyState({ actions, focused }: EmptyStateProps) {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (focused) place.current?.querySelector('button')?.focus()
  }, [focused])
  return (
    <div className="empty" ref={place}>
      <h2>No nodes yet</h2>
      <p className="muted">
        A node is a small computer with a microphone. Find yours, or look around with a simulated one.
      </p>
      <div className="empty-choices">
        <Choice
          icon={<ScanIcon />}
          title="Scan for nodes"
          text="Find the nodes on this network."
          onClick={() => actions.open('scan')}
        />
        <Choice
          icon={<AddIcon />}
          title="Add by address"
          text="For a node on another network."
          onClick={() => actions.open('add')}
        />
        <Choice
          icon={<DemoIcon />}
          title="Start the demo node"
          text="A simulated node on this computer."
          onClick={actions.startDemo}
        />
      </div>
    </div>
  )
}

function Choice(props: { icon: React.ReactNode; title: string; text: string; onClick: () => void }) {
  return (
    <button type="button" className="empty-choice" onClick={props.onClick}>
      {props.icon}
      <strong>{props.title}</strong>
      <span className="muted">{props.text}</span>
    </button>
  )
}
