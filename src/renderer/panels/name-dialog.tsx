/** Asks for the name of an arrangement. */
import { useId, useState, type FormEvent } from 'react'
import { Dialog } from '#renderer/parts/dialog.tsx'
import { LONGEST_NAME } from './kept.ts'
import { useArrangements } from './store.ts'

export interface NameDialogProps {
  readonly title: string
  readonly initial: string
  /** What the button says. */
  readonly act: string
  readonly onName: (name: string) => void
  readonly onClose: () => void
}

export function NameDialog({ title, initial, act, onName, onClose }: NameDialogProps) {
  const { choices } = useArrangements()
  const [name, setName] = useState(initial)
  const [error, setError] = useState<string>()
  const id = useId()
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const wanted = name.trim()
    if (wanted === '') return setError('Type a name for the arrangement, for example Night watch.')
    const taken = choices.some((one) => one.name.toLowerCase() === wanted.toLowerCase() && one.name !== initial)
    if (taken) return setError(`There is an arrangement ${wanted} already. Choose another name.`)
    onName(wanted)
    onClose()
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <form className="dialog-body" onSubmit={submit} noValidate>
        <label className="field" htmlFor={id}>
          Name
        </label>
        <input
          id={id}
          className="input"
          value={name}
          maxLength={LONGEST_NAME}
          onChange={(event) => setName(event.target.value)}
          autoComplete="off"
          data-first
          aria-invalid={error !== undefined}
          aria-describedby={`${id}-error`}
        />
        <p className="error" id={`${id}-error`} role="alert">
          {error}
        </p>
        <footer className="dialog-foot">
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button button-primary">
            {act}
          </button>
        </footer>
      </form>
    </Dialog>
  )
}
