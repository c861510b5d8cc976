/** What a screen may not do, whatever is loaded into it: leave its origin, open windows, get more permissions than it needs, embed a page. */
import { app, session, shell, type IpcMainEvent, type WebContents } from 'electron'
import { isAppUrl } from './protocol.ts'

/** The standards that the figures refer to; nothing else is ever handed to the system's browser. */
export const STANDARDS = {
  loudness: 'https://www.itu.int/rec/R-REC-BS.1770/en',
  meters: 'https://tech.ebu.ch/publications/tech3341',
} as const

/** Opens one of the listed pages in the system's browser; anything else is ignored. */
export function openOutside(url: string): void {
  if (Object.values<string>(STANDARDS).includes(url)) void shell.openExternal(url)
}

/** Before the first window. */
export function guardContents(): void {
  app.on('web-contents-created', (_created, contents) => {
    contents.on('will-navigate', (event) => event.preventDefault())
    contents.on('will-attach-webview', (event) => event.preventDefault())
    contents.setWindowOpenHandler(({ url }) => {
      openOutside(url)
      return { action: 'deny' }
    })
  })
}

/** Notices when nobody looks, the wall, and to copy a picture; never to read what was copied. Sound comes over the link, never from this computer's devices. */
const PERMITTED: ReadonlySet<string> = new Set([
  'notifications',
  'fullscreen',
  'screen-wake-lock',
  'clipboard-sanitized-write',
])

/** Once the app is ready. */
export function guardPermissions(): void {
  const { defaultSession } = session
  const may = (permission: string, url: string): boolean => PERMITTED.has(permission) && isAppUrl(url)
  defaultSession.setPermissionRequestHandler((_contents, permission, answer, { requestingUrl }) =>
    answer(may(permission, requestingUrl)),
  )
  // An origin comes with a slash at its end or without.
  defaultSession.setPermissionCheckHandler((_contents, permission, origin) =>
    may(permission, origin.endsWith('/') ? origin : `${origin}/`),
  )
  defaultSession.setDevicePermissionHandler(() => false)
}

/** Whether a message came from our own page in the main frame of our own window. */
export function isFromScreen(event: IpcMainEvent, contents: WebContents): boolean {
  const frame = event.senderFrame
  return event.sender === contents && frame !== null && frame.parent === null && isAppUrl(frame.url)
}
