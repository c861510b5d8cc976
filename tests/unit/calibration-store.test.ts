import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Microphones, parseMicrophone, type KnownOffset } from '#engine/calibration-store.ts'
import { SettingsFile, type Settings } from '#engine/settings.ts'

const DEFAULTS: Settings = { recordingFolder: '/recordings', nodes: [] }
const MEASURED: KnownOffset = {
  offsetDb: 123.51,
  provenance: 'calibrator',
  measuredAt: 1_790_000_000_000,
  calibrator: { level: 94, hz: 999.98, readDb: -29.51 },
}
const TYPED: KnownOffset = { offsetDb: 120.5, provenance: 'typed', measuredAt: 1_790_000_000_001 }

let folder: string
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'farfield-microphones-'))))
afterEach(() => rm(folder, { recursive: true, force: true }))

const open = async (): Promise<{ settings: SettingsFile; microphones: Microphones }> => {
  const { settings } = await SettingsFile.open(folder, DEFAULTS)
  return { settings, microphones: new Microphones(settings) }
}

test('what is known of microphones comes back from the disk as it was set', async () => {
  const { settings, microphones } = await open()
  expect(microphones.find('serial:1')).toBeUndefined()
  microphones.set('serial:1', 'offset', MEASURED)
  microphones.set('serial:1', 'convention', 'nominal')
  microphones.set('node:attic', 'offset', TYPED)
  await settings.saved()
  const again = (await open()).microphones
  expect(again.find('serial:1')).toEqual({ microphone: 'serial:1', offset: MEASURED, convention: 'nominal' })
  expect(again.find('node:attic')).toEqual({ microphone: 'node:attic', offset: TYPED })
  expect(again.find('serial:2')).toBeUndefined()
})

test('forgetting an offset keeps the convention', async () => {
  const { microphones } = await open()
  microphones.set('serial:1', 'convention', 'rew')
  microphones.set('serial:1', 'offset', TYPED)
  microphones.set('serial:1', 'offset', undefined)
  expect(microphones.find('serial:1')).toEqual({ microphone: 'serial:1', convention: 'rew' })
})

test('a thousand are kept; the one that changed longest ago goes', async () => {
  const { settings, microphones } = await open()
  for (let i = 0; i <= 1000; i++) {
    if (i === 1000) microphones.set('serial:0', 'convention', 'rew')
    microphones.set(`serial:${i}`, 'offset', TYPED)
  }
  expect(settings.value.microphones).toHaveLength(1000)
  expect(microphones.find('serial:0')).toBeDefined()
  expect(microphones.find('serial:1')).toBeUndefined()
  expect(microphones.find('serial:2')).toBeDefined()
})

test.each([
  ['nothing', null, []],
  ['no name', { offset: MEASURED }, []],
  ['a number for a name', { microphone: 7 }, []],
  ['an offset that is text', { microphone: 'a', offset: { ...TYPED, offsetDb: '120' } }, [{ microphone: 'a' }]],
  ['no date', { microphone: 'a', offset: { ...TYPED, measuredAt: undefined } }, [{ microphone: 'a' }]],
  [
    'an origin that is not known',
    { microphone: 'a', offset: { ...TYPED, provenance: 'dream' } },
    [{ microphone: 'a' }],
  ],
  [
    'a calibrator of 93 dB',
    { microphone: 'a', offset: { ...MEASURED, calibrator: { ...MEASURED.calibrator, level: 93 } } },
    [{ microphone: 'a' }],
  ],
  [
    'more than is known',
    { microphone: 'a', offset: { ...TYPED, more: 1 }, x: 2 },
    [{ microphone: 'a', offset: TYPED }],
  ],
])('a record with %s is used as far as it makes sense', async (_, raw, expected) => {
  expect(parseMicrophone(raw)).toEqual(expected)
  await writeFile(join(folder, 'settings.json'), JSON.stringify({ nodes: [], microphones: [raw] }))
  expect((await open()).settings.value.microphones).toEqual(expected)
})
