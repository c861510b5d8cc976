/** The arithmetic of takes: coverage, seams, and what a journal says after a crash. */
import { describe, expect, test } from 'vitest'
import { Coverage } from '#engine/recorder/coverage.ts'
import { lineOf, linesOf, headLine, type JournalState, type TakeHead } from '#engine/recorder/journal.ts'
import { parseJournal } from '#engine/recorder/journal-parse.ts'
import { parseOwner } from '#engine/recorder/owner.ts'
import { Part } from '#engine/recorder/part.ts'
import { firstFrame, splitFrames } from '#engine/recorder/parts.ts'
import { secondsIn } from '#engine/recorder/space.ts'
import { Timeline } from '#engine/recorder/timeline.ts'
import { random } from '../support/signals.ts'

const FORMAT = { format: 's32', channels: 2, rate: 48_000 } as const
/** Positions beyond those that a double holds. */
const FAR = 2n ** 53n + 1n

describe('coverage', () => {
  test('agrees with a list of frames, whatever comes in whatever order', () => {
    const next = random(7)
    for (let round = 0; round < 50; round++) {
      const coverage = new Coverage(FAR)
      const there = new Set<number>()
      let end = 0
      for (let n = 0; n < 40; n++) {
        const from = Math.floor(next() * 60)
        const to = from + 1 + Math.floor(next() * 10)
        const lacks = coverage.lacks(FAR + BigInt(from), FAR + BigInt(to))
        const missing = Array.from({ length: to - from }, (_, i) => from + i).filter((f) => !there.has(f))
        expect(lacks).toBe(missing.length > 0)
        if (next() < 0.2) {
          for (let f = from; f < to; f++) there.delete(f)
          coverage.miss(FAR + BigInt(from), FAR + BigInt(to))
        } else {
          for (const frame of missing) there.add(frame)
          coverage.put(FAR + BigInt(from), FAR + BigInt(to))
        }
        end = Math.max(end, to)
        expect(coverage.frames).toBe(end)
        expect(coverage.holes.frames).toBe(end - there.size)
      }
    }
  })

  test('tells the hole that a jump leaves, and what fills it', () => {
    const coverage = new Coverage(10n)
    expect(coverage.put(10n, 20n)).toEqual({ closed: [], gap: undefined })
    expect(coverage.put(30n, 40n)).toEqual({ closed: [], gap: { from: 20n, to: 30n } })
    expect(coverage.put(15n, 25n).closed).toEqual([{ from: 20n, to: 25n }])
    expect(coverage.holes.items).toEqual([{ from: 25n, to: 30n }])
  })

  test('frames before the first are no part of it', () => {
    const coverage = new Coverage(100n)
    coverage.put(90n, 110n)
    expect([coverage.frames, coverage.holes.frames]).toEqual([10, 0])
  })
})

describe('gaps', () => {
  const head = { choices: { split: null } } as TakeHead
  const begun = (): { timeline: Timeline; part: Part } => {
    const timeline = new Timeline(head)
    const part = timeline.open({ stream: 1n, first: FAR, format: FORMAT, utcNs: 0n, opening: FAR })
    part.begunAt(FAR + 960n)
    return { timeline, part }
  }

  test('what had passed when the take began is none, whatever of it is fetched first', () => {
    for (const fetched of [0n, 480n]) {
      const { timeline, part } = begun()
      part.received.put(FAR, FAR + fetched)
      timeline.stretch(1n, FAR + 960n)
      expect(timeline.gaps).toBe(0)
      expect(part.missingFrames).toBe(960 - Number(fetched))
      expect(part.filled([{ from: FAR + fetched, to: FAR + 960n }], 0)).toEqual([])
    }
  })

  test('what is missing behind that is one, from the first block on', () => {
    for (const fetched of [0n, 480n, 960n]) {
      const { timeline, part } = begun()
      part.received.put(FAR, FAR + fetched)
      timeline.stretch(1n, FAR + 1440n)
      expect(timeline.gaps).toBe(1)
      expect(part.filled([{ from: FAR + fetched, to: FAR + 1440n }], 0)).toMatchObject([
        { from: FAR + 960n, to: FAR + 1440n },
      ])
    }
  })
})

describe('seams', () => {
  test('by time and by size, in whole frames, exact beyond 2^53', () => {
    expect(splitFrames(null, FORMAT, 1000)).toBeUndefined()
    expect(splitFrames({ seconds: 3600 }, FORMAT, 1000)).toBe(172_800_000n)
    const frames = splitFrames({ bytes: 2e9 }, FORMAT, 1000)!
    expect(Number(frames) * 8).toBeLessThanOrEqual(2e9 - 1000)
    expect(Number(frames) * 8).toBeGreaterThan(2e9 - 10_000)
    expect(splitFrames({ bytes: 10 }, FORMAT, 1000)).toBe(1n)
  })

  test('a pre-roll goes back as far as the ring, and nowhere without one', () => {
    expect(firstFrame(FAR + 480_000n, 5, FORMAT, FAR)).toBe(FAR + 240_000n)
    expect(firstFrame(FAR + 100_000n, 5, FORMAT, FAR)).toBe(FAR)
    expect(firstFrame(FAR, 5, FORMAT, undefined)).toBe(FAR)
    expect(firstFrame(1000n, 0, FORMAT, 0n)).toBe(1000n)
  })
})

describe('a part after a crash', () => {
  const head = { name: 'a.wav', stream: 5n, first: 100n, format: FORMAT, opening: 100n, utcNs: 0n }
  const record = {
    ...head,
    end: 200n,
    holes: [{ from: 120n, to: 130n }],
    over: false,
    sealed: false,
    lost: [],
    repairs: [],
  }

  test('what lies behind the last line is fetched again', () => {
    const part = Part.restored(record, 0, 260n)
    expect(part.pending()).toEqual([
      { from: 120n, to: 130n },
      { from: 200n, to: 260n },
    ])
    part.filled(part.received.put(200n, 260n).closed, 1)
    expect(part.pending()).toEqual([{ from: 120n, to: 130n }])
  })

  test('and kept where it cannot be', () => {
    const part = Part.restored(record, 0, 260n)
    expect(part.lose({ from: 100n, to: 260n }, 'ring')).toEqual([{ from: 120n, to: 130n, cause: 'ring' }])
    expect(part.missingFrames).toBe(10)
    expect(part.pending()).toEqual([])
  })

  test('what was lost and comes all the same is repaired', () => {
    const part = Part.restored(record, 0, 200n)
    part.lose({ from: 100n, to: 200n }, 'network')
    part.filled(part.received.put(122n, 130n).closed, 9)
    expect(part.lost).toEqual([{ from: 120n, to: 122n, cause: 'network' }])
    expect(part.repairs).toEqual([{ from: 122n, to: 130n, at: 9 }])
  })
})

const TAKE: TakeHead = {
  id: 'one',
  group: 'both',
  node: { name: 'attic "2"\n', address: 'tcp://127.0.0.1:5555', id: '841c0c6e48d7', software: 'node 1' },
  format: FORMAT,
  choices: { preRoll: 10, split: { bytes: 2e9 }, namePattern: '{node}', perNodeFolders: true },
  stem: 'attic',
  startedAt: 1_000,
  limit: 48_000,
  ringSeconds: 120,
}

const STATE: JournalState = {
  take: TAKE,
  parts: [
    {
      name: 'attic.wav',
      stream: 2n ** 64n - 1n,
      first: FAR,
      format: FORMAT,
      seam: FAR + 100n,
      opening: FAR + 10n,
      utcNs: -5n,
      end: FAR + 90n,
      holes: [{ from: FAR + 1n, to: FAR + 3n }],
      over: true,
      sealed: true,
      lost: [{ from: FAR + 1n, to: FAR + 3n, cause: 'ring' }],
      repairs: [{ from: FAR + 5n, to: FAR + 6n, at: 77 }],
    },
    {
      name: 'attic_part2.wav',
      stream: 3n,
      first: 0n,
      format: FORMAT,
      opening: 0n,
      utcNs: 0n,
      end: 0n,
      holes: [],
      over: false,
      sealed: false,
      lost: [],
      repairs: [],
    },
  ],
  markers: [{ stream: 3n, position: FAR, label: 'Tür auf' }],
  stopped: { at: 5, ends: new Map([[3n, FAR]]) },
  seenAt: 99,
  resumed: 2,
}

describe('journal', () => {
  test('says what was written, to the frame', () => {
    expect(parseJournal(linesOf(STATE))).toEqual({ ok: true, value: STATE })
  })

  test('an outage that comes back in hundreds of pieces is one repair', () => {
    const pieces = Array.from({ length: 500 }, (_, i) => ({ from: FAR + BigInt(i), to: FAR + BigInt(i + 1), at: i }))
    const apart = { from: FAR + 600n, to: FAR + 700n, at: 501 }
    const text = [...pieces, apart].map((piece) => lineOf({ t: 'repair', n: 1, piece })).join('')
    const parsed = parseJournal(linesOf(STATE) + text)
    if (!parsed.ok) throw new Error(parsed.fault.message)
    expect(parsed.value.parts[1]!.repairs).toEqual([{ from: FAR, to: FAR + 500n, at: 499 }, apart])
  })

  test('a mark at a place that is marked is another label for it, and keeps its number', () => {
    const marks = [
      { stream: 3n, position: FAR + 1n, label: 'Marker 2' },
      { stream: 3n, position: FAR, label: 'Tür zu' },
      { stream: 4n, position: FAR, label: 'elsewhere' },
    ]
    const text = linesOf(STATE) + marks.map((marker) => lineOf({ t: 'mark', marker })).join('')
    const parsed = parseJournal(text)
    if (!parsed.ok) throw new Error(parsed.fault.message)
    expect(parsed.value.markers.map(({ label }) => label)).toEqual(['Tür zu', 'Marker 2', 'elsewhere'])
    expect(parseJournal(linesOf(parsed.value)), 'made short again').toEqual(parsed)
  })

  test('cut anywhere, it tells of what came before the cut and of nothing else', () => {
    const text = Buffer.from(linesOf(STATE))
    for (let length = 0; length <= text.length; length++) {
      const parsed = parseJournal(text.toString('utf8', 0, length))
      const lines = text.subarray(0, length).toString('latin1').split('\n').length - 1
      if (lines === 0) expect(parsed).toMatchObject({ ok: false, fault: { code: 'bad-journal' } })
      else expect(parsed).toMatchObject({ ok: true, value: { take: TAKE } })
      if (parsed.ok && length < text.length) expect(parsed.value.resumed).toBeLessThanOrEqual(2)
    }
  })

  test('damaged bytes, swapped lines and junk are survived, and never believed beyond', () => {
    const next = random(11)
    const lines = linesOf(STATE).split('\n').slice(0, -1)
    for (let n = 0; n < 3000; n++) {
      const damaged = Buffer.from(`${lines.join('\n')}\n`)
      for (let flips = 1 + Math.floor(next() * 4); flips > 0; flips--)
        damaged[Math.floor(next() * damaged.length)] = Math.floor(next() * 256)
      const parsed = parseJournal(damaged.toString('utf8'))
      if (!parsed.ok) continue
      for (const part of parsed.value.parts) {
        expect(part.end >= part.first).toBe(true)
        expect(part.name).not.toMatch(/[/\\]/)
        for (const hole of part.holes) expect(hole.from < hole.to).toBe(true)
      }
    }
    const swapped = [lines[0], lines[2], lines[1], ...lines.slice(3)].join('\n')
    expect(parseJournal(`${swapped}\n`)).toMatchObject({ ok: true, value: { parts: [] } })
    for (const junk of [
      '',
      '\n',
      '{}\n',
      'null\n',
      '[1]\n',
      `${'['.repeat(10_000)}\n`,
      '{"t":"take","v":1,"take":{}}\n',
    ])
      expect(parseJournal(junk)).toMatchObject({ ok: false, fault: { code: 'bad-journal' } })
  })

  test('of a later version it is left alone', () => {
    const later = headLine(TAKE).replace('"v":1', '"v":2')
    expect(parseJournal(later)).toMatchObject({ ok: false, fault: { code: 'version-mismatch' } })
  })

  test('a file name that leads out of the folder is not believed', () => {
    const part = { ...STATE.parts[0]!, name: '../../etc/passwd' }
    const { name, stream, first, format, opening, utcNs } = part
    const line = lineOf({ t: 'part', n: 0, part: { name, stream, first, format, opening, utcNs } })
    expect(parseJournal(headLine(TAKE) + line)).toMatchObject({ ok: true, value: { parts: [] } })
  })
})

test('an owner that is torn or foreign is none', () => {
  for (const text of ['', '{', '{"pid":1}', '{"host":"a","boot":"","pid":-1,"began":""}', 'null'])
    expect(parseOwner(text)).toBeUndefined()
  expect(parseOwner('{"host":"a","boot":"b","pid":7,"began":"9"}')).toEqual({
    host: 'a',
    boot: 'b',
    pid: 7,
    began: '9',
  })
})

test('room on a disk keeps three seconds, or a sixteenth of a small disk', () => {
  expect(secondsIn({ freeBytes: 100e9, totalBytes: 200e9 }, 1e6)).toBeCloseTo(100e3 - 3)
  expect(secondsIn({ freeBytes: 8e6, totalBytes: 16e6 }, 1e6)).toBeCloseTo(7)
  expect(secondsIn({ freeBytes: 1e6, totalBytes: 16e6 }, 1e6)).toBe(0)
})
