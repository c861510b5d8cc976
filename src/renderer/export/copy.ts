/** A picture for the clipboard, where the browser lets a page write there. */
import type { Fault } from '#shared/result.ts'

const UNSAFE =
  'This browser lets a page copy pictures only over https or on the computer itself. Save the picture instead.'
const REFUSED = 'The browser did not let the picture into the clipboard. Save it instead.'

/** `picture` may still be drawn: the browser waits, and counts it as what the person has just asked for. */
export async function copyPicture(picture: Promise<Blob>): Promise<Fault | undefined> {
  // A page that is not secure has no clipboard, whatever the types say.
  if (!window.isSecureContext || typeof ClipboardItem === 'undefined') {
    picture.catch(() => {})
    return { code: 'internal', message: UNSAFE }
  }
  try {
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': picture })])
    return undefined
  } catch {
    return { code: 'internal', message: REFUSED }
  }
}
