import { useState } from 'react'
import { Dialog } from '#renderer/parts/dialog.tsx'
import type { SettingsDialogProps } from './dialog.tsx'

export function AboutSettings({ state: { about } }: SettingsDialogProps) {
  const [licences, setLicences] = useState<string>()
  const open = async (): Promise<void> => setLicences(await readLicences())
  return (
    <div className="dialog-body">
      <dl className="about">
        <dt>Version</dt>
        <dd>Farfield {about.version}</dd>
        <dt>Computer</dt>
        <dd>{about.computer}</dd>
        <dt>Data folder</dt>
        <dd>{about.dataFolder}</dd>
      </dl>
      <p className="help">Farfield stands on the work of others, under their own licences.</p>
      <div>
        <button type="button" className="button" onClick={() => void open()}>
          Licences…
        </button>
      </div>
      {licences !== undefined && (
        <Dialog title="Licences of what is inside" widest onClose={() => setLicences(undefined)}>
          {/* It scrolls, so it can have the focus. */}
          <pre className="licences" tabIndex={0} aria-label="Licences" data-first>
            {licences}
          </pre>
        </Dialog>
      )}
    </div>
  )
}

/** Written by the build, beside the page. */
async function readLicences(): Promise<string> {
  try {
    const answer = await fetch('./licences.txt')
    if (answer.ok) return await answer.text()
  } catch {
    // As below.
  }
  return 'The licences could not be read. They lie in the program’s folder, in out/renderer/licences.txt.'
}
