/** What the built screens say when the host gives them no link, and the one way out that they offer. */
import { join } from 'node:path'
import { chromium, type Browser, type BrowserContext, type Page } from '@playwright/test'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { startWebHost, type WebHost, type WebHostOptions } from '#web/host.ts'
import { hashPassword } from '#web/password.ts'
import { CHROMIUM } from '../support/chromium.ts'
import { Closing } from '../support/closing.ts'
import { openStation } from '../support/station.ts'

const SCREENS = join(import.meta.dirname, '../../out/renderer')
const PASSWORD = 'correct horse battery'
const SOON_MS = 20_000

const closing = new Closing()
let browser: Browser
beforeAll(async () => void (browser = await chromium.launch(CHROMIUM)))
afterEach(() => closing.close())
afterAll(() => browser.close())

async function host(options: Partial<WebHostOptions>): Promise<{ web: WebHost; context: BrowserContext }> {
  const t = await openStation()
  closing.defer(() => t.close())
  const started = await startWebHost({ port: 0, root: SCREENS, attach: (link) => t.station.attach(link), ...options })
  if (!started.ok) throw new Error(started.fault.message)
  closing.defer(() => started.value.close())
  const context = await browser.newContext()
  closing.defer(() => context.close())
  return { web: started.value, context }
}

async function shown(page: Page): Promise<void> {
  await page.getByRole('toolbar', { name: 'Workstation' }).waitFor()
}

it('a login that has ended: the page says so, and one press leads to the form and back', async () => {
  const { web, context } = await host({
    requireLogin: true,
    password: await hashPassword(PASSWORD),
    limits: { screens: 4, heartbeatMs: 100, headersMs: 10_000 },
  })
  const page = await context.newPage()
  const logIn = async (): Promise<void> => {
    await page.getByLabel('Password').fill(PASSWORD)
    await page.keyboard.press('Enter')
    await shown(page)
  }
  await page.goto(web.url)
  await logIn()
  // Logged out in another tab of the same browser.
  const other = await context.newPage()
  await other.goto(web.url)
  await other.evaluate(() => fetch('/logout', { method: 'POST' }))
  const banner = page.getByText('Your login has ended. What you see is from before.')
  await banner.waitFor({ timeout: SOON_MS })
  await page.getByRole('link', { name: 'Log in' }).click()
  await logIn()
  expect(await banner.count()).toBe(0)
})

it('no room for one more screen: it says so, and goes on when there is', async () => {
  const { web, context } = await host({ limits: { screens: 1, heartbeatMs: 5000, headersMs: 10_000 } })
  const first = await context.newPage()
  await first.goto(web.url)
  await shown(first)
  const second = await context.newPage()
  await second.goto(web.url)
  await second.getByText('The workstation shows as many screens as it may.').waitFor({ timeout: SOON_MS })
  expect(await second.title()).toBe('Farfield')
  await first.close()
  await second.getByRole('button', { name: 'Try now' }).click()
  await shown(second)
  expect(await second.getByText('as many screens').count()).toBe(0)
})
