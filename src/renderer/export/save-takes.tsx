import { useContext } from 'react'
import type { TakeView, WorkstationState } from '#contract/state.ts'
import { TellerContext } from '#renderer/hooks.ts'
import { fileName } from './names.ts'
import { csvBlob, saveFile } from './save.ts'
import { takesCsv } from './takes-table.ts'

interface SaveTakesProps {
  /** As they are listed. */
  readonly takes: readonly TakeView[]
  readonly about: WorkstationState['about']
}

export function SaveTakes({ takes, about }: SaveTakesProps) {
  const teller = useContext(TellerContext)
  const save = (): void => {
    const at = Date.now()
    const name = fileName(about.computer, 'recordings', at, 'csv')
    saveFile(name, csvBlob([takesCsv(takes, at, about.version)]))
    teller.done(`Saved as ${name} where downloads go.`)
  }
  return (
    <button type="button" className="button button-quiet button-small" disabled={takes.length === 0} onClick={save}>
      Save list as table
    </button>
  )
}
