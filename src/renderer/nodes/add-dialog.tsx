import { useId, useState, type FormEvent } from 'react'
import { Dialog } from '#renderer/parts/dialog.tsx'
import { useWorkstation } from '#renderer/hooks.ts'

export interface AddDialogProps {
  readonly onAdded: (key: number) => void
  readonly onClose: () => void
}

export function AddDialog({ onAdded, onClose }: AddDialogProps) {
  const workstation = useWorkstation()
  const [address, setAddress] = useState('')
  const [error, setError] = useState<string>()
  const [busy, setBusy] = useState(false)
  const id = useId()

  const add = async (): Promise<void> => {
    const text = address.trim()
    if (text === '') return setError('Type the address of a node, for example 192.168.1.20 or attic.local:5555.')
    setBusy(true)
    const result = await workstation.call('node.add', { address: text })
    setBusy(false)
    if (!result.ok) return setError(result.fault.message)
    onAdded(result.value.key)
    onClose()
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    void add()
  }

  return (
    <Dialog title="Add a node" onClose={onClose}>
      <form className="dialog-body" onSubmit={submit} noValidate>
        <label className="field" htmlFor={id}>
          Address
        </label>
        <input
          id={id}
          className="input"
          value={address}
          onChange={(event) => setAddress(event.target.value)}
          placeholder="192.168.1.20:5555"
          autoComplete="off"
          spellCheck={false}
          data-first
          aria-invalid={error !== undefined}
          aria-describedby={`${id}-help ${id}-error`}
        />
        <p className="help" id={`${id}-help`}>
          A host name or IP address. The port is 5555 unless the node was started with another one.
        </p>
        <p className="error" id={`${id}-error`} role="alert">
          {error}
        </p>
        <footer className="dialog-foot">
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button button-primary" disabled={busy}>
            {busy ? 'Adding…' : 'Add'}
          </button>
        </footer>
      </form>
    </Dialog>
  )
}
