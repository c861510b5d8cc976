import { useState } from 'react'
import type { NodeView } from '#contract/state.ts'
import { Dialog } from './dialog.tsx'
import { useWorkstation } from './hooks.ts'

export function RemoveDialog({ node, onClose }: { readonly node: NodeView; readonly onClose: () => void }) {
  const workstation = useWorkstation()
  const [error, setError] = useState<string>()
  const remove = async (): Promise<void> => {
    const result = await workstation.call('node.remove', { node: node.key })
    if (result.ok) onClose()
    else setError(result.fault.message)
  }
  return (
    <Dialog title={`Remove ${node.name}?`} asks onClose={onClose}>
      <div className="dialog-body">
        <p>
          The workstation forgets {node.address} and the calibration loaded for it here. Recordings stay where they are,
          and the node itself goes on.
        </p>
        <p className="error" role="alert">
          {error}
        </p>
        <footer className="dialog-foot">
          <button type="button" className="button" data-first onClick={onClose}>
            Keep
          </button>
          <button type="button" className="button button-danger" onClick={() => void remove()}>
            Remove
          </button>
        </footer>
      </div>
    </Dialog>
  )
}
