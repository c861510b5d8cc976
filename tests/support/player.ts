/** The player of recordings, as a person uses it. */
import type { Locator, Page } from '@playwright/test'
import type { Desk } from './desk.ts'
import { expect } from './e2e.ts'

export const player = (page: Page): Locator => page.getByTestId('player')
export const place = (page: Page): Locator => page.getByRole('slider', { name: 'Place in the recording' })

export async function play(desk: Desk, name: string): Promise<void> {
  await desk.page.getByRole('button', { name: `Play ${name}`, exact: true }).click()
  await expect(player(desk.page)).toHaveAttribute('data-playing', 'true')
}
