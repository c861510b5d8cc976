/** What is recorded, what was, and what is told of it. */
import { expect, scene } from '../gallery.ts'
import { leakyLink } from '../places.ts'

scene('take-whole', async ({ desk, gallery, start }) => {
  const node = await start.node('Attic', 'tone:demo')
  const served = await start.serve()
  await desk.open(served.url)
  await desk.connect(node.url, 'Attic')
  await desk.record('Attic')
  await desk.expectTake('Attic', 4)
  await desk.page.keyboard.press('m')
  await desk.expectTake('Attic', 6)
  await desk.tool('Stop').click()
  await expect(desk.take('Attic')).toHaveAttribute('data-state', 'finished')
  await gallery.take('take-stopped')
  await desk.take('Attic').getByRole('button', { name: 'Details of Attic' }).click()
  await expect(desk.page.locator('.take-details')).toBeVisible()
  await gallery.take('take-whole')
  await desk.take('Attic').getByRole('button', { name: 'Play Attic' }).click()
  await expect(desk.page.getByTestId('player')).toHaveAttribute('data-playing', 'true')
  await gallery.take('player')
})

scene('record-choice', async ({ desk, gallery, start }) => {
  const nodes = [await start.node('Attic', 'tone:demo'), await start.node('Server room', 'tone:pink:-30')]
  const served = await start.serve()
  await desk.open(served.url)
  await desk.connect(nodes[0]!.url, 'Attic')
  await desk.connect(nodes[1]!.url, 'Server room')
  await desk.page.keyboard.press('c')
  await expect(desk.dialog('Record')).toBeVisible()
  await gallery.take('record-choice')
})

scene('take-repairing', async ({ closing, desk, gallery, start }) => {
  const node = await start.node('Attic', 'tone:demo')
  const link = await leakyLink(closing, node.port, false)
  const served = await start.serve()
  await desk.open(served.url)
  await desk.connect(link.url, 'Attic')
  await desk.record('Attic')
  link.leaks = true
  await expect.poll(() => desk.number('take-gaps')).toBeGreaterThan(2)
  link.leaks = false
  await desk.tool('Stop').click()
  await expect(desk.take('Attic')).toHaveAttribute('data-state', 'repairing')
  await gallery.take('take-repairing')
  await desk.page.getByRole('button', { name: 'Finish now: Attic' }).click()
  await expect(desk.take('Attic')).toHaveAttribute('data-state', 'finished')
  await desk.take('Attic').getByRole('button', { name: 'Details of Attic' }).click()
  await expect(desk.page.locator('.take-details')).toBeVisible()
  await gallery.take('take-incomplete')
})
