/** What the screens save goes where downloads go, without a question: as in a browser. */
import { existsSync } from 'node:fs'
import { join, parse } from 'node:path'
import { app, session } from 'electron'
import { APP_URL } from './protocol.ts'

/** More of one name on one day is no longer a name. */
const MOST = 1000

/** Once the app is ready. Only our own page saves anything. */
export function keepDownloads(): void {
  session.defaultSession.on('will-download', (event, item) => {
    const url = item.getURL()
    if (!url.startsWith(APP_URL) && !url.startsWith(`blob:${APP_URL}`)) return event.preventDefault()
    const path = freePath(app.getPath('downloads'), item.getFilename())
    // Without one the system asks the person.
    if (path !== undefined) item.setSavePath(path)
  })
}

/** `name` in the folder, with a number where there is a file of that name; undefined where the folder is missing. */
export function freePath(folder: string, name: string): string | undefined {
  if (!existsSync(folder)) return undefined
  const { name: stem, ext } = parse(name)
  for (let i = 0; i < MOST; i++) {
    const path = join(folder, i === 0 ? name : `${stem} (${i})${ext}`)
    if (!existsSync(path)) return path
  }
  return undefined
}
