/** Each dialog and menu. */
import { expect, scene } from '../gallery.ts'

scene('scan', async ({ desk, gallery, start }) => {
  await start.node('Attic', 'tone:sine', [], { advertise: true })
  await start.node('Server room', 'tone:pink', [], { advertise: true })
  const served = await start.serve()
  await desk.open(served.url)
  await desk.tool('Scan').click()
  const dialog = desk.dialog('Scan for nodes')
  await dialog.getByRole('button', { name: 'Connect Attic' }).click()
  await expect(dialog.getByRole('button', { name: 'Show Attic' })).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Connect Server room' })).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Scan again' })).toBeEnabled()
  await gallery.take('scan')
})

scene('scan-nothing', async ({ desk, gallery, start }) => {
  const served = await start.serve()
  await desk.open(served.url)
  await desk.tool('Scan').click()
  await expect(desk.dialog('Scan for nodes').getByRole('status')).toContainText('No node answered')
  await gallery.take('scan-nothing')
})

scene('add', async ({ desk, gallery, start }) => {
  const served = await start.serve()
  await desk.open(served.url)
  await desk.tool('Add address').click()
  const dialog = desk.dialog('Add a node')
  await gallery.take('add')
  await dialog.getByLabel('Address').fill('http://attic:5555')
  await dialog.getByLabel('Address').press('Enter')
  await expect(dialog.getByRole('alert')).not.toHaveText('')
  await gallery.take('add-error')
})

scene('settings', async ({ desk, gallery, start }) => {
  const served = await start.serve({ args: ['--demo'] })
  await desk.open(served.url)
  await desk.expectState('Demo', 'Live')
  await desk.page.keyboard.press(',')
  await expect(desk.dialog('Settings')).toBeVisible()
  await gallery.take('settings')
  for (const name of ['Appearance', 'Notifications', 'About']) {
    await desk.page.getByRole('tab', { name }).click()
    await gallery.take(`settings-${name.toLowerCase()}`)
  }
})

scene('shortcuts', async ({ desk, gallery, start }) => {
  const served = await start.serve({ args: ['--demo'] })
  await desk.open(served.url)
  await desk.expectState('Demo', 'Live')
  await desk.page.keyboard.press('?')
  await expect(desk.dialog('Keyboard shortcuts')).toBeVisible()
  await gallery.take('shortcuts')
})

scene('removed', async ({ desk, gallery, start }) => {
  const served = await start.serve({ args: ['--demo'] })
  await desk.open(served.url)
  await desk.expectState('Demo', 'Live')
  await desk.pane.getByRole('button', { name: 'Remove Demo' }).click()
  await expect(desk.notices.getByRole('button', { name: 'Undo' })).toBeVisible()
  await gallery.take('removed')
})

scene('view-menu', async ({ desk, gallery, start }) => {
  const served = await start.serve({ args: ['--demo'] })
  await desk.open(served.url)
  await desk.expectState('Demo', 'Live')
  await desk.page.getByRole('button', { name: 'View' }).click()
  await expect(desk.page.getByRole('menu')).toBeVisible()
  await gallery.take('view-menu')
})

scene('leave', async ({ desk, gallery, start }) => {
  const served = await start.serve({ args: ['--demo'] })
  await desk.open(served.url)
  await desk.expectState('Demo', 'Live')
  await desk.record('Demo')
  await desk.tool('Disconnect').click()
  await expect(desk.page.getByRole('alertdialog')).toBeVisible()
  await gallery.take('leave')
})
