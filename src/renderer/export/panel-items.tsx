import { MenuItem } from '#renderer/parts/menu.tsx'
import type { PanelFiles } from './panel-files.ts'

/** Of the menu of a panel: the ways to take it away. */
export function PanelFileItems({ files }: { readonly files: PanelFiles }) {
  const { savePicture, copyPicture, saveTable } = files
  return (
    <>
      <MenuItem onClick={savePicture}>Save as picture</MenuItem>
      <MenuItem onClick={copyPicture}>Copy picture</MenuItem>
      {saveTable && <MenuItem onClick={saveTable}>Save as table (CSV)</MenuItem>}
    </>
  )
}
