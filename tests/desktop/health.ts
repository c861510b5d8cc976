/** What is wrong with a desktop that was just started; the negative tests prove that each complaint can be raised. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Locator } from '@playwright/test'
import { APP_URL } from './address.ts'
import type { Desktop } from './desktop.ts'

/** Lines that main writes when something fails where nobody would see it. */
const REPORTED =
  /error in the page|the preload .* failed|did not load|process ended|thread died|error of our own|not everything was closed/

export function toolbar({ page }: Desktop): Locator {
  return page.getByRole('toolbar', { name: 'Workstation' })
}

export function reported(desktop: Desktop): string[] {
  return desktop
    .errors()
    .split('\n')
    .filter((line) => REPORTED.test(line))
}

/** Waits until the workstation is shown or something was reported, at most `within` ms. */
export async function complaints(desktop: Desktop, within = 20_000): Promise<string[]> {
  const end = performance.now() + within
  let shown = false
  while (!shown && reported(desktop).length === 0 && performance.now() < end) {
    await delay(50)
    shown = await toolbar(desktop).isVisible()
  }
  const url = await desktop.url()
  return [
    ...(shown ? [] : ['the workstation is not shown']),
    ...(url === APP_URL ? [] : [`the page is ${url}`]),
    ...reported(desktop),
  ]
}
