import { useId, useState, type FormEvent } from 'react'
import type { WorkstationState } from '#contract/state.ts'
import { Dialog } from './dialog.tsx'
import { useWorkstation } from './hooks.ts'
import { RecordingFields } from './settings-recording.tsx'

export interface SettingsDialogProps {
  readonly state: WorkstationState
  readonly onClose: () => void
}

export function SettingsDialog({ state, onClose }: SettingsDialogProps) {
  const workstation = useWorkstation()
  const [folder, setFolder] = useState(state.settings.recordingFolder)
  const [recording, setRecording] = useState(state.settings.recording)
  const [error, setError] = useState<string>()
  const id = useId()

  const save = async (): Promise<void> => {
    const recordingFolder = folder.trim()
    if (recordingFolder === '') return setError('Type the folder that recordings go to.')
    const result = await workstation.call('settings.set', { recordingFolder, recording })
    if (!result.ok) return setError(result.fault.message)
    onClose()
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    void save()
  }

  return (
    <Dialog title="Settings" wide onClose={onClose}>
      <form className="dialog-body" onSubmit={submit} noValidate>
        <label className="field" htmlFor={id}>
          Recording folder
        </label>
        <input
          id={id}
          className="input"
          value={folder}
          onChange={(event) => setFolder(event.target.value)}
          autoComplete="off"
          spellCheck={false}
          data-first
          aria-invalid={error !== undefined}
          aria-describedby={`${id}-help ${id}-error`}
        />
        <p className="help" id={`${id}-help`}>
          A folder on {state.about.computer}, where the workstation runs. New recordings go there.
        </p>
        <RecordingFields value={recording} onChange={setRecording} />
        <p className="error" id={`${id}-error`} role="alert">
          {error}
        </p>
        <dl className="about">
          <dt>Version</dt>
          <dd>{state.about.version}</dd>
          <dt>Computer</dt>
          <dd>{state.about.computer}</dd>
          <dt>Data folder</dt>
          <dd>{state.about.dataFolder}</dd>
        </dl>
        <footer className="dialog-foot">
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button button-primary">
            Save
          </button>
        </footer>
      </form>
    </Dialog>
  )
}
