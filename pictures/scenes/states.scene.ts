/** The states of one node, from nothing at all to everything at once. */
import { join } from 'node:path'
import { SoundServer } from '../../tests/support/sound-server.ts'
import { freePortPair } from '../../tests/support/node-process.ts'
import { expect, scene } from '../gallery.ts'
import { cable, leakyLink, silentAddress, smallDisk } from '../places.ts'
import { heard, recordInto } from '../hands.ts'

/** For a line of the last minute that is worth looking at, and a spectrogram. */
const HEARD_SECONDS = 25

scene('empty', async ({ desk, gallery, start }) => {
  const served = await start.serve()
  await desk.open(served.url)
  await expect(desk.page.getByRole('heading', { name: 'No nodes yet' })).toBeVisible()
  await gallery.take('empty')
})

scene('connecting', async ({ closing, desk, gallery, start }) => {
  const served = await start.serve()
  await desk.open(served.url)
  const address = await silentAddress(closing)
  await desk.add(address)
  await desk.expectState(address, 'Connecting')
  await gallery.take('connecting')
})

scene('unreachable', async ({ desk, gallery, start }) => {
  const served = await start.serve()
  await desk.open(served.url)
  const address = `127.0.0.1:${await freePortPair()}`
  await desk.add(address)
  await expect(desk.trouble).toContainText('Nothing answers at')
  await gallery.take('unreachable')
})

scene('live', async ({ desk, gallery, start }) => {
  const nodes = [await start.node('Attic', 'tone:pink:-34'), await start.node('Server room', 'tone:demo')]
  const served = await start.serve()
  await desk.open(served.url)
  await desk.connect(nodes[0]!.url, 'Attic')
  await desk.connect(nodes[1]!.url, 'Server room')
  await desk.choose('Server room')
  await heard(desk, HEARD_SECONDS)
  await gallery.take('live')
})

scene('disconnected', async ({ desk, gallery, start }) => {
  const node = await start.node('Attic', 'tone:demo')
  const served = await start.serve()
  await desk.open(served.url)
  await desk.connect(node.url, 'Attic')
  await desk.tool('Disconnect').click()
  await desk.expectState('Attic', 'Disconnected')
  await gallery.take('disconnected')
})

scene('gapped', async ({ closing, desk, gallery, start }) => {
  const node = await start.node('Attic', 'tone:demo')
  const link = await leakyLink(closing, node.port, false)
  const served = await start.serve()
  await desk.open(served.url)
  await desk.connect(link.url, 'Attic')
  await heard(desk, 8)
  link.leaks = true
  await expect.poll(() => desk.number('link-gaps')).toBeGreaterThan(3)
  link.leaks = false
  await expect(desk.pane.getByText('Gapped', { exact: true })).toBeVisible()
  await heard(desk, 12)
  await gallery.take('gapped')
})

scene('refilled', async ({ closing, desk, gallery, start }) => {
  const node = await start.node('Attic', 'tone:demo')
  const link = await leakyLink(closing, node.port, true)
  const served = await start.serve()
  await desk.open(served.url)
  await desk.connect(link.url, 'Attic')
  await desk.record('Attic')
  link.leaks = true
  await expect.poll(() => desk.number('link-gaps')).toBeGreaterThan(3)
  link.leaks = false
  await expect.poll(() => desk.number('link-pending')).toBe(0)
  await expect(desk.pane.getByRole('list', { name: 'Losses' })).toContainText('refilled')
  await gallery.take('refilled')
})

scene('lost', async ({ closing, desk, gallery, start }) => {
  const node = await start.node('Attic', 'tone:demo')
  const link = await cable(closing, node.port)
  const served = await start.serve()
  await desk.open(served.url)
  await desk.connect(link.url, 'Attic')
  await heard(desk, 8)
  link.cut()
  await desk.expectState('Attic', 'Lost')
  await gallery.take('lost')
})

scene('stalled', async ({ closing, desk, gallery, start }) => {
  const sound = await SoundServer.start()
  closing.defer(() => sound.stop())
  const args = ['--rate', '48000', '--channels', '2', '--format', 's32']
  const node = await start.node('Stage', 'alsa:pulse', args, { env: sound.env })
  const served = await start.serve()
  await desk.open(served.url)
  await desk.connect(node.url, 'Stage')
  await heard(desk, 5)
  await sound.down()
  await desk.expectState('Stage', 'No sound')
  await gallery.take('stalled')
  await sound.up()
  await desk.expectState('Stage', 'Live')
})

scene('recording', async ({ desk, gallery, start }) => {
  const node = await start.node('Attic', 'tone:demo')
  const served = await start.serve()
  await desk.open(served.url)
  await desk.connect(node.url, 'Attic')
  await desk.record('Attic')
  await desk.expectTake('Attic', 8)
  await gallery.take('recording')
})

scene('recording-four', async ({ desk, gallery, start }) => {
  const names = ['Attic', 'Cellar', 'Courtyard', 'Server room']
  const nodes = await Promise.all(names.map((name, i) => start.node(name, i % 2 ? 'tone:demo' : 'tone:pink:-30')))
  const served = await start.serve()
  await desk.open(served.url)
  for (const [i, node] of nodes.entries()) await desk.connect(node.url, names[i]!)
  await desk.record(...names)
  await desk.choose('Attic')
  await desk.expectTake('Attic', 5)
  await gallery.take('recording-four')
})

scene('disk-low', async ({ closing, desk, folder, gallery, start }) => {
  const disk = await smallDisk(closing, join(folder, 'disk'), 200)
  const node = await start.node('Attic', 'tone:demo')
  const served = await start.serve()
  await desk.open(served.url)
  await desk.connect(node.url, 'Attic')
  await recordInto(desk, disk)
  await desk.record('Attic')
  await expect(desk.page.locator('.room-low')).toBeVisible()
  await expect(desk.notices.filter({ hasText: 'has room for' })).toHaveCount(1)
  await gallery.take('disk-low')
})

scene('disk-full', async ({ closing, desk, folder, gallery, start }) => {
  const disk = await smallDisk(closing, join(folder, 'disk'), 3)
  const node = await start.node('Attic', 'tone:demo', ['--channels', '8'])
  const served = await start.serve()
  await desk.open(served.url)
  await desk.connect(node.url, 'Attic')
  await recordInto(desk, disk)
  await desk.record('Attic')
  await expect(desk.take('Attic')).toHaveAttribute('data-state', 'failed')
  await gallery.take('disk-full')
})

scene('overload', async ({ desk, gallery, start }) => {
  const node = await start.node('Stage', 'tone:sine:1000:0')
  const served = await start.serve()
  await desk.open(served.url)
  await desk.connect(node.url, 'Stage')
  await expect(desk.pane.getByText('Overloaded', { exact: true })).toBeVisible()
  await heard(desk, 5)
  await gallery.take('overload')
})

scene('silence', async ({ desk, gallery, start }) => {
  const node = await start.node('Anechoic chamber', 'tone:silence')
  const served = await start.serve()
  await desk.open(served.url)
  await desk.connect(node.url, 'Anechoic chamber')
  await heard(desk, 5)
  await gallery.take('silence')
})

scene('eight-channels', async ({ desk, gallery, start }) => {
  const node = await start.node('Stage box', 'tone:pink:-24', ['--channels', '8'])
  const served = await start.serve()
  await desk.open(served.url)
  await desk.connect(node.url, 'Stage box')
  await heard(desk, 5)
  await gallery.take('eight-channels')
})

scene('workstation-gone', async ({ desk, gallery, start }) => {
  const served = await start.serve({ args: ['--demo'] })
  await desk.open(served.url)
  await desk.expectState('Demo', 'Live')
  desk.forgive(/ERR_|WebSocket/)
  await served.stop()
  await expect(desk.page.getByRole('alert').filter({ hasText: 'Connection to the workstation lost' })).toBeVisible()
  await gallery.take('workstation-gone')
})
