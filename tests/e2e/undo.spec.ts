/** What would be lost can be brought back, or is asked about first. */
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
