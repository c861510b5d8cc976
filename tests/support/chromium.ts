/** The Chromium that tests drive: the system's where there is one, else Playwright's own. */
import { existsSync } from 'node:fs'

const SYSTEM = process.env['FARFIELD_CHROMIUM'] ?? '/usr/bin/chromium'

export const CHROMIUM: { readonly executablePath?: string; readonly args: string[] } = {
  ...(existsSync(SYSTEM) ? { executablePath: SYSTEM } : {}),
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--autoplay-policy=no-user-gesture-required'],
}
