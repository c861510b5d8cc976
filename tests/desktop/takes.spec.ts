/** A recording in the desktop: played from the program's own origin, and shown in its folder. */
import { expect, test } from '@playwright/test'
import { launchDesktop, type Desktop } from './desktop.ts'
import { reported, toolbar } from './health.ts'

test.describe.configure({ mode: 'serial' })
let desktop: Desktop

test.beforeAll(async () => {
  desktop = await launchDesktop({ demo: true })
})
test.afterAll(() => desktop.kill())

test('plays a take, and takes no path from the page', async () => {
  const { page } = desktop
  await toolbar(desktop).getByRole('button', { name: 'Record', exact: true }).click()
  const seconds = page.locator('[data-take]').getByTestId('take-seconds')
  await expect.poll(async () => Number(await seconds.getAttribute('data-value'))).toBeGreaterThan(1.5)
  const take = (await page.locator('[data-take]').getAttribute('data-take'))!
  expect(await page.evaluate(async (id) => (await fetch(`/takes/${id}/0.pair.wav`)).status, take), 'it runs').toBe(409)
  await toolbar(desktop).getByRole('button', { name: 'Stop', exact: true }).click()
  await expect(page.locator('[data-take]')).toHaveAttribute('data-state', 'finished')

  await page.getByRole('button', { name: 'Play Demo', exact: true }).click()
  const player = page.getByTestId('player')
  const time = async (): Promise<number> => Number(await player.getByTestId('player-time').getAttribute('data-value'))
  await expect.poll(time, { message: 'it goes on' }).toBeGreaterThan(0.5)
  await expect(player.getByRole('alert')).toHaveCount(0)

  const asked = await page.evaluate(async (id) => {
    const part = await fetch(`/takes/${id}/0.wav`, { headers: { Range: 'bytes=8-11' } })
    const strange = [`/takes/${id}/9.wav`, '/takes/nobody/0.wav', '/takes/..%2f..%2fpackage.json', `/takes/${id}/0`]
    const answers = await Promise.all(strange.map((path) => fetch(path)))
    const posted = await fetch(`/takes/${id}/0.wav`, { method: 'POST' })
    return {
      part: [part.status, await part.text(), part.headers.get('x-content-type-options')],
      strange: answers.map(({ status }) => status),
      posted: posted.status,
    }
  }, take)
  expect(asked).toEqual({ part: [206, 'WAVE', 'nosniff'], strange: [404, 404, 404, 404], posted: 405 })
})

test('shows a recording in its folder', async () => {
  const { page } = desktop
  await desktop.inMain(({ shell }) => {
    shell.showItemInFolder = (path: string): void => void Object.assign(globalThis, { shown: path })
  })
  await page.getByRole('button', { name: 'Details of Demo' }).click()
  const path = await page.locator('.take-path').textContent()
  await expect(page.getByRole('link', { name: /^Download/ }), 'it is on this computer').toHaveCount(0)
  await page.getByRole('button', { name: /^Show in folder: Demo_/ }).click()
  const shown = (): Promise<unknown> => desktop.inMain(() => (globalThis as { shown?: string }).shown)
  await expect.poll(shown).toBe(path)
  // Beside what was refused above.
  expect(reported(desktop).filter((line) => !/status of 4\d\d/.test(line))).toEqual([])
})
