/** What the workstation keeps, and what it is given by hand. */
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startNodeProcess } from '../support/node-process.ts'
import { openStation, until } from '../support/station.ts'

const closing: (() => unknown)[] = []
let folder: string
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'farfield-keeps-'))))
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
  await rm(folder, { recursive: true, force: true })
})

const MICROPHONE = '20 -3.0\n1000 0.0\n20000 2.0\n'

test('nodes, their state and their calibration come back after a restart', async () => {
  const node = await startNodeProcess(['--source', 'tone:count', '--name', 'attic'])
  closing.push(() => node.stop())
  const first = await openStation({ remember: true, folder })
  const key = await first.connect(node.url)
  expect(await first.screen.call('node.add', { address: '127.0.0.1:1' })).toMatchObject({ ok: true })
  const other = first.screen.state!.nodes.find((n) => n.address === 'tcp://127.0.0.1:1')!.key
  await first.screen.call('node.disconnect', { node: other })
  expect(await first.screen.call('calibration.load', { node: key, file: 'mic.txt', text: MICROPHONE })).toMatchObject({
    ok: true,
  })
  await until(first.screen, () => first.node(key).calibration.state === 'applied')
  await first.close()

  const again = await openStation({ remember: true, folder })
  closing.push(() => again.close())
  await until(again.screen, () => again.screen.state!.nodes[0]?.presence === 'live')
  await until(again.screen, () => again.screen.state!.nodes[0]!.calibration.state === 'applied')
  expect(again.screen.state!.nodes).toMatchObject([
    { name: 'attic', address: node.url, presence: 'live', calibration: { origin: 'workstation', file: 'mic.txt' } },
    { address: 'tcp://127.0.0.1:1', presence: 'disconnected' },
  ])
})

test('settings that are corrupt are set aside, and a notice says where', async () => {
  await writeFile(join(folder, 'settings.json'), '{"nodes": [{"addr')
  const t = await openStation({ remember: true, folder })
  closing.push(() => t.close())
  await until(t.screen, () => t.screen.state!.notices.length > 0)
  const [notice] = t.screen.state!.notices
  expect(notice!.fault.code).toBe('bad-settings')
  const aside = (await readdir(folder)).find((name) => name.startsWith('settings.unreadable-'))
  expect(notice!.fault.message).toContain(aside)
})

test('a data folder that cannot be written is said once there is something to keep', async () => {
  await mkdir(join(folder, 'sub'))
  await writeFile(join(folder, 'sub', 'file'), '')
  const t = await openStation({ remember: true, folder: join(folder, 'sub', 'file', 'data') })
  closing.push(() => t.close())
  expect(await t.screen.call('node.add', { address: '127.0.0.1:1' })).toMatchObject({ ok: true })
  await until(t.screen, () => t.screen.state!.notices.some((n) => n.fault.code === 'folder-unwritable'))
  expect(t.screen.state!.nodes).toHaveLength(1)
})

test('junk for a calibration is refused in words, and the one in use stays', async () => {
  const node = await startNodeProcess(['--source', 'tone:count'])
  closing.push(() => node.stop())
  const t = await openStation()
  closing.push(() => t.close())
  const key = await t.connect(node.url)
  await t.screen.call('calibration.load', { node: key, file: 'mic.txt', text: MICROPHONE })
  await until(t.screen, () => t.node(key).calibration.state === 'applied')
  const utf16 = new TextDecoder().decode(Buffer.from('\ufeff20 1\n30 2\n', 'utf16le'))
  for (const [text, sentence] of [
    ['', /empty/],
    ['20 1\n30 NaN\n', /Line 2 has "NaN" where a number belongs/],
    [utf16, /UTF-16/],
    ['20 1\n'.repeat(204_000), /larger than 1 MB/],
    ['\u007fELF\u0001\u0002\u0003', /not a text file/],
    ['<!doctype html><html>', /web page/],
    ['20 1\n20 2\n', /Lines 1 and 2 both give 20 Hz/],
  ] as const) {
    const loaded = await t.screen.call('calibration.load', { node: key, file: 'junk.txt', text })
    expect(loaded).toMatchObject({
      ok: false,
      fault: { code: 'bad-calibration', message: expect.stringMatching(sentence) as string },
    })
  }
  // Screens refuse a larger file before they send it; who sends it all the same is told so.
  const huge = await t.screen.call('calibration.load', { node: key, file: 'junk.txt', text: '20 1\n'.repeat(400_000) })
  expect(huge).toMatchObject({ ok: false, fault: { code: 'bad-command' } })
  expect(t.node(key).calibration).toMatchObject({ state: 'applied', file: 'mic.txt' })
  expect(t.node(key).presence).toBe('live')
})
