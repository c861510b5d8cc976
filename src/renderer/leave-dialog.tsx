import type { NodeView } from '#contract/state.ts'
import type { Leaving } from './actions.ts'
import { Dialog } from './parts/dialog.tsx'

export interface LeaveDialogProps {
  readonly node: NodeView
  readonly leaving: Leaving
  readonly onStop: () => void
  readonly onClose: () => void
}

/** A node that is being recorded is left only after its recording. */
export function LeaveDialog({ node, leaving, onStop, onClose }: LeaveDialogProps) {
  return (
    <Dialog title={`Stop recording ${node.name} and ${leaving} it?`} asks onClose={onClose}>
      <div className="dialog-body">
        <p>
          {node.name} is being recorded. The recording is finished and kept
          {leaving === 'remove' ? ', and the node itself goes on.' : '.'}
        </p>
        <footer className="dialog-foot">
          <button type="button" className="button" data-first onClick={onClose}>
            Keep recording
          </button>
          <button
            type="button"
            className="button button-danger"
            onClick={() => {
              onStop()
              onClose()
            }}
          >
            Stop and {leaving}
          </button>
        </footer>
      </div>
    </Dialog>
  )
}
