/** What is remembered from one start to the next, and what happens to memory that is damaged. */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Locator } from '@playwright/test'
import { calibrationFile } from '../support/calibration-file.ts'
import { expect, test } from '../support/e2e.ts'

test('folder, nodes, calibration and theme are there again after a restart', async ({ desk, folder, start }) => {
  desk.forgive(/^(WebSocket connection to 'ws:.*|Failed to load resource: net::)ERR_CONNECTION_REFUSED/)
  const kept = await start.node('Kept', 'tone:sine')
  const parted = await start.node('Parted', 'tone:sine')
  const removed = await start.node('Removed', 'tone:sine')
  const data = join(folder, 'data')
  const first = await start.serve({ folder: data, args: ['--demo'] })
  const { port } = new URL(first.url)
  const { page } = desk
  await desk.open(first.url)
  await desk.expectState('Demo', 'Live')
  for (const [node, name] of [
    [kept, 'Kept'],
    [parted, 'Parted'],
    [removed, 'Removed'],
  ] as const)
    await desk.connect(node.url, name)
  await page.getByRole('button', { name: 'Remove Removed' }).click()
  await desk.choose('Parted')
  await desk.tool('Disconnect').click()
  await desk.expectState('Parted', 'Disconnected')
  await desk.choose('Kept')
  const buffer = Buffer.from(calibrationFile('700-123', (hz) => (hz < 100 ? 3 : 0)))
  await page.getByLabel('Calibration file').setInputFiles({ name: 'mic.txt', mimeType: 'text/plain', buffer })
  await expect(page.getByTestId('calibration-residual')).toHaveText(/dB/)
  const takes = join(folder, 'takes')
  await desk.tool('Settings').click()
  const field = desk.dialog('Settings').getByLabel('Recording folder')
  await field.fill(takes)
  await field.press('Enter')
  await expect(field).toBeHidden()
  const theme = (): Promise<string | null> => page.locator('html').getAttribute('data-theme')
  const chosen = page.getByRole('group', { name: 'Theme' }).getByRole('menuitemradio', { checked: true })
  expect(await theme(), 'the theme of those who chose none').toBe('dark')
  await page.getByRole('button', { name: 'View' }).click()
  await expect(chosen).toHaveText('Dark')
  await page.getByRole('menuitemradio', { name: 'Light' }).click()
  await expect(page.getByRole('menu')).toHaveCount(0)
  expect(await theme()).toBe('light')
  expect(await first.stop()).toBe(0)

  await start.serve({ folder: data, args: ['--port', port] })
  await desk.open(first.url)
  expect(await theme(), 'the theme').toBe('light')
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.getByRole('button', { name: 'View' }).click()
  await expect(chosen).toHaveText('Light')
  await page.getByRole('menuitemradio', { name: 'As the system' }).click()
  expect(await theme()).toBe('dark')
  await page.emulateMedia({ colorScheme: 'light' })
  await expect.poll(theme, 'it follows the system').toBe('light')
  await desk.expectState('Kept', 'Live')
  await desk.expectState('Parted', 'Disconnected')
  await expect(desk.nodes, 'neither the removed one nor the demo').toHaveCount(2)
  await desk.choose('Kept')
  await expect(page.getByRole('region', { name: 'Calibration' })).toContainText('700-123')
  await expect(desk.node('Kept').getByText('Corrected', { exact: true })).toBeVisible()
  await desk.tool('Settings').click()
  await expect(field).toHaveValue(takes)
  await page.keyboard.press('Escape')
  await desk.record('Kept')
  await desk.tool('Stop').click()
  await expect(desk.take('Kept')).toHaveAttribute('data-state', 'finished')
  expect((await readdir(takes)).filter((name) => name.endsWith('.wav'))).toHaveLength(1)
  await desk.choose('Parted')
  await desk.tool('Connect').click()
  await desk.expectState('Parted', 'Live')
})

test('settings that cannot be read are set aside with a notice, and everything works', async ({
  desk,
  folder,
  start,
}) => {
  const damaged = '{"recordingFolder": "/somewhere", "nodes": [{"addr'
  await writeFile(join(folder, 'settings.json'), damaged)
  const served = await start.serve({ folder })
  await desk.open(served.url)
  await expect(desk.notices).toHaveText(
    /^The settings could not be read and were begun anew\. The old file was kept as /,
  )
  const aside = (await readdir(folder)).find((name) => name.startsWith('settings.unreadable-'))!
  await expect(desk.notices).toContainText(join(folder, aside))
  expect(await readFile(join(folder, aside), 'utf8')).toBe(damaged)
  await desk.pane.getByRole('button', { name: 'Start the demo node' }).click()
  await desk.expectState('Demo', 'Live')
  await desk.notices.getByRole('button', { name: 'Dismiss' }).click()
  await expect(desk.notices).toHaveCount(0)
  await desk.open(served.url)
  await desk.expectState('Demo', 'Live')
  await expect(desk.notices, 'dismissed for every screen').toHaveCount(0)
})

test('how recordings are begun is chosen once: before the click, split, named, in folders', async ({ desk, start }) => {
  const node = await start.node('Attic', 'tone:count')
  const served = await start.serve()
  const { page } = desk
  await desk.open(served.url)
  await desk.connect(node.url, 'Attic')
  const settings = desk.dialog('Settings')
  await page.keyboard.press(',')
  const name = settings.getByLabel('File names')
  await name.fill('{kind} of {node}')
  await name.press('Enter')
  await expect(settings.getByRole('alert')).toContainText('{kind}, which means nothing')
  await name.fill('sound of {node} {part}')
  await settings.getByLabel('Sound before the click').selectOption('5 s')
  await settings.getByLabel('Start a new file').selectOption('Every 15 min')
  await settings.getByLabel('A folder for each node').check()
  await name.press('Enter')
  await expect(settings).toBeHidden()

  await desk.record('Attic')
  await desk.tool('Stop').click()
  const take = desk.take('Attic')
  await expect(take).toHaveAttribute('data-state', 'finished')
  expect(await desk.value('take-file', take)).toBe(join(served.recordings, 'Attic', 'sound of Attic 1.wav'))
  await take.getByRole('button', { name: 'Details of Attic' }).click()
  await expect(page.locator('.take-details')).toContainText(/Begins \d\.\d s before the start\./)

  await page.reload()
  await desk.expectState('Attic', 'Live')
  await page.keyboard.press(',')
  await expect(settings.getByLabel('Start a new file').locator('option:checked')).toHaveText('Every 15 min')
  await expect(settings.getByLabel('Sound before the click')).toHaveValue('5')
})

test('sections by keys; appearance holds at once; the licences of what is inside can be read', async ({
  desk,
  start,
}) => {
  const served = await start.serve()
  const { page } = desk
  const { keyboard } = page
  await desk.open(served.url)
  await keyboard.press(',')
  const settings = desk.dialog('Settings')
  const tab = (name: string): Locator => settings.getByRole('tab', { name })
  await tab('Recording').focus()
  await keyboard.press('ArrowRight')
  await expect(tab('Appearance')).toHaveAttribute('aria-selected', 'true')
  await settings.getByLabel('Light').check()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light')
  await tab('About').click()
  await expect(settings.getByText(served.folder)).toBeVisible()
  await settings.getByRole('button', { name: 'Licences…' }).click()
  const licences = desk.dialog('Licences of what is inside')
  await expect(licences).toContainText(/react-dom [\d.]+: MIT/)
  await expect(licences).toContainText('licensed under MPL-2.0')
  await keyboard.press('Escape')
  await expect(licences).toBeHidden()
  await expect(settings, 'one at a time').toBeVisible()
  await expect(settings.getByRole('button', { name: 'Licences…' })).toBeFocused()
})
