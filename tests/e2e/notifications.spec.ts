/** What is told to somebody who looks elsewhere: the decision and the words are ours, the showing is the browser's. */
import type { Page } from '@playwright/test'
import { expect, test } from '../support/e2e.ts'

interface Shown {
  readonly title: string
  readonly body: string
}

/** Puts a listener in the place of the browser's notifications, and decides whether the person looks at the page. */
async function watch(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const shown: object[] = []
    const heard: Record<string, () => void> = {}
    class Spy {
      static readonly permission = 'granted'
      constructor(title: string, { body }: { body: string }) {
        shown.push({ title, body })
      }
      addEventListener(type: string, listener: () => void): void {
        heard[type] = listener
      }
      close(): void {}
    }
    Object.assign(globalThis, { Notification: Spy, shown, heard, looking: false })
    document.hasFocus = () => (globalThis as unknown as { looking: boolean }).looking
  })
}

const shown = (page: Page): Promise<Shown[]> => page.evaluate(() => (globalThis as unknown as { shown: Shown[] }).shown)

test('a lost node and a finished recording are told, unless the person looks or does not want it', async ({
  desk,
  start,
}) => {
  const { page } = desk
  await watch(page)
  const node = await start.node('Attic', 'tone:pink')
  const served = await start.serve()
  await desk.open(served.url)
  await desk.connect(node.url, 'Attic')
  await desk.record('Attic')
  await expect(page).toHaveTitle('● 1 recording – Farfield')
  await page.evaluate(() => Object.assign(globalThis, { looking: true }))
  await desk.tool('Stop').click()
  await expect(desk.take('Attic')).toHaveAttribute('data-state', 'finished')
  await expect(page).toHaveTitle('Farfield')
  expect(await shown(page), 'they see it').toEqual([])

  await page.evaluate(() => Object.assign(globalThis, { looking: false }))
  await desk.record('Attic')
  await desk.tool('Stop').click()
  await expect.poll(async () => (await shown(page)).map(({ title }) => title)).toEqual(['A recording finished'])
  expect((await shown(page))[0]!.body).toMatch(/^Recording of Attic saved/)

  // Not wanted: nothing more of this kind, now and after a reload.
  await desk.tool('Settings').click()
  const settings = desk.dialog('Settings')
  await settings.getByRole('tab', { name: 'Notifications' }).click()
  await settings.getByLabel('A recording finished').uncheck()
  await page.keyboard.press('Escape')
  await page.reload()
  await desk.expectState('Attic', 'Live')
  await desk.record('Attic')
  await desk.tool('Stop').click()
  await expect(page.locator('[data-state="finished"]')).toHaveCount(3)

  await page.keyboard.press('o')
  await expect(page.getByRole('heading', { name: 'All nodes' })).toBeVisible()
  await node.stop()
  await expect.poll(() => shown(page)).toEqual([{ title: 'Attic is lost', body: 'Nothing is heard from it.' }])
  await expect(page).toHaveTitle('1 lost – Farfield')
  await page.evaluate(() => (globalThis as unknown as { heard: Record<string, () => void> }).heard['click']!())
  await expect(desk.pane.getByRole('heading', { name: 'Attic' }), 'a click leads to it').toBeVisible()
})

test('the browser is asked on a click in the settings, and its answer is said', async ({ desk, start }) => {
  const { page } = desk
  await page.addInitScript(() => {
    const spy = {
      permission: 'default',
      asked: 0,
      requestPermission: async (): Promise<string> => {
        spy.asked++
        spy.permission = spy.asked === 1 ? 'denied' : 'granted'
        return spy.permission
      },
    }
    Object.assign(globalThis, { Notification: spy })
  })
  const asked = (): Promise<number> =>
    page.evaluate(() => (globalThis as unknown as { Notification: { asked: number } }).Notification.asked)
  const served = await start.serve()
  await desk.open(served.url)
  await desk.tool('Settings').click()
  const settings = desk.dialog('Settings')
  await settings.getByRole('tab', { name: 'Notifications' }).click()
  await expect(settings.getByLabel('A node is lost')).toBeDisabled()
  expect(await asked(), 'nobody is asked without a click').toBe(0)
  await settings.getByRole('button', { name: 'Allow notifications…' }).click()
  await expect(settings.getByRole('status')).toContainText('This browser does not let Farfield show notifications.')
  await expect(settings.getByLabel('A node is lost')).toBeDisabled()
  expect(await asked()).toBe(1)

  await page.evaluate(() =>
    Object.assign((globalThis as unknown as { Notification: object }).Notification, { permission: 'default' }),
  )
  await page.keyboard.press('Escape')
  await desk.tool('Settings').click()
  await settings.getByRole('tab', { name: 'Notifications' }).click()
  await settings.getByRole('button', { name: 'Allow notifications…' }).click()
  await expect(settings.getByLabel('A node is lost')).toBeChecked()
})
