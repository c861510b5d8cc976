/** Everything that the list of shortcuts promises, and nothing while somebody types. */
import { SHORTCUT_GROUPS } from '#renderer/shortcuts/table.ts'
import { keySign } from '#shared/shortcut.ts'
import { expect, test } from '../support/e2e.ts'

test('the keys of the list do what it says', async ({ desk, start }) => {
  const names = ['One', 'Two', 'Three']
  const nodes = await Promise.all(names.map((name) => start.node(name, 'tone:sine')))
  const served = await start.serve()
  const { page } = desk
  const { keyboard } = page
  await desk.open(served.url)
  for (const [i, node] of nodes.entries()) await desk.connect(node.url, names[i]!)

  await keyboard.press('?')
  const list = desk.dialog('Keyboard shortcuts')
  for (const { title, shortcuts } of SHORTCUT_GROUPS) {
    const lines = list.getByRole('region', { name: title, exact: true }).locator('dl > div')
    await expect(lines, title).toHaveText(
      shortcuts.map(({ keys, words }) => `${keys.map((key) => keySign(key)).join('')}${words}`),
    )
  }
  await keyboard.press('r')
  await keyboard.press('f')
  await expect(page.getByRole('dialog'), 'a dialog keeps the keys to itself').toHaveCount(1)
  await keyboard.press('Escape')
  await expect(list).toBeHidden()
  await expect(page.locator('[data-take]')).toHaveCount(0)

  for (const [key, dialog] of [
    ['f', 'Scan for nodes'],
    ['a', 'Add a node'],
    [',', 'Settings'],
    ['A', 'Add a node'],
  ] as const) {
    await keyboard.press(key)
    await expect(desk.dialog(dialog)).toBeVisible()
    await keyboard.press('Escape')
    await expect(desk.dialog(dialog)).toBeHidden()
  }

  // What is typed is text: no key of it does anything else.
  await keyboard.press('a')
  const field = desk.dialog('Add a node').getByLabel('Address')
  await keyboard.type('rsfa,?')
  await expect(field).toHaveValue('rsfa,?')
  await keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  // Keys that the browser has use for are its own.
  for (const key of ['Control+f', 'Alt+a']) await keyboard.press(key)
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(page.locator('[data-take]')).toHaveCount(0)

  await keyboard.press('r')
  for (const name of names) await desk.expectTake(name, 0.1)
  await keyboard.press('r')
  await keyboard.press('s')
  await expect(page.locator('[data-state="finished"]')).toHaveCount(3)
  await expect(page.locator('[data-take]')).toHaveCount(3)

  const nodeList = page.getByRole('listbox', { name: 'Nodes' })
  await nodeList.focus()
  const selected = nodeList.getByRole('option', { selected: true })
  for (const [key, name] of [
    ['Home', 'One'],
    ['ArrowDown', 'Two'],
    ['ArrowDown', 'Three'],
    ['ArrowDown', 'Three'],
    ['ArrowUp', 'Two'],
    ['End', 'Three'],
  ] as const) {
    await keyboard.press(key)
    await expect(selected).toContainText(name)
    await expect(desk.pane.getByRole('heading', { name, exact: true })).toBeVisible()
    await expect(nodeList).toHaveAttribute('aria-activedescendant', (await selected.getAttribute('id'))!)
  }
  await keyboard.press('Delete')
  await expect(desk.nodes, 'at once').toHaveCount(2)
  await expect(nodeList, 'the focus stays').toBeFocused()
  // The way back, by keys alone.
  await keyboard.press('F6')
  const undo = desk.notices.filter({ hasText: 'Three is removed' }).getByRole('button', { name: 'Undo' })
  for (let i = 0; i < 8 && !(await undo.evaluate((b) => b === document.activeElement)); i++) await keyboard.press('Tab')
  await expect(undo).toBeFocused()
  await keyboard.press('Enter')
  await desk.expectState('Three', 'Live')
  await expect(selected, 'shown again, in its place').toContainText('Three')
  await expect(undo).toBeHidden()
  await nodeList.focus()
  await keyboard.press('Delete')
  await expect(desk.nodes).toHaveCount(2)
  await expect(nodeList).toBeFocused()
})

test('the focus is seen, walks through the toolbar and returns after a dialog', async ({ desk, start }) => {
  const served = await start.serve({ args: ['--demo'] })
  const { page } = desk
  const { keyboard } = page
  await desk.open(served.url)
  await desk.expectState('Demo', 'Live')
  const focused = page.locator('*:focus')
  const expectSeen = async (name: string): Promise<void> => {
    await expect(desk.tool(name)).toBeFocused()
    const outline = await focused.evaluate((element) => {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element)
      return { seen: outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1, boxShadow }
    })
    expect(outline.seen || outline.boxShadow !== 'none', `the focus on ${name} is seen`).toBe(true)
  }
  // One stop of the Tab key, whatever of it can be used now.
  const record = ['Record', 'Choose what to record']
  const names = ['Scan', 'Add address', 'Disconnect', ...record, 'Stop', 'Marker', 'Snapshot', 'Settings', 'View']
  await keyboard.press('Tab')
  const skip = page.getByRole('link', { name: 'Skip to the node' })
  await expect(skip).toBeFocused()
  await expect(skip).toBeInViewport()
  await keyboard.press('Enter')
  await expect(desk.pane, 'past the toolbar and the list').toBeFocused()
  await skip.focus()
  await keyboard.press('Tab')
  await expect(skip).not.toBeInViewport()
  for (const name of names) {
    await expectSeen(name)
    await keyboard.press('ArrowRight')
  }
  await expectSeen('Scan')
  await keyboard.press('ArrowLeft')
  await expectSeen('View')
  await keyboard.press('Home')
  await expectSeen('Scan')
  await keyboard.press('End')
  await keyboard.press('ArrowLeft')
  await expectSeen('Settings')
  await keyboard.press('Tab')
  await expect(desk.tool('Settings'), 'the next stop is beyond the toolbar').not.toBeFocused()
  await keyboard.press('Shift+Tab')
  await expectSeen('Settings')
  await keyboard.press('Enter')
  const settings = desk.dialog('Settings')
  await expect(settings.getByLabel('Recording folder')).toBeFocused()
  // Twice round: the focus stays in the dialog.
  for (let i = 0; i < 10; i++) {
    await keyboard.press('Tab')
    await expect.poll(() => page.evaluate(() => document.activeElement?.closest('[role=dialog]') !== null)).toBe(true)
  }
  await keyboard.press('Escape')
  await expect(desk.tool('Settings')).toBeFocused()

  for (const [tool, title] of [
    ['Scan', 'Scan for nodes'],
    ['Add address', 'Add a node'],
  ] as const) {
    await desk.tool(tool).focus()
    await keyboard.press('Enter')
    await expect(desk.dialog(title)).toBeVisible()
    await desk.dialog(title).getByRole('button', { name: 'Close', exact: true }).click()
    await expect(desk.dialog(title)).toBeHidden()
    await expect(desk.tool(tool)).toBeFocused()
  }
})
