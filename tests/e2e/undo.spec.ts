/** What would be lost can be brought back, or is asked about first. */
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { calibrationFile } from '../support/calibration-file.ts'
import { expect, test } from '../support/e2e.ts'

test('a calibration that was replaced or cleared comes back', async ({ desk, start }) => {
  const node = await start.node('Attic', 'tone:pink')
  const served = await start.serve()
  const { page } = desk
  await desk.open(served.url)
  await desk.connect(node.url, 'Attic')
  const panel = page.getByRole('region', { name: 'Calibration' })
  const load = async (name: string, serial: string): Promise<void> => {
    const buffer = Buffer.from(calibrationFile(serial, (hz) => (hz < 100 ? 3 : 0)))
    await page.getByLabel('Calibration file').setInputFiles({ name, mimeType: 'text/plain', buffer })
    await expect(panel).toContainText(serial)
  }
  const undo = async (said: string): Promise<void> => {
    const notice = desk.notices.filter({ hasText: said })
    await expect(desk.notices.getByRole('button', { name: 'Undo' }), 'one way back, of the last change').toHaveCount(1)
    await notice.getByRole('button', { name: 'Undo' }).click()
    await expect(notice).toHaveCount(0)
  }
  await load('right.txt', '700-1')
  await load('wrong.txt', '700-2')
  await undo('wrong.txt was read.')
  await expect(panel).toContainText('700-1')
  await expect(panel).not.toContainText('700-2')

  await panel.getByRole('button', { name: 'Clear' }).click()
  await expect(panel).not.toContainText('700-1')
  await undo('right.txt is cleared.')
  await expect(panel).toContainText('700-1')
})

test('a node removed by the pointer comes back where it was, and the focus is kept', async ({ desk, start }) => {
  const nodes = [await start.node('Attic', 'tone:pink'), await start.node('Cellar', 'tone:pink')]
  const served = await start.serve()
  const { page } = desk
  await desk.open(served.url)
  await desk.connect(nodes[0]!.url, 'Attic')
  await desk.connect(nodes[1]!.url, 'Cellar')
  await desk.choose('Attic')
  await desk.pane.getByRole('button', { name: 'Remove Attic' }).click()
  await expect(desk.nodes).toHaveCount(1)
  await expect(desk.pane.getByRole('heading', { name: 'Cellar' })).toBeVisible()
  await expect(page.getByRole('listbox', { name: 'Nodes' }), 'the focus is not lost').toBeFocused()
  await desk.notices.getByRole('button', { name: 'Undo' }).click()
  await expect(desk.nodes).toHaveText([/Attic/, /Cellar/])
  await desk.expectState('Attic', 'Live')
  await expect(desk.pane.getByRole('heading', { name: 'Attic' })).toBeVisible()
})

/** An `arecord` whose noise, while there is a file `hasty`, comes a hundred times as fast as it was. */
const DEVICE = `#!/usr/bin/python3
import os, sys, time
RATE = 8000
hasty = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'hasty')
noise = os.urandom(2 * RATE)
while True:
    time.sleep(0.01 if os.path.exists(hasty) else 1)
    sys.stdout.buffer.write(noise)
    sys.stdout.buffer.flush()
`

test('totals of more than ten minutes are not ended by one press', async ({ desk, folder, start }) => {
  test.slow()
  await writeFile(join(folder, 'arecord'), DEVICE, { mode: 0o755 })
  const node = await start.node('Attic', 'alsa:hw:1', ['--rate', '8000', '--channels', '1', '--format', 's16'], {
    env: { PATH: `${folder}:${process.env['PATH']}` },
  })
  const served = await start.serve()
  const { page } = desk
  await desk.open(served.url)
  await desk.connect(node.url, 'Attic')
  const hasty = join(folder, 'hasty')
  await writeFile(hasty, '')
  const reset = page.getByRole('region', { name: 'Loudness', exact: true }).getByRole('button', { name: 'Reset' })
  const heard = page.getByTestId('loudness-heard')
  // A slow machine leaves some of it out on the way.
  await expect(heard).toHaveText(/^1[1-9]:/, { timeout: 40_000 })
  await rm(hasty)
  const asked = desk.dialog('Begin the totals of Attic anew?')
  await reset.click()
  await expect(asked).toContainText(/of 1\d minutes of sound end here/)
  await expect(asked.getByRole('button', { name: 'Keep' }), 'what loses nothing is at hand').toBeFocused()
  await page.keyboard.press('Enter')
  await expect(asked).toBeHidden()
  await expect(heard).toHaveText(/^1[0-9]:/)

  await reset.click()
  await asked.getByRole('button', { name: 'Reset' }).click()
  await expect(asked).toBeHidden()
  await expect(heard).toHaveText(/^0:/)
  await reset.click()
  await expect(asked, 'few seconds are not asked about').toHaveCount(0)
})
