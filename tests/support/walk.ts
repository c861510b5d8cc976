/** What somebody does who has never seen Farfield: reads what stands on the screen and presses what it offers. */
import type { Locator, Page } from '@playwright/test'
import { expect } from '@playwright/test'

/** A short recording of whoever tries it out. */
const RECORDED_SECONDS = 5

/** Where the walk has come to; the pictures of the README are these. */
export type Stop = 'open' | 'recording' | 'stopped' | 'verified'

/** Presses what carries these words. They stand in the window, once, and it can be pressed. */
async function press(page: Page, words: string): Promise<void> {
  const button = page
    .getByRole('button')
    .filter({ visible: true })
    .filter({ hasText: new RegExp(`^\\s*${words}\\s*$`) })
  await expect(button, `one "${words}" on the screen`).toHaveCount(1)
  await expect(button).toBeInViewport({ ratio: 1 })
  await button.click()
}

async function read(page: Page, words: string | RegExp): Promise<Locator> {
  const text = page.getByText(words).filter({ visible: true }).first()
  await expect(text).toBeInViewport({ ratio: 1 })
  return text
}

/** From the open page to a recording that was read again and found whole. */
export async function walk(page: Page, at: (stop: Stop) => Promise<void> = async () => {}): Promise<void> {
  await read(page, /^Live$/)
  await read(page, /^Simulated$/)
  await at('open')
  await press(page, 'Record')
  await read(page, /^\s*REC\s*$/)
  const time = page.getByTestId('take-seconds')
  await expect(time).toBeInViewport({ ratio: 1 })
  await expect.poll(async () => Number(await time.getAttribute('data-value'))).toBeGreaterThan(RECORDED_SECONDS)
  await at('recording')
  await press(page, 'Stop')
  await read(page, /^Recording of Demo saved: \d:\d\d, .*No gaps, nothing missing\./)
  await read(page, /^Whole$/)
  await at('stopped')
  await press(page, 'Verify')
  await expect(page.getByTestId('verified')).toBeInViewport({ ratio: 1 })
  await at('verified')
}
