import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { SettingsFile, type Settings } from '#engine/settings.ts'
import type { Fault } from '#shared/result.ts'

const DEFAULTS: Settings = { recordingFolder: '/recordings', nodes: [] }
const NODE = { address: 'tcp://attic:5555', id: 'attic', name: 'Attic', connected: true }

let folder: string
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'farfield-settings-'))))
afterEach(() => rm(folder, { recursive: true, force: true }))

test('begin with the defaults and come back as they were set', async () => {
  const at = join(folder, 'deep', 'down')
  const { settings, fault } = await SettingsFile.open(at, DEFAULTS)
  expect(fault).toBeUndefined()
  expect(settings.value).toEqual(DEFAULTS)
  settings.set({ recordingFolder: '/first' })
  settings.set({ nodes: [NODE] })
  expect(settings.value).toEqual({ recordingFolder: '/first', nodes: [NODE] })
  expect(await settings.saved()).toBeUndefined()
  expect((await SettingsFile.open(at, DEFAULTS)).settings.value).toEqual({ recordingFolder: '/first', nodes: [NODE] })
  expect(await readdir(at)).toEqual(['settings.json'])
  // The password hash is nobody else's business.
  expect((await stat(join(at, 'settings.json'))).mode & 0o777).toBe(0o600)
})

test.each([
  ['cut short', '{"recordingFolder": "/here", "nod'],
  ['empty', ''],
  ['binary', '\u0000\u0001\u0002'],
  ['a list', '[1, 2]'],
  ['null', 'null'],
])('that are %s are set aside, never overwritten, and said', async (_, text) => {
  await writeFile(join(folder, 'settings.json'), text)
  const { settings, fault } = await SettingsFile.open(folder, DEFAULTS)
  expect(settings.value).toEqual(DEFAULTS)
  expect(fault?.code).toBe('bad-settings')
  const aside = (await readdir(folder)).find((name) => name.startsWith('settings.unreadable-'))!
  expect(fault?.message).toContain(join(folder, aside))
  settings.set({ recordingFolder: '/new' })
  await settings.saved()
  expect(await readFile(join(folder, aside), 'utf8')).toBe(text)
  expect((await SettingsFile.open(folder, DEFAULTS)).settings.value.recordingFolder).toBe('/new')
})

test('that are a folder are set aside too', async () => {
  await mkdir(join(folder, 'settings.json'))
  const { settings, fault } = await SettingsFile.open(folder, DEFAULTS)
  expect(fault?.code).toBe('bad-settings')
  settings.set({ recordingFolder: '/new' })
  expect(await settings.saved()).toBeUndefined()
})

test('keep what can be used of a file with odd values', async () => {
  const nodes = [NODE, 7, null, { address: 5 }, { address: 'b', connected: 'yes', name: 1, calibration: { file: 'x' } }]
  await writeFile(join(folder, 'settings.json'), JSON.stringify({ recordingFolder: 3, nodes, extra: true }))
  const { settings, fault } = await SettingsFile.open(folder, DEFAULTS)
  expect(fault).toBeUndefined()
  expect(settings.value).toEqual({ ...DEFAULTS, nodes: [NODE, { address: 'b', connected: false }] })
})

test.each(['a-file/below', '/proc/nowhere'])(
  'that cannot be written in %s say so and are used all the same',
  async (where) => {
    await writeFile(join(folder, 'a-file'), '')
    const at = where.startsWith('/') ? where : join(folder, where)
    const { settings, fault } = await SettingsFile.open(at, DEFAULTS)
    expect(fault).toBeUndefined()
    const told: Fault[] = []
    settings.onFailure = (failure) => told.push(failure)
    settings.set({ recordingFolder: '/new' })
    expect(await settings.saved()).toMatchObject({ code: 'folder-unwritable' })
    expect(told).toHaveLength(1)
    expect(told[0]!.message).toContain(`could not be saved in ${at}`)
    expect(settings.value.recordingFolder).toBe('/new')
  },
)

test('a reader sees only whole files', async () => {
  const { settings } = await SettingsFile.open(folder, DEFAULTS)
  const path = join(folder, 'settings.json')
  settings.set({ recordingFolder: '/0' })
  await settings.saved()
  const done = new AbortController()
  let reads = 0
  const reader = (async () => {
    while (!done.signal.aborted) {
      const value = JSON.parse(await readFile(path, 'utf8')) as Settings
      expect(value.recordingFolder).toMatch(/^\/\d+$/)
      reads++
    }
  })()
  for (let i = 1; i <= 100; i++) {
    settings.set({ recordingFolder: `/${i}`, nodes: Array.from({ length: 200 }, () => NODE) })
    await settings.saved()
  }
  done.abort()
  await reader
  expect(reads).toBeGreaterThan(100)
})
