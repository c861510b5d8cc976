/** What a person removes or changes can be brought back as it was. */
import { afterEach, expect, test } from 'vitest'
import { startNode } from '#producer/node.ts'
import { calibrationFile } from '../support/calibration-file.ts'
import { Closing } from '../support/closing.ts'
import { openStation, until, type TestStation } from '../support/station.ts'

const closing = new Closing()
afterEach(() => closing.close())

async function station(...ids: string[]): Promise<{ t: TestStation; keys: number[] }> {
  const t = await openStation()
  closing.defer(() => t.close())
  const keys: number[] = []
  for (const id of ids) {
    const node = await startNode({ source: 'tone:pink', endpoint: `inproc://${id}`, id, name: id })
    if (!node.ok) throw new Error(node.fault.message)
    closing.defer(() => node.value.stop())
    keys.push(await t.connect(`inproc://${id}`))
  }
  return { t, keys }
}

const bump = (serial: string): string => calibrationFile(serial, (hz) => (hz < 100 ? 3 : 0))
const names = (t: TestStation): string[] => t.screen.state!.nodes.map(({ name }) => name)

test('a removed node comes back to its place, live, with its calibration and its choices', async () => {
  const { t, keys } = await station('first', 'second', 'third')
  const [, node] = keys as [number, number, number]
  const { screen } = t
  await screen.call('calibration.load', { node, file: 'mic.txt', text: bump('7-1') })
  await screen.call('meters.choose', { node, meter: 'spectrum', settings: { size: 8192 } })
  await until(screen, () => t.node(node).calibration.state === 'applied')
  const before = t.node(node)
  expect(before.choices['spectrum']).toMatchObject({ size: 8192 })

  expect(await screen.call('node.remove', { node })).toMatchObject({ ok: true })
  await until(screen, () => screen.state!.nodes.length === 2)
  expect(await screen.call('node.restore', { node })).toMatchObject({ ok: true })
  await until(screen, () => t.node(node)?.presence === 'live' && t.node(node).calibration.state === 'applied')
  expect(names(t)).toEqual(['first', 'second', 'third'])
  expect(t.node(node).choices).toEqual(before.choices)
  expect(t.node(node).calibration.serial).toBe('7-1')
  expect(await screen.call('node.restore', { node }), 'once').toMatchObject({ ok: false, fault: { code: 'not-found' } })
})

test('one that was not connected comes back so; one that was added anew does not come twice', async () => {
  const { t, keys } = await station('parted')
  const [node] = keys as [number]
  const { screen } = t
  await screen.call('node.disconnect', { node })
  await screen.call('node.remove', { node })
  await screen.call('node.restore', { node })
  await until(screen, () => t.node(node)?.presence === 'disconnected')

  await screen.call('node.remove', { node })
  await t.connect('inproc://parted')
  expect(await screen.call('node.restore', { node })).toMatchObject({ ok: false, fault: { code: 'busy' } })
  expect(names(t)).toEqual(['parted'])
})

test('of many that were removed the newest sixteen can come back', async () => {
  const { t } = await station()
  const { screen } = t
  const keys: number[] = []
  for (let i = 0; i < 17; i++) {
    const added = await screen.call('node.add', { address: `inproc://nobody-${i}` })
    if (added.ok) keys.push(added.value.key)
  }
  for (const node of keys) await screen.call('node.remove', { node })
  expect(await screen.call('node.restore', { node: keys[0]! })).toMatchObject({ ok: false })
  expect(await screen.call('node.restore', { node: keys[1]! })).toMatchObject({ ok: true })
})

test('the last change of a calibration is taken back: a file, none, an offset, a convention', async () => {
  const { t, keys } = await station('mic')
  const [node] = keys as [number]
  const { screen } = t
  const file = (): string | undefined => t.node(node).calibration.file
  const offset = (): number | undefined => t.node(node).calibration.spl?.offsetDb
  const undo = (): Promise<unknown> => screen.call('calibration.undo', { node })
  expect(await undo(), 'nothing was changed').toMatchObject({ ok: false, fault: { code: 'not-found' } })

  await screen.call('calibration.load', { node, file: 'good.txt', text: bump('7-1') })
  await screen.call('calibration.load', { node, file: 'wrong.txt', text: bump('7-2') })
  await until(screen, () => file() === 'wrong.txt')
  await undo()
  await until(screen, () => file() === 'good.txt' && t.node(node).calibration.serial === '7-1')
  expect(await undo(), 'one step').toMatchObject({ ok: false })

  await screen.call('calibration.clear', { node })
  await until(screen, () => file() === undefined)
  await undo()
  await until(screen, () => file() === 'good.txt')

  await screen.call('spl.offset', { node, db: 120.5 })
  await screen.call('spl.offset', { node, db: 12 })
  await until(screen, () => offset() === 12)
  await undo()
  await until(screen, () => offset() === 120.5)
  await screen.call('spl.clear', { node })
  await until(screen, () => offset() !== 120.5)
  const estimated = t.node(node).calibration.chosen
  await undo()
  await until(screen, () => offset() === 120.5)

  await screen.call('spl.convention', { node, convention: 'none' })
  await until(screen, () => t.node(node).calibration.chosen === 'none')
  await undo()
  await until(screen, () => t.node(node).calibration.chosen === estimated)
})
