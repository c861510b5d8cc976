/** Each screen and state against axe-core's rules for WCAG 2.2 A and AA and its best practices, in both themes. */
import type { Page } from '@playwright/test'
import { axeFindings as findings } from '../support/axe.ts'
import { expect, test } from '../support/e2e.ts'

async function eachTheme(page: Page, check: (theme: string) => Promise<void>): Promise<void> {
  for (const theme of ['Light', 'Dark']) {
    await page.getByRole('button', { name: 'View' }).click()
    await page.getByRole('menuitemradio', { name: theme }).click()
    await expect(page.getByRole('menu')).toHaveCount(0)
    await check(theme)
  }
}

test('axe finds what is wrong', async ({ desk, start }) => {
  const served = await start.serve()
  await desk.open(served.url)
  await desk.page.evaluate(() => document.querySelector('h1')!.insertAdjacentHTML('afterend', '<button></button>'))
  expect((await findings(desk.page)).join()).toContain('button-name')
})

test('nothing is found where there is nothing yet, nor in the dialogs and menus', async ({ desk, start }) => {
  const served = await start.serve()
  const { page } = desk
  await desk.open(served.url)
  await eachTheme(page, async (theme) => {
    expect(await findings(page), `empty, ${theme}`).toEqual([])
    for (const [key, dialog] of [
      ['f', 'Scan for nodes'],
      ['a', 'Add a node'],
      [',', 'Settings'],
      ['?', 'Keyboard shortcuts'],
    ] as const) {
      await page.keyboard.press(key)
      await expect(desk.dialog(dialog)).toBeVisible()
      expect(await findings(page), `${dialog}, ${theme}`).toEqual([])
      await page.keyboard.press('Escape')
      await expect(desk.dialog(dialog)).toBeHidden()
    }
    await page.getByRole('button', { name: 'View' }).click()
    await expect(page.getByRole('menu')).toBeVisible()
    expect(await findings(page), `menu, ${theme}`).toEqual([])
    await page.keyboard.press('Escape')
  })
})

test('nothing is found at a live node that is recorded', async ({ desk, start }) => {
  const node = await start.node('Attic', 'tone:demo')
  const served = await start.serve()
  const { page } = desk
  await desk.open(served.url)
  await desk.connect(node.url, 'Attic')
  await desk.record('Attic')
  await page.keyboard.press('m')
  await expect(desk.notices).toHaveCount(1)
  await eachTheme(page, async (theme) => expect(await findings(page), `recording, ${theme}`).toEqual([]))
})

test('nothing is found at a lost node with a finished recording, in the overview and on the wall', async ({
  desk,
  start,
}) => {
  const nodes = [await start.node('Attic', 'tone:demo'), await start.node('Cellar', 'tone:demo')]
  const served = await start.serve()
  const { page } = desk
  await desk.open(served.url)
  await desk.connect(nodes[0]!.url, 'Attic')
  await desk.connect(nodes[1]!.url, 'Cellar')
  await desk.record('Attic', 'Cellar')
  await desk.tool('Stop').click()
  await expect(page.locator('[data-take][data-state="finished"]')).toHaveCount(2)
  await page.getByRole('button', { name: 'Details of Cellar' }).click()
  await nodes[1]!.stop()
  await desk.expectState('Cellar', 'Lost')
  await eachTheme(page, async (theme) => {
    expect(await findings(page), `lost, ${theme}`).toEqual([])
    await page.keyboard.press('o')
    await expect(page.getByRole('heading', { name: 'All nodes' })).toBeVisible()
    expect(await findings(page), `overview, ${theme}`).toEqual([])
    await page.keyboard.press('w')
    await expect(page.getByRole('heading', { name: 'All nodes' })).toBeHidden()
    expect(await findings(page), `wall, ${theme}`).toEqual([])
    await page.keyboard.press('Escape')
    await page.keyboard.press('o')
  })
})
