import { crc32 } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { CalibrationView, NodeView, TakeView } from '#contract/state.ts'
import { NO_LINK } from '#contract/state.ts'
import { csvLine, tableCsv } from '#renderer/export/csv.ts'
import { minuteTable } from '#renderer/export/minute-table.ts'
import { fileName } from '#renderer/export/names.ts'
import { wrapped } from '#renderer/export/picture.ts'
import { describePng } from '#renderer/export/png.ts'
import { snapshotJson } from '#renderer/export/snapshot-json.ts'
import { takesCsv } from '#renderer/export/takes-table.ts'
import { calibrationWords, captionOf, captionOfAll, localTime, momentWords } from '#renderer/export/words.ts'
import { History } from '#renderer/last-minute/history.ts'

const AT = Date.parse('2026-11-21T08:12:33.250Z')
const NODE: NodeView = {
  key: 1,
  address: 'tcp://attic:5555',
  name: 'Attic',
  presence: 'live',
  format: { format: 's32', rate: 48_000, channels: 2 },
  source: { kind: 'tone', label: 'demo', simulated: true },
  paused: false,
  choices: {},
  calibration: { state: 'none' },
  link: NO_LINK,
}

function lines(csv: string): string[][] {
  return csv
    .slice(1)
    .trimEnd()
    .split('\r\n')
    .map((line) => line.split(','))
}

describe('lines of comma-separated values', () => {
  test('quote what would end a cell, and double quotes inside', () => {
    expect(csvLine(['a,b', 'c"d', 'e\nf', 'plain', '', undefined])).toBe('"a,b","c""d","e\nf",plain,,\r\n')
  })

  test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx'])('let no text be a formula: %j', (text) => {
    expect(csvLine([text])).toMatch(/^"?'/)
  })

  test('leave numbers exact, negative ones too; silence and no figure are empty', () => {
    const level = -23.034526824951172
    expect(csvLine([level, 0, 1e-7, -Infinity, Number.NaN])).toBe('-23.034526824951172,0,1e-7,,\r\n')
    expect(Number(csvLine([level]))).toBe(level)
  })
})

test('a table says units in its headings and of each line whose, when and how calibrated', () => {
  const table = {
    columns: [{ title: 'Peak', unit: 'dBFS' }, { title: 'Channel' }],
    rows: [
      [-20.5, 1],
      [undefined, 2],
    ],
  }
  const csv = tableCsv(table, { ...NODE, name: '=Attic' }, AT, '1.2.3')
  expect(csv[0]).toBe('\uFEFF')
  const [head, first, second] = lines(csv)
  expect(head).toEqual(
    'Peak (dBFS),Channel,saved UTC,saved local,node,address,simulated,sample rate (Hz),calibration,program'.split(','),
  )
  expect(first!.slice(0, 3)).toEqual(['-20.5', '1', '2026-11-21T08:12:33.250Z'])
  expect(Date.parse(first![3]!)).toBe(AT)
  expect(second!.slice(0, 2)).toEqual(['', '2'])
  expect(first!.slice(4, 8)).toEqual(["'=Attic", 'tcp://attic:5555', 'yes', '48000'])
  expect(csv).toContain('"not corrected; levels in dBFS, no sound pressure is known",Farfield 1.2.3\r\n')
})

describe('names of files', () => {
  const day = fileName('x', 'y', AT, 'png').slice('x_y_'.length)

  test.each([
    ['Attic', 'Attic'],
    ['../../etc/passwd', 'etc_passwd'],
    ['a/b\\c:d*e?f"g<h>i|j', 'a_b_c_d_e_f_g_h_i_j'],
    ['CON.', 'CON'],
    ['\u0000\u202Eexe.gnp', 'exe_gnp'],
    ['Küche 東京', 'Küche_東京'],
    ['...', 'node'],
    ['', 'node'],
    ['-rf', 'rf'],
  ])('%j begins as %s', (name, stem) => {
    expect(fileName(name, 'Level', AT, 'png')).toBe(`${stem}_level_${day}`)
  })

  test('have the local time and are never too long for a file system', () => {
    expect(day).toMatch(/^2026-11-2[12]_\d\d-\d\d-33\.png$/)
    for (const name of ['x'.repeat(500), '東'.repeat(200), '😀'.repeat(90)]) {
      const named = fileName(name, 'sound-level', AT, 'json')
      expect(new TextEncoder().encode(named).length).toBeLessThan(120)
      expect(named.isWellFormed()).toBe(true)
    }
  })
})

describe('what is said with a picture', () => {
  test('is whose it is, where from, how calibrated, when and by what', () => {
    const { title, lines: said } = captionOf(NODE, 'Level', AT, '1.2.3')
    expect(title).toBe('Attic: Level')
    expect(said[0]).toBe('Attic (simulated), tcp://attic:5555, 48 kHz · 2 ch · s32, demo')
    expect(said[1]).toBe('Not corrected; levels in dBFS, no sound pressure is known')
    expect(said[2]).toBe(`${momentWords(AT)}, Farfield 1.2.3`)
    expect(momentWords(AT)).toContain('08:12:33 UTC')
    const lost = captionOf({ ...NODE, presence: 'lost' }, 'Level', AT, '1.2.3')
    expect(lost.lines[0]).toMatch(/, lost: what is shown is from before$/)
    expect(captionOfAll([NODE, { ...NODE, name: 'Roof' }], AT, '1').lines.map((line) => line.split(' ')[0])).toEqual(
      expect.arrayContaining(['Attic', 'Roof']),
    )
  })

  const applied: CalibrationView = {
    state: 'applied',
    origin: 'node',
    file: '7001.txt',
    serial: '7001',
    residualDb: 0.123,
    incidence: '90deg',
  }
  test.each<[string, CalibrationView]>([
    [
      'corrected by 7001.txt (serial 7001, from the node, for sound from the side, residual 0.12 dB); levels in dBFS, no sound pressure is known',
      applied,
    ],
    [
      'corrected by 7001.txt (serial 7001, from the node, for sound from the side, residual 0.12 dB); dB SPL = dBFS + 120.50 dB, estimate: Room EQ Wizard, for the UMIK-1',
      { ...applied, spl: { offsetDb: 120.5, provenance: 'estimate', estimate: true, convention: 'rew' } },
    ],
    [
      'not corrected: bad.txt was refused; dB SPL = dBFS − 3.00 dB, typed by hand',
      { state: 'refused', file: 'bad.txt', spl: { offsetDb: -3, provenance: 'typed', estimate: false } },
    ],
  ])('%s', (words, calibration) => {
    expect(calibrationWords(calibration)).toBe(words)
  })

  test('says of a stretch that a part of it was corrected', () => {
    expect(calibrationWords(applied, 'some')).toMatch(/^partly corrected by 7001\.txt/)
    expect(calibrationWords(applied, 'none')).toMatch(/^not corrected;/)
  })

  test('breaks into lines that fit, words whole where they can be', () => {
    const widthOf = (text: string): number => text.length
    expect(wrapped('one two three', 7, widthOf)).toEqual(['one two', 'three'])
    expect(wrapped('a abcdefghij b', 4, widthOf)).toEqual(['a', 'abcd', 'efgh', 'ij b'])
    expect(wrapped('', 4, widthOf)).toEqual([''])
  })

  test('local time has its offset to UTC', () => {
    expect(localTime(AT)).toMatch(/^2026-11-2\dT\d\d:\d\d:33\.250[+-]\d\d:\d\d$/)
    expect(Date.parse(localTime(AT))).toBe(AT)
  })
})

test('words go into a PNG behind its head, each with its checksum', () => {
  const head = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(25, 1)])
  const rest = Buffer.from('rest')
  const png = Buffer.from(
    describePng(Buffer.concat([head, rest]), { text: { Title: 'Küche', Software: 'x' }, density: 2 }),
  )
  expect(png.subarray(0, 33).equals(head)).toBe(true)
  expect(png.subarray(-4).equals(rest)).toBe(true)
  const chunks: [string, Buffer][] = []
  for (let at = 33; at < png.length - 4;) {
    const length = png.readUInt32BE(at)
    const body = png.subarray(at + 4, at + 8 + length)
    expect(png.readUInt32BE(at + 8 + length)).toBe(crc32(body))
    chunks.push([body.toString('latin1', 0, 4), body.subarray(4)])
    at += 12 + length
  }
  expect(chunks.map(([name]) => name)).toEqual(['pHYs', 'iTXt', 'iTXt'])
  // Twice 96 pixels an inch.
  expect(chunks[0]![1].readUInt32BE(0)).toBe(7559)
  expect(chunks[1]![1].toString()).toBe('Title\0\0\0\0\0Küche')
  expect(() => describePng(new Uint8Array(40), { text: {}, density: 1 })).toThrow('not a PNG')
})

test('the last minute as a table has what was lost in its place, and no figures at the floor', () => {
  expect(minuteTable(undefined)).toBeUndefined()
  expect(minuteTable(new History())).toBeUndefined()
  const history = new History()
  history.push(100, -30, -12, false)
  history.push(100.06, -31, -200, false)
  history.push(103, -32, -14, true)
  const { columns, rows } = minuteTable(history)!
  expect(columns.map(({ unit }) => unit)).toEqual([undefined, 'LUFS', 'dBFS', undefined, 's'])
  expect(rows.map((row) => row.slice(1, 4))).toEqual([
    [-30, -12, 'heard'],
    [-31, undefined, 'heard'],
    [undefined, undefined, 'lost'],
    [-32, -14, 'heard'],
  ])
  expect(rows[2]![4]).toBeCloseTo(2.94, 6)
  expect(rows[0]![0]).toBe('1970-01-01T00:01:40.000Z')
})

test('the list of takes has a column for each channel there is', () => {
  const take = {
    name: 'Attic',
    state: 'finished',
    startedAt: AT,
    seconds: 2.5,
    frames: 120_000,
    bytes: 960_000,
    gaps: 1,
    missingFrames: 0,
    repairedFrames: 480,
    verdict: { whole: true, sentence: 'Whole, 10 ms refilled.' },
    integrated: null,
    rms: [-30.25, null],
    markers: [{ atSeconds: 1.5, label: '=door' }],
    folder: '/sound',
    files: ['a.wav', 'b.wav'],
  } as unknown as TakeView
  const [head, row] = lines(takesCsv([take], AT, '1').replace('"Whole, 10 ms refilled."', 'said'))
  const cells = Object.fromEntries(head!.map((title, i) => [title, row![i]]))
  expect(cells).toMatchObject({
    'began UTC': '2026-11-21T08:12:33.250Z',
    node: 'Attic',
    'length (s)': '2.5',
    'missing (frames)': '0',
    certificate: 'whole',
    'certificate says': 'said',
    'integrated (LUFS)': '',
    'RMS 1 (dBFS)': '-30.25',
    'RMS 2 (dBFS)': '',
    markers: '1.500 s =door',
    files: 'a.wav; b.wav',
    program: 'Farfield 1',
  })
})

test('a snapshot is JSON with exact figures, null for none and "-inf" for silence', () => {
  const table = { columns: [{ title: 'RMS', unit: 'dBFS' }], rows: [[-20.123456789], [undefined], [-Infinity]] }
  const panels = [
    { id: 'level', title: 'Level', table },
    { id: 'link', title: 'Link' },
  ]
  const text = snapshotJson({ at: AT, version: '1.2.3', view: 'node', nodes: [{ node: NODE, panels }] })
  const file = JSON.parse(text) as Record<string, unknown>
  expect(file).toMatchObject({
    kind: 'farfield-snapshot',
    version: 1,
    program: 'Farfield 1.2.3',
    timeUtc: '2026-11-21T08:12:33.250Z',
    nodes: [
      {
        node: 'Attic',
        simulated: true,
        calibration: { inWords: calibrationWords(NODE.calibration), state: 'none' },
        panels: [{ id: 'level', rows: [[-20.123456789], [null], ['-inf']] }, { id: 'link' }],
      },
    ],
  })
})
