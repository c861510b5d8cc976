import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readPlace, writePlace } from '../../src/main/bounds.ts'
import { readOptions } from '../../src/main/options.ts'

const SCREENS = [
  { x: 0, y: 0, width: 1920, height: 1040 },
  { x: 1920, y: 0, width: 1280, height: 1024 },
]
const FALLBACK = { width: 1280, height: 820, maximized: false }

describe('the remembered place of the window', () => {
  let folder: string
  let file: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'farfield-window-'))
    file = join(folder, 'window.json')
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  test('is the one that was written', () => {
    const place = { x: 2000, y: 40, width: 900, height: 700, maximized: true }
    writePlace(file, place)
    expect(readPlace(file, SCREENS, FALLBACK)).toEqual(place)
  })

  test.each([
    '',
    '{"x":1',
    'null',
    '[]',
    '"x"',
    '{"x":0,"y":0,"width":"900","height":700}',
    '{"x":0,"y":0,"width":1e99,"height":700}',
    '{"x":0.5,"y":0,"width":900,"height":700}',
  ])('is the default for a damaged file: %s', (text) => {
    writeFileSync(file, text)
    expect(readPlace(file, SCREENS, FALLBACK)).toEqual(FALLBACK)
  })

  test('is the default without a file', () => {
    expect(readPlace(file, SCREENS, FALLBACK)).toEqual(FALLBACK)
  })

  test.each([
    ['beyond every screen', 5000, 40],
    ['on a screen by less than can be dragged', 1920 + 1280 - 10, 40],
    ['with its title bar above the screen', 100, -500],
    ['with its title bar below the screen', 100, 1039],
  ])('is not used where the window could not be reached: %s', (_where, x, y) => {
    writePlace(file, { x, y, width: 900, height: 700, maximized: false })
    expect(readPlace(file, SCREENS, FALLBACK)).toEqual(FALLBACK)
  })

  test('cannot be written into a folder that is not there, which disturbs nobody', () => {
    const lost = join(folder, 'gone', 'window.json')
    expect(() => writePlace(lost, FALLBACK)).not.toThrow()
    expect(readPlace(lost, SCREENS, FALLBACK)).toEqual(FALLBACK)
  })
})

describe("the program's switches", () => {
  const none = { demo: false, version: false, help: false }

  test.each([
    [['--data', '/a'], {}, resolve('/a')],
    [['--data=/b'], {}, resolve('/b')],
    [[], { FARFIELD_DATA: '/c' }, resolve('/c')],
    [['--data=/b'], { FARFIELD_DATA: '/c' }, resolve('/b')],
  ])('%j with %j keeps its data in %s', (argv, env, dataDir) => {
    expect(readOptions(['electron', '.', ...argv], env)).toEqual({ ...none, dataDir })
  })

  test("leave Chromium's and the debugger's alone", () => {
    expect(readOptions(['electron', '--inspect=0', '--remote-debugging-port=0', '.', '--no-sandbox'], {})).toEqual(none)
  })

  test('are found wherever they stand', () => {
    expect(readOptions(['farfield', '--demo', '--no-sandbox', '--help', '--version'], {})).toEqual({
      demo: true,
      version: true,
      help: true,
    })
  })
})
