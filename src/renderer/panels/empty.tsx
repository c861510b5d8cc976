/** An arrangement with nothing in it, or nothing yet: what to do about it. */
import { AddPanelMenu } from './bar.tsx'
import { useArranger } from './arranger.ts'
import { useArrangements } from './store.ts'

/** `waits`: there are panels, and they show once something is heard. */
export function EmptyArrangement({ waits }: { readonly waits: boolean }) {
  const { choices, shown } = useArrangements()
  const { choose } = useArranger()
  const others = choices.filter(({ id, panels }) => id !== shown.id && panels.length > 0)
  return (
    <div className="panels-empty">
      <h3>{waits ? 'Nothing to show yet' : 'No panels here'}</h3>
      <p className="muted">
        {waits
          ? 'The panels of this arrangement show sound. They come when the node is heard.'
          : 'Add the panels that you want to see, or take an arrangement that is there.'}
      </p>
      {!waits && (
        <div className="panels-empty-choices">
          <AddPanelMenu className="button button-primary" />
          {others.map(({ id, name }) => (
            <button key={id} type="button" className="button" onClick={() => choose(id)}>
              {name}
            </button>
          ))}
        </div>
      )}
    </div>
  )
}
