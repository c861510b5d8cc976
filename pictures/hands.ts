/** What scenes do at the screen, as a person does. */
import type { Desk } from '../tests/support/desk.ts'
import { expect } from './gallery.ts'

/** Chooses the folder that takes go to. */
export async function recordInto(desk: Desk, folder: string): Promise<void> {
  await desk.page.keyboard.press(',')
  const dialog = desk.dialog('Settings')
  await dialog.getByLabel('Recording folder').fill(folder)
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog).toBeHidden()
}

/** Lets the meters run for so long, for lines and totals that are worth a picture. No state depends on it. */
export async function heard(desk: Desk, seconds: number): Promise<void> {
  const until = performance.now() + seconds * 1000
  await expect.poll(() => performance.now(), { timeout: seconds * 1000 + 20_000 }).toBeGreaterThan(until)
  expect(desk.complaints()).toEqual([])
}
