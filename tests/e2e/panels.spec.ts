/** The panels of the node view: moved, resized, added, removed. */
import {
  boxes,
  boxOf,
  choose,
  expectApart,
  expectShown,
  menuButton,
  order,
  panel,
  said,
  type Box,
} from '../support/panels.ts'
import type { Desk } from '../support/desk.ts'
import { expect, test } from '../support/e2e.ts'

/** By the grip at its corner. */
async function pull(desk: Desk, title: string, x: number, y: number): Promise<Box> {
  const { mouse } = desk.page
  const { x: left, y: top, width, height } = await boxOf(panel(desk, title))
  await mouse.move(left + width - 6, top + height - 6)
  await mouse.down()
  await mouse.move(left + width - 6 + x, top + height - 6 + y, { steps: 5 })
  await mouse.up()
  return boxOf(panel(desk, title))
}

test.beforeEach(async ({ desk, start }) => {
  const served = await start.serve({ args: ['--demo'] })
  await desk.open(served.url)
  await desk.expectState('Demo', 'Live')
})

test('a panel is moved by its head', async ({ desk }) => {
  const { page } = desk
  const before = await order(desk)
  expect(before.slice(0, 4)).toEqual(['Loudness', 'Level', 'Last minute', 'Spectrum'])
  const level = await boxOf(panel(desk, 'Level'))
  const loudness = await boxOf(panel(desk, 'Loudness'))

  await page.mouse.move(level.x + 20, level.y + 20)
  await page.mouse.down()
  await page.mouse.move(loudness.x + 60, loudness.y + 30, { steps: 5 })
  await expect(page.locator('.cell-drop'), 'one sees where it would stand').toBeVisible()
  expect(Math.abs((await boxOf(page.locator('.cell-drop'))).x - loudness.x)).toBeLessThan(2)
  await page.keyboard.press('Escape')
  await page.mouse.up()
  await expect(page.locator('.cell-drop')).toHaveCount(0)
  expect(await order(desk), 'Escape lets go with nothing changed').toEqual(before)
  await expectShown(desk, 'Everything')

  await page.mouse.move(level.x + 20, level.y + 20)
  await page.mouse.down()
  await page.mouse.move(loudness.x + 20, loudness.y + 20, { steps: 5 })
  await page.mouse.up()
  expect((await order(desk)).slice(0, 3)).toEqual(['Level', 'Loudness', 'Last minute'])
  await expect(said(desk)).toHaveText(`Level is now first of ${words(before.length)}.`)
  await expectShown(desk, 'Everything, changed')
  await expectApart(page)
  await desk.expectMoving('loudness-momentary')
})

test('a click on a head, or a press on what stands in it, moves nothing', async ({ desk }) => {
  const { page } = desk
  const before = await order(desk)
  const head = await boxOf(panel(desk, 'Level'))
  await page.mouse.click(head.x + 20, head.y + 20)
  const pause = await boxOf(panel(desk, 'Loudness').getByRole('button', { name: 'Reset' }))
  await page.mouse.move(pause.x + 4, pause.y + 4)
  await page.mouse.down()
  await page.mouse.move(head.x + 200, head.y + 200, { steps: 4 })
  await expect(page.locator('.cell-drop')).toHaveCount(0)
  await page.mouse.up()
  expect(await order(desk)).toEqual(before)
})

test('a panel is resized by its corner, in steps of the grid and not below what it needs', async ({ desk }) => {
  const { page } = desk
  const before = await boxOf(panel(desk, 'Loudness'))
  const larger = await pull(desk, 'Loudness', 170, 75)
  await expect(said(desk)).toHaveText(/^Loudness is now 1[5-9] of 24 columns wide and 5 rows high\.$/)
  expect(larger.width).toBeGreaterThan(before.width + 60)
  expect(larger.height).toBeGreaterThan(before.height + 40)
  await expectApart(page)
  await pull(desk, 'Loudness', -900, -900)
  await expect(said(desk)).toHaveText('Loudness is now 12 of 24 columns wide and 4 rows high.')
  await expectApart(page)
  // The plot follows its panel.
  const canvas = panel(desk, 'Last minute').locator('canvas').first()
  const narrow = await boxOf(canvas)
  await menuButton(desk, 'Last minute').focus()
  for (let i = 0; i < 4; i++) await page.keyboard.press('Shift+ArrowRight')
  await expect.poll(async () => (await boxOf(canvas)).width).toBeGreaterThan(narrow.width + 60)
})

test('keys do all of it, and the focus stays with the panel', async ({ desk }) => {
  const { page } = desk
  const { keyboard } = page
  const all = words((await order(desk)).length)
  const button = menuButton(desk, 'Spectrum')
  await button.focus()
  await keyboard.press('ArrowLeft')
  await expect(said(desk)).toHaveText(`Spectrum is now third of ${all}.`)
  await expect(button).toBeFocused()
  await keyboard.press('ArrowRight')
  await keyboard.press('ArrowRight')
  await expect(said(desk)).toHaveText(`Spectrum is now fifth of ${all}.`)
  await expect(button).toBeFocused()
  expect((await order(desk))[4]).toBe('Spectrum')
  for (let i = 0; i < 20; i++) await keyboard.press('ArrowLeft')
  await expect(said(desk)).toHaveText(`Spectrum is now first of ${all}.`)
  await keyboard.press('Shift+ArrowLeft')
  await expect(said(desk)).toHaveText('Spectrum is now 10 of 24 columns wide and 3 rows high.')
  await keyboard.press('Shift+ArrowDown')
  await expect(said(desk)).toHaveText('Spectrum is now 10 of 24 columns wide and 4 rows high.')
  for (let i = 0; i < 12; i++) await keyboard.press('Shift+ArrowUp')
  await expect(said(desk)).toHaveText('Spectrum is now 10 of 24 columns wide and 3 rows high.')
  await keyboard.press('Shift+ArrowRight')
  await expect(button).toBeFocused()
  // The same from the menu.
  await choose(desk, 'Spectrum', 'Move later')
  expect((await order(desk)).slice(0, 2)).toEqual(['Loudness', 'Spectrum'])
  await choose(desk, 'Spectrum', 'Taller')
  await expect(said(desk)).toHaveText('Spectrum is now 11 of 24 columns wide and 4 rows high.')
  await expect(button).toBeFocused()
  await keyboard.press('ArrowDown')
  await expect(page.getByRole('menu'), 'the key of every menu opens it').toBeVisible()
  await keyboard.press('Escape')
  await expect(button).toBeFocused()
  await expectApart(page)
  await keyboard.press('Delete')
  await expect(panel(desk, 'Spectrum')).toHaveCount(0)
  await expect(page.locator('*:focus'), 'the focus goes on to the next one').toHaveAccessibleName(/^Panel /)
})

test('a panel is removed, brought back, and added', async ({ desk }) => {
  const { page } = desk
  const before = await order(desk)
  await choose(desk, 'Level', 'Remove')
  expect(await order(desk)).toEqual(before.filter((title) => title !== 'Level'))
  const notice = desk.notices.filter({ hasText: 'Level removed from Everything.' })
  await notice.getByRole('button', { name: 'Undo' }).click()
  expect(await order(desk)).toEqual(before)
  await expectShown(desk, 'Everything')
  await expect(notice).toHaveCount(0)

  await choose(desk, 'Level', 'Remove')
  const add = desk.pane.getByRole('button', { name: 'Add panel' })
  await add.click()
  const item = page.getByRole('menuitemcheckbox', { name: /^Level/ })
  await expect(item).toHaveAttribute('aria-checked', 'false')
  await expect(item).toContainText('Peak, true peak and RMS')
  await expect(page.getByRole('menuitemcheckbox', { name: /^Loudness/ })).toHaveAttribute('aria-checked', 'true')
  await expect(page.getByRole('menuitemcheckbox')).toHaveCount(before.length)
  await item.click()
  await expect(item).toHaveAttribute('aria-checked', 'true')
  await page.keyboard.press('Escape')
  await expect(add).toBeFocused()
  expect((await order(desk)).at(-1)).toBe('Level')
  await expectApart(page)
  await desk.look('level-rms-0')
})

test('in a narrow window panels stand below each other', async ({ desk }) => {
  const { page } = desk
  await page.setViewportSize({ width: 1000, height: 700 })
  await expect.poll(async () => new Set((await boxes(page)).map(({ x }) => Math.round(x))).size).toBe(1)
  await expectApart(page)
  const widths = new Set((await boxes(page)).map(({ width }) => Math.round(width)))
  expect(widths.size).toBe(1)
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true)
  // And are moved just so.
  const level = await boxOf(panel(desk, 'Level'))
  await page.mouse.move(level.x + 20, level.y + 20)
  await page.mouse.down()
  await page.mouse.move(level.x + 20, level.y - 150, { steps: 5 })
  await page.mouse.up()
  expect((await order(desk)).slice(0, 2)).toEqual(['Level', 'Loudness'])
  // Their widths are of a wide window: nothing here changes them.
  await pull(desk, 'Level', -300, 70)
  await expect(said(desk)).toHaveText('Level is now 11 of 24 columns wide and 5 rows high.')
  await menuButton(desk, 'Level').click()
  await expect(page.getByRole('menuitem', { name: 'Wider' })).toBeDisabled()
  await expect(page.getByRole('menuitem', { name: 'Move earlier' })).toBeDisabled()
  await expect(page.getByRole('menuitem', { name: 'Taller' })).toBeEnabled()
  await page.keyboard.press('Escape')
  await page.setViewportSize({ width: 1280, height: 800 })
  await expect.poll(async () => new Set((await boxes(page)).map(({ x }) => Math.round(x))).size).toBeGreaterThan(1)
  await expectApart(page)
})

function words(count: number): string {
  return ['ten', 'eleven', 'twelve'][count - 10] ?? String(count)
}
