import { useId, useState, type FormEvent } from 'react'
import { useWorkstation } from '#renderer/hooks.ts'
import type { SettingsDialogProps } from './dialog.tsx'
import { RecordingFields } from './recording-fields.tsx'

/** Kept by the workstation, for every screen: nothing of it holds until it was checked and saved. */
export function RecordingSettings({ state, onClose }: SettingsDialogProps) {
  const workstation = useWorkstation()
  const [folder, setFolder] = useState(state.settings.recordingFolder)
  const [recording, setRecording] = useState(state.settings.recording)
  const [error, setError] = useState<string>()
  const id = useId()

  const choose = async (): Promise<void> => {
    const chosen = await workstation.call('folder.choose', { from: folder.trim() || state.settings.recordingFolder })
    if (!chosen.ok) setError(chosen.fault.message)
    else if (chosen.value.folder !== undefined) setFolder(chosen.value.folder)
  }
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
    <form className="dialog-body" onSubmit={submit} noValidate>
      <label className="field" htmlFor={id}>
        Recording folder
      </label>
      <div className="beside">
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
        {state.about.choosesFolders && (
          <button type="button" className="button" onClick={() => void choose()}>
            Choose…
          </button>
        )}
      </div>
      <p className="help" id={`${id}-help`}>
        A folder on {state.about.computer}, where the workstation runs. New recordings go there.
      </p>
      <RecordingFields value={recording} onChange={setRecording} />
      <p className="error" id={`${id}-error`} role="alert">
        {error}
      </p>
      <footer className="dialog-foot">
        <button type="button" className="button" onClick={onClose}>
          Cancel
        </button>
        <button type="submit" className="button button-primary">
          Save
        </button>
      </footer>
    </form>
  )
}
