/** The two ways to a node: looking for it on the network, and typing its address. */
import { expect, test } from '../support/e2e.ts'
import { freePortPair } from '../support/node-process.ts'

test('a scan shows its progress and finds the nodes that announce themselves', async ({ desk, start }) => {
  const attic = await start.node('Attic', 'tone:sine', [], { advertise: true })
  await start.node('Cellar', 'tone:pink', [], { advertise: true })
  await start.node('Hidden', 'tone:silence')
  const served = await start.serve()
  await desk.open(served.url)
  await desk.tool('Scan').click()
  const dialog = desk.dialog('Scan for nodes')
  const status = dialog.getByRole('status')
  const found = dialog.getByRole('list', { name: 'Nodes found' }).getByRole('listitem')
  await expect(status).toHaveText(/^(Looking for nodes on this network…|Found \d nodes? so far…)$/)
  await expect(dialog.getByRole('button', { name: 'Scan again' })).toBeDisabled()
  await expect(found.filter({ hasText: 'Attic' })).toContainText(`${attic.url} · farfield-node`)
  await dialog.getByRole('button', { name: 'Connect Attic' }).click()
  await dialog.getByRole('button', { name: 'Connect Cellar' }).click()
  await expect(dialog.getByRole('button', { name: 'Show Attic' })).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Show Cellar' })).toBeVisible()
  await expect(status).toHaveText('Found 2 nodes.')
  await expect(found).toHaveCount(2)
  await dialog.getByRole('button', { name: 'Done' }).click()
  await desk.expectState('Attic', 'Live')
  await desk.expectState('Cellar', 'Live')
  await expect(desk.nodes).toHaveCount(2)
  await expect(desk.pane.getByRole('heading', { name: 'Cellar' }), 'the last one connected is shown').toBeVisible()

  // Again: what is known is not connected twice but shown.
  await desk.tool('Scan').click()
  await dialog.getByRole('button', { name: 'Show Attic' }).click()
  await expect(dialog).toBeHidden()
  await expect(desk.pane.getByRole('heading', { name: 'Attic' })).toBeVisible()
  await expect(desk.nodes).toHaveCount(2)
})

test('a scan that finds nothing says what to do', async ({ desk, start }) => {
  const served = await start.serve()
  await desk.open(served.url)
  await desk.pane.getByRole('button', { name: 'Scan for nodes' }).click()
  const dialog = desk.dialog('Scan for nodes')
  await expect(dialog.getByRole('status')).toHaveText('Looking for nodes on this network…')
  await expect(dialog.getByRole('button', { name: 'Scan again' })).toBeEnabled()
  await expect(dialog.getByRole('listitem'), 'nodes that other tests left behind').toHaveText([])
  await expect(dialog.getByRole('status')).toHaveText(
    'No node answered. Check that the node is switched on and on the same network; a node on another network can be added with Add address.',
  )
  await desk.page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
})

test('an address is checked as it is typed in, and a known one is not doubled', async ({ desk, start }) => {
  const shed = await start.node('Shed', 'tone:sine')
  const served = await start.serve()
  await desk.open(served.url)
  await desk.tool('Add address').click()
  const dialog = desk.dialog('Add a node')
  const field = dialog.getByLabel('Address')
  const error = dialog.getByRole('alert')
  await expect(field, 'one can type at once').toBeFocused()
  for (const [typed, sentence] of [
    ['', 'Type the address of a node, for example 192.168.1.20 or attic.local:5555.'],
    [
      'http://x',
      '"http://x" is not an address. Write a host with an optional port, such as attic.local or 192.168.1.20:5555.',
    ],
    ['192.168.1', '"192.168.1" is not a complete IPv4 address. Write four numbers from 0 to 255.'],
    ['attic:99999', 'Port 99999 cannot be used. Choose one from 1 to 65534 (the next one is used too).'],
  ] as const) {
    await field.fill(typed)
    await field.press('Enter')
    await expect(error).toHaveText(sentence)
    await expect(field).toHaveAttribute('aria-invalid', 'true')
    await expect(field, 'what was typed stays to be mended').toHaveValue(typed)
  }
  await expect(desk.nodes).toHaveCount(0)
  await field.fill(`  127.0.0.1:${shed.port} `)
  await field.press('Enter')
  await expect(dialog).toBeHidden()
  await desk.expectState('Shed', 'Live')

  await desk.add(shed.url)
  await desk.add(`127.0.0.1:${shed.port}/`)
  await expect(desk.nodes).toHaveCount(1)
  // A new one is listed beside it before anything answers there.
  const silent = `127.0.0.1:${await freePortPair()}`
  await desk.add(silent)
  await desk.expectState(silent, 'Connecting')
  await expect(desk.nodes).toHaveCount(2)
  await desk.expectState('Shed', 'Live')

  await desk.tool('Add address').click()
  await expect(field, 'a new beginning').toHaveValue('')
  await expect(error).toBeHidden()
  await field.fill('10.0.0.1')
  await field.press('Escape')
  await expect(dialog).toBeHidden()
  await expect(desk.nodes).toHaveCount(2)
})
