/** Recording what was chosen, naming its markers, and keeping the list in order. */
import { execFile } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Locator } from '@playwright/test'
import { axeFindings } from '../support/axe.ts'
import { expect, readTake, test } from '../support/e2e.ts'
import { player } from '../support/player.ts'

const run = promisify(execFile)
const CUES = fileURLToPath(new URL('../support/wav-cues.py', import.meta.url))

/** Markers of a file as a program reads them that is none of ours. */
async function cues(file: string): Promise<readonly (readonly [frame: number, label: string])[]> {
  const { stdout } = await run('/usr/bin/python3', [CUES, file])
  return JSON.parse(stdout) as [number, string][]
}

test('chosen nodes are recorded for the length that was asked for, and the choice is there again', async ({
  desk,
  start,
}) => {
  const names = ['Attic', 'Cellar', 'Yard']
  const nodes = await Promise.all(names.map((name) => start.node(name, 'tone:sine:1000:-20')))
  const served = await start.serve()
  const { page } = desk
  await desk.open(served.url)
  for (const [i, node] of nodes.entries()) await desk.connect(node.url, names[i]!)
  await desk.choose('Yard')
  await desk.tool('Disconnect').click()
  await desk.expectState('Yard', 'Disconnected')

  await page.keyboard.press('c')
  const dialog = desk.dialog('Record')
  const box = (name: string): Locator => dialog.getByRole('checkbox', { name })
  await expect(box('Attic')).toBeChecked()
  await expect(box('Cellar')).toBeChecked()
  await expect(box('Yard'), 'one that is not heard cannot be recorded').toBeDisabled()
  await expect(box('Yard')).not.toBeChecked()
  await expect(dialog.locator('label').filter({ hasText: 'Yard' })).toContainText('Disconnected')
  await expect(dialog.getByRole('button', { name: 'Record 2 nodes' })).toBeFocused()
  const room = dialog.getByTestId('record-room')
  await expect(room).toHaveText(/^The disk has room for .* \(.* free\)\.$/)
  await box('Cellar').uncheck()
  await dialog.getByLabel('Length').fill('soon')
  await dialog.getByLabel('Length').press('Enter')
  await expect(dialog.getByRole('alert')).toHaveText(/^This is no length\. Write it as 90 s, /)
  await dialog.getByLabel('Length').fill('0:02')
  await expect(room, '2 s of 48 kHz, 2 channels, s32').toHaveText(/^Needs 768\.0 kB\. The disk has room for /)
  await dialog.getByLabel('Length').press('Enter')
  await expect(dialog).toBeHidden()
  await expect(desk.take('Attic')).toHaveAttribute('data-state', 'finished')
  await expect(page.locator('[data-take]'), 'the others are left alone').toHaveCount(1)
  expect(await desk.number('take-frames', desk.take('Attic'))).toBe(96_000)
  const { samples } = await readTake(await desk.value('take-file', desk.take('Attic')))
  expect(samples.length).toBe(96_000 * 8)

  await desk.tool('Choose what to record').click()
  await expect(box('Attic')).toBeChecked()
  await expect(box('Cellar')).not.toBeChecked()
  await expect(dialog.getByLabel('Length')).toHaveValue('0:02')
  await dialog.getByLabel('Length').fill('')
  await dialog.getByRole('button', { name: 'Record 1 node' }).press('Enter')
  await expect(desk.node('Attic').getByTitle('Recording')).toBeVisible()
  await desk.tool('Choose what to record').click()
  await expect(box('Attic'), 'it is being recorded').toBeDisabled()
  await box('Cellar').check()
  await dialog.getByRole('button', { name: 'Record 1 node' }).click()
  await expect(desk.tool('Record'), 'everything that is live is recorded').toBeDisabled()
  await desk.expectTake('Cellar', 0.3)
  await desk.tool('Stop').click()
  await expect(desk.notices.filter({ hasText: 'saved' })).toHaveText(
    /^2 recordings saved\. Nothing missing\.(Attic|Cellar): 0:0\d, −\d+\.\d\sLUFS(Attic|Cellar): /,
  )
})

test('a marker stands at the moment of its key, and is called what is typed then', async ({ desk, start }) => {
  const node = await start.node('Attic', 'tone:sine:1000:-20')
  const other = await start.node('Cellar', 'tone:sine:500:-20')
  const served = await start.serve()
  const { page } = desk
  await desk.open(served.url)
  await desk.connect(node.url, 'Attic')
  await desk.connect(other.url, 'Cellar')
  await desk.record('Attic', 'Cellar')
  await desk.expectTake('Attic', 0.5)

  // What is typed at once is text from its first letter on, though each of them is a key that does something.
  const before = await desk.number('take-frames', desk.take('Attic'))
  await page.keyboard.press('m')
  await page.keyboard.type('Door slams, far away')
  const field = page.getByRole('textbox', { name: /^Marker 1 at 0:0\d$/ })
  await expect(field).toBeFocused()
  await expect(field).toHaveValue('Door slams, far away')
  const after = await desk.number('take-frames', desk.take('Attic'))
  await desk.expectTake('Attic', after / 48_000 + 0.5)
  await page.keyboard.press('Enter')
  await expect(field).toHaveCount(0)
  await expect(page.getByRole('listbox', { name: 'Nodes' }), 'nothing else happened').toBeVisible()

  await page.keyboard.press('m')
  await page.keyboard.type('never mind')
  await page.keyboard.press('Escape')
  await expect(page.getByTestId('marker-label')).toHaveCount(0)
  await page.keyboard.press('m')
  await page.keyboard.type('Rain & <wind>')
  // Going elsewhere keeps what was typed.
  await desk.tool('Stop').click()
  await expect(page.locator('[data-take][data-state="finished"]')).toHaveCount(2)

  for (const name of ['Attic', 'Cellar']) {
    const file = await desk.value('take-file', desk.take(name))
    const marks = await cues(file)
    expect(
      marks.map(([, label]) => label),
      name,
    ).toEqual(['Door slams, far away', 'Marker 2', 'Rain & <wind>'])
    const { markers } = JSON.parse(await readFile(`${file}.json`, 'utf8')) as {
      markers: { frame: number; label: string }[]
    }
    expect(markers.map(({ frame, label }) => [frame, label])).toEqual(marks)
    expect((await run('sndfile-info', [file])).stdout, 'libsndfile reads them too').toMatch(/cue/i)
  }
  const [[frame]] = (await cues(await desk.value('take-file', desk.take('Attic')))) as unknown as [[number]]
  // Both readings are some hundred milliseconds behind the sound itself; typing took longer than that.
  expect(frame).toBeGreaterThan(before)
  expect(frame).toBeLessThan(after + 24_000)

  await page.getByRole('button', { name: 'Details of Attic' }).click()
  const markers = page.getByRole('list', { name: 'Markers' }).getByRole('button')
  await expect(markers).toHaveText([/^0:0\d Door slams, far away$/, /^0:0\d Marker 2$/, /^0:0\d Rain & <wind>$/])
  await markers.first().press('Enter')
  await expect(player(page)).toHaveAttribute('data-playing', 'true')
  await expect.poll(() => desk.number('player-time')).toBeGreaterThan(frame / 48_000)
})

test('the list is sorted and filtered, checked, and cleared with a way back', async ({ desk, start, context }) => {
  const loud = await start.node('Loud', 'tone:sine:1000:-20')
  const quiet = await start.node('Quiet', 'tone:sine:1000:-45')
  const served = await start.serve()
  const { page } = desk
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await desk.open(served.url)
  await desk.connect(loud.url, 'Loud')
  await desk.connect(quiet.url, 'Quiet')
  await desk.record('Loud', 'Quiet')
  await desk.expectTake('Loud', 0.6)
  await page.getByRole('button', { name: 'Stop Loud' }).click()
  await desk.expectTake('Quiet', 1.6)
  await desk.tool('Stop').click()
  const rows = page.locator('[data-take][data-state="finished"]')
  await expect(rows).toHaveCount(2)

  const order = async (): Promise<(string | null)[]> => rows.locator('td:nth-child(3)').allTextContents()
  const head = (name: string): Locator => page.getByRole('columnheader', { name })
  await expect(head('Started')).toHaveAttribute('aria-sort', 'descending')
  await head('LUFS').getByRole('button').click()
  expect(await order()).toEqual(['Loud', 'Quiet'])
  await head('Length').getByRole('button').click()
  await expect(head('Length')).toHaveAttribute('aria-sort', 'descending')
  expect(await order()).toEqual(['Quiet', 'Loud'])
  await head('Length').getByRole('button').click()
  expect(await order()).toEqual(['Loud', 'Quiet'])

  const pick = async (title: string, what: string): Promise<void> => {
    await page.getByRole('combobox', { name: title }).click()
    await page.getByRole('option', { name: what, exact: true }).click()
  }
  await pick('How loud at least', 'From −30 LUFS')
  expect(await order()).toEqual(['Loud'])
  await expect(page.getByText('1 of 2 shown')).toBeVisible()
  await pick('Of which node', 'Quiet')
  await expect(page.getByText('No recording is as chosen above.')).toBeVisible()
  await page.getByRole('button', { name: 'Show all' }).click()
  expect((await order()).length).toBe(2)
  await pick('With which certificate', 'Incomplete')
  await expect(rows).toHaveCount(0)
  await pick('With which certificate', 'Whole')
  await expect(rows).toHaveCount(2)

  await page.getByRole('button', { name: 'Details of Loud' }).click()
  const details = page.locator('.take-details')
  await page.getByRole('button', { name: 'Verify Loud' }).click()
  await expect(details.getByTestId('verified')).toHaveText('The sound is what was recorded.')
  const path = (await details.locator('.take-path').textContent())!
  await details.getByRole('button', { name: /^Copy path of / }).click()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(path)
  for (const [name, file] of [
    [/^Download Loud_/, path],
    [/^Certificate of /, `${path}.json`],
  ] as const) {
    const [download] = await Promise.all([page.waitForEvent('download'), details.getByRole('link', { name }).click()])
    expect(path.endsWith(download.suggestedFilename().replace(/\.json$/, ''))).toBe(true)
    expect((await readFile(await download.path())).equals(await readFile(file))).toBe(true)
  }

  await page.getByRole('button', { name: 'Remove Loud from the list' }).click()
  await expect(rows).toHaveCount(1)
  const notice = desk.notices.filter({ hasText: 'is off the list' })
  await expect(notice).toContainText('The recording of Loud is off the list. Its files stay where they are.')
  expect((await stat(path)).isFile()).toBe(true)
  await notice.getByRole('button', { name: 'Undo' }).click()
  await expect(rows).toHaveCount(2)
  await expect(desk.take('Loud').getByTestId('take-certificate')).toHaveText('Whole')
})

test('axe finds nothing at dialog, label, player, filters and details', async ({ desk, start }) => {
  const node = await start.node('Attic', 'tone:sine:1000:-20')
  const served = await start.serve()
  const { page } = desk
  await desk.open(served.url)
  await desk.connect(node.url, 'Attic')
  await page.keyboard.press('o')
  await expect(page.getByRole('main', { name: 'All nodes' })).toBeVisible()
  for (const theme of ['Light', 'Dark']) {
    await page.getByRole('button', { name: 'View' }).click()
    await page.getByRole('menuitemradio', { name: theme }).click()
    await expect(page.getByRole('menu')).toHaveCount(0)
    await desk.tool('Choose what to record').click()
    expect(await axeFindings(page), `dialog, ${theme}`).toEqual([])
    await desk.dialog('Record').getByRole('button', { name: 'Record 1 node' }).click()
    await desk.expectTake('Attic', 0.3)
    await page.keyboard.press('m')
    expect(await axeFindings(page), `label, ${theme}`).toEqual([])
    await page.keyboard.press('Escape')
    await desk.tool('Stop').click()
    await expect(page.locator('[data-take][data-state="recording"]')).toHaveCount(0)
    await page.getByRole('button', { name: 'Play Attic', exact: true }).first().click()
    await page.getByRole('button', { name: 'Details of Attic' }).first().click()
    await expect(page.locator('.take-details')).toBeVisible()
    expect(await axeFindings(page), `player and details, ${theme}`).toEqual([])
  }
})
