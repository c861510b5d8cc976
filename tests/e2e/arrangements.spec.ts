/** What the node view shows: presets, arrangements of a person's own, and nothing that is not asked for. */
import { PANELS } from '#renderer/panels/registry.tsx'
import { arrangement, boxes, choose, expectApart, expectShown, menuButton, order, panel } from '../support/panels.ts'
import { axeFindings } from '../support/axe.ts'
import { expect, test } from '../support/e2e.ts'

const KEY = 'farfield.panels'
/** Between panels, and below the last of them. */
const GAP = 12
const LEAST = PANELS.map(({ id, least }) => ({ id, ...least }))

test.beforeEach(async ({ desk, start }) => {
  const served = await start.serve({ args: ['--demo'] })
  await desk.open(served.url)
  await desk.expectState('Demo', 'Live')
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
      expect(Math.abs(bottom + GAP - room.y - room.height), `${name} reaches the bottom`).toBeLessThan(2)
      expect(Math.min(...all.map(({ y }) => y)), 'and begins at the top').toBeCloseTo(room.y, 0)
    }
    await page.keyboard.press('1')
    await expectShown(desk, 'Everything')
    await expectApart(page)
  })

test('a panel that has more below its edge fades there, until one is at its end', async ({ desk }) => {
  const { page } = desk
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.keyboard.press('5')
  await expectShown(desk, 'Recording')
  const [link, level] = ['Link', 'Level'].map((title) => panel(desk, title).locator('.panel-body'))
  const faded = /^linear-gradient/
  await expect(link!).toHaveCSS('mask-image', faded)
  await expect(level!, 'what fits').toHaveCSS('mask-image', 'none')
  await link!.evaluate((element) => element.scrollTo(0, element.scrollHeight))
  await expect(link!).toHaveCSS('mask-image', 'none')
  await link!.evaluate((element) => element.scrollTo(0, 0))
  await expect(link!).toHaveCSS('mask-image', faded)
})

test('the history shows what it stands beside is about, until somebody chooses', async ({ desk }) => {
  const { page } = desk
  const figures = page.getByRole('combobox', { name: 'Figures of the history' })
  const expectFigures = async (key: string, title: string): Promise<void> => {
    await page.keyboard.press(key)
    await expect(figures).toHaveText(title)
  }
  await expectFigures('2', 'Loudness')
  await expectFigures('3', 'Sound level')
  await desk.pick('Figures of the history', 'LAF and C peak')
  await expectFigures('2', 'LAF and C peak')
})

test('only what is shown is drawn and measured', async ({ desk }) => {
  const { page } = desk
  // What the page asked the engine for last, of each node.
  let watched: unknown
  page.on('websocket', (socket) =>
    socket.on('framesent', ({ payload }) => {
      if (typeof payload !== 'string') return
      const said = JSON.parse(payload) as { t: string; shown?: readonly { readonly meters: unknown }[] }
      if (said.t === 'watch') watched = said.shown!.map(({ meters }) => meters)
    }),
  )
  const expectWatched = (...meters: readonly string[][]): Promise<void> =>
    expect.poll(() => watched, { message: 'pictures of the moment that the engine makes' }).toEqual(meters)
  await page.reload()
  await expectWatched(['spectrum', 'spectrogram', 'waveform', 'correlation'])
  await expect(panel(desk, 'Spectrogram').locator('canvas').first()).toBeAttached()

  await page.keyboard.press('2')
  await expectShown(desk, 'Loudness')
  await expectWatched(['correlation'])
  await expect(panel(desk, 'Spectrogram')).toHaveCount(0)
  await page.keyboard.press('3')
  await expectShown(desk, 'Noise survey')
  await expectWatched([])
  await page.keyboard.press('4')
  await choose(desk, 'Spectrum', 'Remove')
  await expectWatched(['spectrogram'])
  await page.getByRole('button', { name: 'All nodes' }).click()
  await expect(page.getByRole('heading', { name: 'All nodes' })).toBeVisible()
  await expectWatched()
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
