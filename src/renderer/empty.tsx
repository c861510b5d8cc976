import type { Actions } from './actions.ts'
import { AddIcon, DemoIcon, ScanIcon } from './icons.tsx'

export function OpeningState() {
  return (
    <div className="opening" role="status">
      <p className="brand">Farfield</p>
      <p className="muted">Opening the workstation…</p>
    </div>
  )
}

export function EmptyState({ actions }: { readonly actions: Actions }) {
  return (
    <div className="empty">
      <h2>No nodes yet</h2>
      <p className="muted">
        A node is a small computer with a microphone. Find yours, or look around with a simulated one.
      </p>
      <div className="empty-choices">
        <Choice
          icon={<ScanIcon />}
          title="Scan for nodes"
          text="Finds the nodes on this network."
          onClick={() => actions.open('scan')}
        />
        <Choice
          icon={<AddIcon />}
          title="Add by address"
          text="For a node in another network."
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
    <button type="button" className="choice" onClick={props.onClick}>
      {props.icon}
      <strong>{props.title}</strong>
      <span className="muted">{props.text}</span>
    </button>
  )
}
