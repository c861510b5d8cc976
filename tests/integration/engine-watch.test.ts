import { afterEach, expect, test } from 'vitest'
import { meterIndex } from '#meters/registry.ts'
import { startNode } from '#producer/node.ts'
import { Closing } from '../support/closing.ts'
import { openStation } from '../support/station.ts'

const closing = new Closing()
afterEach(() => closing.close())

test('pictures of the moment are computed while a screen shows them, loudness always', async () => {
  const node = await startNode({ source: 'tone:pink', endpoint: 'inproc://watched', id: 'watched' })
  if (!node.ok) throw new Error(node.fault.message)
  closing.defer(() => node.value.stop())
  const t = await openStation()
  closing.defer(() => t.close())
  const key = await t.connect('inproc://watched')
  const next = (holds: (readings: readonly unknown[]) => boolean): Promise<void> =>
    new Promise((resolve) => {
      const frames = t.screen.onFrame((frame) => {
        const readings = frame.nodes.find((n) => n.key === key)?.readings
        if (!readings || !holds(readings)) return
        void frames.dispose()
        resolve()
      })
    })
  const [loudness, spectrum, waveform] = ['loudness', 'spectrum', 'waveform'].map(meterIndex) as [
    number,
    number,
    number,
  ]
  await next((r) => r[loudness] !== undefined && r[spectrum] === undefined)
  t.screen.watch([{ node: key, meters: ['spectrum'] }])
  await next((r) => r[loudness] !== undefined && r[spectrum] !== undefined && r[waveform] === undefined)
  // Another screen looks at more; this one goes on to have what it shows.
  const other = t.station.watch([{ node: key, meters: ['spectrum', 'waveform', 'nothing'] }])
  await next((r) => r[spectrum] !== undefined && r[waveform] !== undefined)
  void other.dispose()
  await next((r) => r[spectrum] !== undefined && r[waveform] === undefined)
  t.screen.watch([])
  await next((r) => r[loudness] !== undefined && r[spectrum] === undefined)
  expect(t.node(key).link.dropped).toBe(0)
})
