import { afterEach, expect, test } from 'vitest'
import { startNodeProcess } from '../support/node-process.ts'
import { SoundServer } from '../support/sound-server.ts'
import { openStation, until } from '../support/station.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

test('a sound device that goes away is said on the screen, and is live again when it is back', async () => {
  const server = await SoundServer.start()
  closing.push(() => server.stop())
  const node = await startNodeProcess(['--device', 'pulse', '--name', 'attic'], { env: server.env })
  closing.push(() => node.stop())
  const t = await openStation()
  closing.push(() => t.close())
  const key = await t.connect(node.url)
  const started = await t.screen.call('record.start', { nodes: [key] })
  if (!started.ok) throw new Error(started.fault.message)
  const take = started.value.takes[0]!
  await until(t.screen, () => t.take(take).seconds > 0.5)

  await server.down()
  await until(t.screen, () => t.node(key).presence === 'stalled', 3000)
  expect(t.node(key).fault).toMatchObject({ code: 'device-lost', message: expect.stringContaining('pulse') as string })
  expect(t.take(take).state).toBe('recording')
  const before = t.take(take).frames

  await server.up()
  await until(t.screen, () => t.node(key).presence === 'live', 6000)
  expect(t.node(key).fault).toBeUndefined()
  await until(t.screen, () => t.take(take).frames > before + 24_000)
  await t.screen.call('record.stop', { takes: [] })
  expect(t.take(take)).toMatchObject({ state: 'finished', missingFrames: 0 })
  // A new stream after the pause: positions before and after have nothing to do with each other.
  expect(t.take(take).files).toHaveLength(2)
})
