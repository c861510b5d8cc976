/** The node view as the person makes it: panels moved, resized, added, removed, and arrangements kept. */
import type { Locator, Page } from '@playwright/test'
import type { Desk } from '../support/desk.ts'
import { PANELS } from '#renderer/panels/registry.tsx'
import { axeFindings } from '../support/axe.ts'
import { expect, test } from '../support/e2e.ts'

const KEY = 'farfield.panels'
const LEAST = PANELS.map(({ id, least }) => ({ id, ...least }))

function panel(desk: Desk, title: string): Locator {
  return desk.pane.getByRole('region', { name: title, exact: true })
}

function menuButton(desk: Desk, title: string): Locator {
  return desk.pane.getByRole('button', { name: `Panel ${title}`, exact: true })
}

/** Titles of the panels in their order. */
async function order(desk: Desk): Promise<string[]> {
  return desk.pane.locator('[data-panel] h2').allInnerTexts()
}

async function choose(desk: Desk, title: string, item: string): Promise<void> {
  await menuButton(desk, title).click()
  await desk.page.getByRole('menuitem', { name: item }).click()
  await expect(desk.page.getByRole('menu')).toHaveCount(0)
}

function arrangement(desk: Desk, name: string): Locator {
  return desk.pane.getByRole('group', { name: 'Arrangement' }).getByRole('button', { name, exact: true })
}

async function expectShown(desk: Desk, name: string): Promise<void> {
  await expect(arrangement(desk, name)).toHaveAttribute('aria-pressed', 'true')
}

const said = (desk: Desk): Locator => desk.page.getByTestId('arranged')

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

async function boxes(page: Page): Promise<Box[]> {
  return page.locator('[data-panel]').evaluateAll((cells) =>
    cells.map((cell) => {
      const { x, y, width, height } = cell.getBoundingClientRect()
      return { x, y, width, height }
    }),
  )
}

async function boxOf(locator: Locator): Promise<Box> {
  await locator.scrollIntoViewIfNeeded()
  return (await locator.boundingBox())!
}

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

/** No panel lies over another one, and none sticks out of the page. */
async function expectApart(page: Page): Promise<void> {
  const all = await boxes(page)
  const width = page.viewportSize()!.width
  for (const [i, a] of all.entries()) {
    expect(a.x + a.width).toBeLessThanOrEqual(width)
    for (const b of all.slice(i + 1)) {
      const apart = a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y
      expect(apart, `${JSON.stringify(a)} and ${JSON.stringify(b)}`).toBe(true)
    }
  }
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

test('with no panel at all there is a way back', async ({ desk }) => {
  const { page } = desk
  await arrangement(desk, 'Frequency').click()
  for (const title of await order(desk)) await choose(desk, title, 'Remove')
  await expect(desk.pane.getByRole('heading', { name: 'No panels here' })).toBeVisible()
  await page.reload()
  await expect(desk.pane.getByRole('heading', { name: 'No panels here' })).toBeVisible()
  await desk.pane.getByRole('button', { name: 'Back to preset' }).click()
  expect(await order(desk)).toEqual(['Spectrum', 'Bands', 'Spectrogram'])
})

for (const viewport of [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
])
  test(`each preset fills a window of ${viewport.width}×${viewport.height}`, async ({ desk }) => {
    const { page } = desk
    await page.setViewportSize(viewport)
    for (const [key, name] of [
      ['2', 'Loudness'],
      ['3', 'Noise survey'],
      ['4', 'Frequency'],
      ['5', 'Recording'],
    ] as const) {
      await page.keyboard.press(key)
      await expectShown(desk, name)
      await expectApart(page)
      const room = (await page.locator('.panels-room').boundingBox())!
      const all = await boxes(page)
      const bottom = Math.max(...all.map(({ y, height }) => y + height))
      expect(Math.abs(bottom - room.y - room.height), `${name} reaches the bottom`).toBeLessThan(2)
      expect(Math.min(...all.map(({ y }) => y)), 'and begins at the top').toBeCloseTo(room.y, 0)
    }
    await page.keyboard.press('1')
    await expectShown(desk, 'Everything')
    await expectApart(page)
  })

test('what is not shown is not drawn', async ({ desk }) => {
  const { page } = desk
  await expect(panel(desk, 'Spectrogram').locator('canvas').first()).toBeAttached()
  await page.keyboard.press('2')
  await expectShown(desk, 'Loudness')
  await expect(panel(desk, 'Spectrogram')).toHaveCount(0)
  expect(await order(desk)).toEqual(expect.arrayContaining(['Loudness', 'Level']))
})

test('a preset that was changed says so, goes back, and comes back', async ({ desk }) => {
  const { page } = desk
  await page.keyboard.press('4')
  await choose(desk, 'Bands', 'Move earlier')
  await expectShown(desk, 'Frequency, changed')
  await page.keyboard.press('2')
  await page.keyboard.press('4')
  expect(await order(desk), 'another preset in between changes nothing').toEqual(['Bands', 'Spectrum', 'Spectrogram'])
  await desk.pane.getByRole('button', { name: 'Back to preset' }).click()
  await expectShown(desk, 'Frequency')
  expect(await order(desk)).toEqual(['Spectrum', 'Bands', 'Spectrogram'])
  await desk.notices.getByRole('button', { name: 'Undo' }).click()
  await expectShown(desk, 'Frequency, changed')
  expect(await order(desk)).toEqual(['Bands', 'Spectrum', 'Spectrogram'])
})

test('an arrangement of an own name is kept, changed, renamed and deleted', async ({ desk }) => {
  const { page } = desk
  const more = desk.pane.getByRole('button', { name: 'Arrangement', exact: true })
  const act = async (item: string): Promise<void> => {
    await more.click()
    await page.getByRole('menuitem', { name: item, exact: true }).click()
  }
  await page.keyboard.press('4')
  await choose(desk, 'Bands', 'Move earlier')
  await act('Save as…')
  const dialog = desk.dialog('Save arrangement')
  await page.keyboard.press('Enter')
  await expect(dialog.getByRole('alert')).toHaveText(/^Type a name/)
  await page.keyboard.type('loudness')
  await page.keyboard.press('Enter')
  await expect(dialog.getByRole('alert')).toHaveText(/^There is an arrangement loudness already/)
  await dialog.getByLabel('Name').fill('  Night watch ')
  await page.keyboard.press('Enter')
  await expect(dialog).toBeHidden()
  await expectShown(desk, 'Night watch')
  await expect(arrangement(desk, 'Frequency'), 'the preset is as it was').toBeVisible()

  await page.reload()
  await expectShown(desk, 'Night watch')
  expect(await order(desk)).toEqual(['Bands', 'Spectrum', 'Spectrogram'])
  await choose(desk, 'Spectrogram', 'Remove')
  await expectShown(desk, 'Night watch, changed')
  await act('Save changes')
  await expectShown(desk, 'Night watch')
  await page.keyboard.press('1')
  await page.keyboard.press('6')
  expect(await order(desk)).toEqual(['Bands', 'Spectrum'])

  // Another page of the same browser follows.
  const other = await page.context().newPage()
  await other.goto(page.url())
  await expect(other.getByRole('button', { name: 'Night watch', exact: true })).toHaveAttribute('aria-pressed', 'true')
  await act('Rename…')
  await desk.dialog('Rename arrangement').getByLabel('Name').fill('Day watch')
  await page.keyboard.press('Enter')
  await expectShown(desk, 'Day watch')
  await expect(other.getByRole('button', { name: 'Day watch', exact: true })).toHaveAttribute('aria-pressed', 'true')
  await other.close()

  await act('Delete')
  await expect(arrangement(desk, 'Day watch')).toHaveCount(0)
  await expectShown(desk, 'Everything')
  await desk.notices.filter({ hasText: 'Day watch deleted.' }).getByRole('button', { name: 'Undo' }).click()
  await expectShown(desk, 'Day watch')
  expect(await order(desk)).toEqual(['Bands', 'Spectrum'])
})

test('what is broken in the keeping is as if it was never there', async ({ desk }) => {
  const { page } = desk
  const all = await order(desk)
  for (const kept of ['{', '[]', '{"shown":9,"own":[1],"changed":{"everything":"x"}}']) {
    await page.evaluate(([key, text]) => localStorage.setItem(key, text), [KEY, kept] as const)
    await page.reload()
    await expectShown(desk, 'Everything')
    expect(await order(desk)).toEqual(all)
  }
  const partly = {
    shown: 'frequency',
    changed: {
      frequency: [
        { id: 'gone', columns: 9, rows: 9 },
        { id: 'bands', columns: -4, rows: 1e9 },
        { id: 'link', columns: 24, rows: 3 },
      ],
    },
  }
  await page.evaluate(([key, text]) => localStorage.setItem(key, text), [KEY, JSON.stringify(partly)] as const)
  await page.reload()
  await expectShown(desk, 'Frequency, changed')
  expect(await order(desk)).toEqual(['Bands', 'Link'])
  await expectApart(page)
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

test('axe finds nothing, whatever is open', async ({ desk }) => {
  const { page } = desk
  const check = async (what: string): Promise<void> => expect(await axeFindings(page), what).toEqual([])
  for (const theme of ['light', 'dark']) {
    await page.evaluate((name) => localStorage.setItem('farfield.theme', name), theme)
    await page.reload()
    for (const key of ['2', '3', '4', '5']) {
      await page.keyboard.press(key)
      await check(`preset ${key}, ${theme}`)
    }
    await desk.pane.getByRole('button', { name: 'Add panel' }).click()
    await expect(page.getByRole('menu')).toBeVisible()
    await check(`add panel, ${theme}`)
    await page.keyboard.press('Escape')
    await menuButton(desk, 'Link').click()
    await expect(page.getByRole('menu')).toBeVisible()
    await check(`menu of a panel, ${theme}`)
    await page.keyboard.press('Escape')
    await choose(desk, 'Link', 'Remove')
    await check(`changed, ${theme}`)
    await desk.notices.getByRole('button', { name: 'Undo' }).click()
    await desk.pane.getByRole('button', { name: 'Arrangement', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Save as…' }).click()
    await check(`save, ${theme}`)
    await page.keyboard.press('Escape')
  }
  // Panels at their least, whose bodies scroll: the keyboard reaches them.
  const least = { shown: 'everything', changed: { everything: LEAST }, own: [] }
  await page.evaluate(([key, text]) => localStorage.setItem(key, text), [KEY, JSON.stringify(least)] as const)
  await page.reload()
  await expectShown(desk, 'Everything, changed')
  await check('least sizes')
  await page.evaluate(([key, text]) => localStorage.setItem(key, text), [KEY, '{"changed":{"everything":[]}}'] as const)
  await page.reload()
  await expect(desk.pane.getByRole('heading', { name: 'No panels here' })).toBeVisible()
  await check('empty')
})

function words(count: number): string {
  return ['ten', 'eleven', 'twelve'][count - 10] ?? String(count)
}
