/** Each panel by itself, the arrangements of them, and what changes these. */
import { expect, scene } from '../gallery.ts'
import { heard } from '../hands.ts'

scene('panels', async ({ desk, gallery, start }) => {
  const node = await start.node('Server room', 'tone:demo')
  const served = await start.serve()
  await desk.open(served.url)
  await desk.connect(node.url, 'Server room')
  await heard(desk, 30)
  const panels = desk.pane.locator('.panel')
  await expect(panels).not.toHaveCount(0)
  for (const panel of await panels.all()) {
    const id = /panel-([\w-]+)/.exec((await panel.getAttribute('class'))!)![1]
    await gallery.takePart(`panel-${id}`, panel)
  }
})

scene('presets', async ({ desk, gallery, start }) => {
  const node = await start.node('Server room', 'tone:demo')
  const served = await start.serve()
  await desk.open(served.url)
  await desk.connect(node.url, 'Server room')
  const presets = desk.pane.getByRole('group', { name: 'Arrangement' }).getByRole('button')
  const names = await presets.allInnerTexts()
  expect(names.length).toBeGreaterThan(4)
  for (const name of names) {
    await presets.filter({ hasText: name }).click()
    await heard(desk, 15)
    await gallery.take(`preset-${name.toLowerCase().replaceAll(' ', '-')}`)
  }
})

scene('arranging', async ({ desk, gallery, start }) => {
  const served = await start.serve({ args: ['--demo'] })
  const { page } = desk
  await desk.open(served.url)
  await desk.expectState('Demo', 'Live')
  await desk.pane.getByRole('button', { name: 'Panel Loudness' }).click()
  await expect(page.getByRole('menu')).toBeVisible()
  await gallery.take('panel-menu')
  await page.keyboard.press('Escape')
  await desk.pane.getByRole('button', { name: 'Add panel' }).click()
  await expect(page.getByRole('menu')).toBeVisible()
  await gallery.take('add-panel')
  await page.keyboard.press('Escape')
  await desk.pane.getByRole('button', { name: 'Arrangement', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Save as…' }).click()
  await expect(desk.dialog('Save arrangement')).toBeVisible()
  await gallery.take('save-arrangement')
})
