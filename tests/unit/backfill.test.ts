/** What is asked for again and when, against a node and a link that exist only here: loss, repetition and disorder of every kind. */
import { describe, expect, test } from 'vitest'
import { NS_PER_SECOND } from '#shared/clock.ts'
import { Scheduler } from '#engine/backfill/scheduler.ts'
import { survey } from '#engine/backfill/survey.ts'
import { Tracker } from '#engine/tracker.ts'
import type { NodeMeta } from '#wire/meta.ts'
import type { BlockHeader } from '#wire/packet.ts'
import { random } from '../support/signals.ts'

const MS = 1_000_000n
const RATE = 48_000
const BLOCK = 480
const rate = (): number => RATE

function block(index: number, stream = 7n): BlockHeader {
  return {
    format: 's16',
    channels: 1,
    rate: RATE,
    flags: 0,
    stream,
    sequence: BigInt(index),
    firstFrame: BigInt(index * BLOCK),
    monotonicNs: BigInt(index) * 10n * MS,
    utcNs: 0n,
    frames: BLOCK,
    crc: 0,
  }
}

/** A tracker that has heard these blocks, in this order, while whole sound was needed. */
function heard(...indices: number[]): Tracker {
  const tracker = new Tracker()
  tracker.needed = true
  for (const index of indices) tracker.accept(block(index))
  return tracker
}

test('whatever is lost, doubled and moved: in the end every frame came once, and nothing is asked for that came', () => {
  const next = random(11)
  for (let round = 0; round < 150; round++) {
    const tracker = new Tracker()
    const scheduler = new Scheduler(tracker)
    tracker.needed = true
    const came = new Uint8Array(400 * BLOCK)
    const note = (header: BlockHeader, filled: number): void => {
      let fresh = 0
      for (let f = Number(header.firstFrame); f < Number(header.firstFrame) + header.frames; f++)
        if (came[f] === 0) {
          came[f] = 1
          fresh++
        }
      expect(filled).toBe(fresh)
    }
    const live = (header: BlockHeader): void => {
      const arrival = tracker.accept(header)
      if (arrival.kind === 'stream' || arrival.kind === 'live') note(header, header.frames)
      if (arrival.kind === 'late') note(header, arrival.frames)
      if (arrival.kind === 'live' && arrival.gap) scheduler.noticed(now, 7n, arrival.gap.from, 20n * MS)
    }
    const loss = next() * 0.6
    const held: BlockHeader[] = []
    let now = 0n
    let asks = 0
    for (let i = 0; i < 400; i++) {
      now = BigInt(i) * 10n * MS
      if (i === 0 || i === 399 || next() > loss) live(block(i))
      else if (next() < 0.3) held.push(block(i))
      if (next() < 0.1 && held.length > 0) live(held.shift()!)
      if (next() < 0.05) live(block(Math.max(0, i - 3)))
      while (step()) asks++
    }
    for (let turn = 0; turn < 4000 && tracker.pendingFrames > 0; turn++) {
      now += 10n * MS
      while (step()) asks++
    }
    expect(tracker.pendingFrames).toBe(0)
    expect(came.every((c) => c === 1)).toBe(true)
    expect(tracker.counters.missingFrames).toBe(0)
    expect(tracker.lose(7n, 0n, 2n ** 64n, 'ring')).toEqual([])
    expect(asks).toBeLessThan(400)

    /** One question, if it is time; some are not answered. */
    function step(): boolean {
      const question = scheduler.next(now, rate)
      if (!question || !('ask' in question)) return false
      const { from, to } = question.ask
      expect(to - from).toBeLessThanOrEqual(2n * BigInt(RATE))
      expect(tracker.unsettled(7n, from, to).length).toBeGreaterThan(0)
      if (next() < 0.1) {
        scheduler.failed(now)
        return true
      }
      const first = Number(from) / BLOCK
      for (let i = Math.floor(first); i * BLOCK < Number(to); i++) {
        const filled = tracker.repair(block(i))
        if (filled > 0) note(block(i), filled)
      }
      scheduler.answered(now, 5n * MS, next() < 0.1)
      return true
    }
  }
})

describe('when', () => {
  test('not before two round trips, nor before 40 ms: a block that was only overtaken comes by itself', () => {
    for (const [roundTrip, delay] of [
      [5n * MS, 40n * MS],
      [100n * MS, 200n * MS],
    ] as const) {
      const scheduler = new Scheduler(heard(0, 5))
      scheduler.noticed(0n, 7n, 480n, roundTrip)
      expect(scheduler.next(delay - 1n, rate)).toEqual({ at: delay })
      expect(scheduler.next(delay, rate)).toEqual({ ask: { stream: 7n, from: 480n, to: 2400n } })
    }
  })

  test('half of the time stays with live sound, and much more while it is late', () => {
    const scheduler = new Scheduler(heard(0, 5))
    scheduler.answered(0n, 100n * MS, false)
    expect(scheduler.next(99n * MS, rate)).toEqual({ at: 100n * MS })
    expect(scheduler.next(100n * MS, rate, true)).toEqual({ ask: { stream: 7n, from: 480n, to: 2400n } })
    expect(scheduler.next(200n * MS, rate, true)).toEqual({ at: 300n * MS })
    // Not late any more: at once.
    expect(scheduler.next(300n * MS, rate, false)).toHaveProperty('ask')
    expect(scheduler.next(2299n * MS, rate, true)).toHaveProperty('at')
    expect(scheduler.next(2300n * MS, rate, true)).toHaveProperty('ask')
  })

  test('longer and longer pauses behind failures, up to 8 s, and none when there is a connection again', () => {
    const scheduler = new Scheduler(heard(0, 5))
    const pauses = Array.from({ length: 8 }, () => {
      scheduler.failed(0n)
      const next = scheduler.next(0n, rate)
      return next && 'at' in next ? Number(next.at / MS) : 0
    })
    expect(pauses).toEqual([250, 500, 1000, 2000, 4000, 8000, 8000, 8000])
    scheduler.connected()
    expect(scheduler.next(0n, rate)).toHaveProperty('ask')
  })

  test('what is not captured yet is asked for half a second later; another stream need not wait for it', () => {
    const tracker = heard(0, 5)
    tracker.want(3n, 0n, 480n)
    const scheduler = new Scheduler(tracker)
    scheduler.future(0n, 3n)
    expect(scheduler.next(0n, rate)).toMatchObject({ ask: { stream: 7n } })
    expect(scheduler.next(500n * MS, rate)).toMatchObject({ ask: { stream: 3n } })
  })
})

test('what falls out of the ring is not chased: however far the node is, the rest comes', () => {
  for (const roundTrip of [1n * MS, 100n * MS, 600n * MS]) {
    const tracker = heard(0, 3000)
    const asker = new Scheduler(tracker)
    // The ring holds 10 s and is full: at 30 s it begins at 20 s, and goes on.
    let now = 30n * NS_PER_SECOND
    const lost: bigint[] = []
    let asks = 0
    while (tracker.pendingFrames > 0) {
      const question = asker.next(now, rate)
      if (!question || !('ask' in question)) {
        now = question!.at
        continue
      }
      asks++
      const { stream, from, to } = question.ask
      const oldest = ((now + roundTrip / 2n - 10n * NS_PER_SECOND) * BigInt(RATE)) / NS_PER_SECOND
      now += roundTrip
      if (from < oldest) {
        for (const range of tracker.lose(stream, from, oldest, 'ring')) lost.push(range.to)
        asker.gone(stream, oldest, roundTrip, RATE)
      } else {
        for (let i = Number(from / 480n); i * BLOCK < Number(to); i++) tracker.repair(block(i))
        asker.answered(now, 0n, false)
      }
    }
    expect(asks, `${roundTrip}`).toBeLessThan(20)
    // 20 s had fallen out before anything was asked; little more than the asking took is lost beside it.
    const beside = Number(lost.reduce((a, b) => (a > b ? a : b))) / RATE - 20
    expect(beside).toBeLessThan((Number(roundTrip) / 1e9) * 4 + 0.1)
  }
})

describe('what', () => {
  test('the oldest first, at most 2 s at once, growing from a quarter of a second', () => {
    const scheduler = new Scheduler(heard(0, 1000))
    const length = (): number => {
      const next = scheduler.next(10n * NS_PER_SECOND, rate)
      if (!next || !('ask' in next)) throw new Error('nothing to ask')
      expect(next.ask.from).toBe(480n)
      return Number(next.ask.to - next.ask.from) / RATE
    }
    const lengths = [0, 1, 2, 3, 4].map(() => {
      const seconds = length()
      scheduler.answered(0n, MS, false)
      return seconds
    })
    expect(lengths).toEqual([0.25, 0.5, 1, 2, 2])
    scheduler.answered(0n, 800n * MS, false)
    expect(length()).toBe(1)
    scheduler.answered(0n, MS, true)
    expect(length()).toBe(0.05)
  })

  test('holes close together as one, holes far apart one by one', () => {
    // Blocks 1, 3 and 5 are missing, then nothing until block 20.
    const scheduler = new Scheduler(heard(0, 2, 4, ...Array.from({ length: 14 }, (_, i) => 6 + i), 21))
    expect(scheduler.next(NS_PER_SECOND, rate)).toEqual({ ask: { stream: 7n, from: 480n, to: 2880n } })
  })

  test('nothing while nobody needs it, and nothing that was lost at capture', () => {
    const idle = new Tracker()
    idle.accept(block(0))
    idle.accept(block(5))
    expect(new Scheduler(idle).next(NS_PER_SECOND, rate)).toBeUndefined()
    const tracker = heard(0)
    tracker.accept({ ...block(5), sequence: 1n })
    expect(new Scheduler(tracker).next(NS_PER_SECOND, rate)).toBeUndefined()
    expect(tracker.forgotten()).toEqual([{ stream: 7n, from: 480n, to: 2400n, cause: 'capture' }])
    expect(tracker.forgotten()).toEqual([])
  })

  test('what was wanted counts as filled and never as missing', () => {
    const tracker = heard(10, 11)
    tracker.want(7n, 480n, 10_000_000n)
    // The rest of the live stream comes by itself.
    expect(tracker.unsettled(7n, 0n, 12n * 480n)).toEqual([{ from: 480n, to: 5760n }])
    expect(tracker.repair(block(1))).toBe(480)
    // Heard once, and needed again.
    expect(tracker.repair(block(10))).toBe(480)
    expect(tracker.counters).toMatchObject({ missingFrames: 0, gaps: 0, repairedFrames: 0 })
    expect(tracker.unsettled(7n, 0n, 12n * 480n)).toEqual([
      { from: 960n, to: 4800n },
      { from: 5280n, to: 5760n },
    ])
  })

  test('what lies beyond the newest frame is unsettled until the stream is over', () => {
    const tracker = heard(0, 1)
    expect(tracker.unsettled(7n, 0n, 2000n)).toEqual([{ from: 960n, to: 2000n }])
    tracker.end(7n, 960n)
    expect(tracker.unsettled(7n, 0n, 2000n)).toEqual([])
  })
})

test('holes and streams beyond the limit are told as lost, once each', () => {
  const tracker = new Tracker()
  tracker.needed = true
  for (let i = 0; i <= 4100; i++) tracker.accept(block(2 * i))
  const lost = tracker.forgotten()
  expect(lost.length).toBe(4)
  expect(lost[0]).toEqual({ stream: 7n, from: 480n, to: 960n, cause: 'network' })
  expect(tracker.counters.missingFrames).toBe(4100 * BLOCK)
  for (let s = 100; s < 140; s++) tracker.want(BigInt(s), 0n, 480n)
  expect(tracker.ledgers.length).toBe(32)
  expect(tracker.forgotten().length).toBeGreaterThan(0)
})

describe('what the ring tells of the time we were away', () => {
  const stream = (id: bigint, from: number, to: number, ended = true): object => ({
    id: id.toString(16).padStart(16, '0'),
    format: 's16',
    channels: 1,
    rate: RATE,
    from: `${from}`,
    to: `${to}`,
    ended,
    utc: '0',
  })
  const meta = (latest: bigint, kind: string, uptimeSeconds: number, ...streams: object[]): NodeMeta =>
    ({
      stream: { id: latest.toString(16).padStart(16, '0') },
      ringSeconds: 120,
      ring: { kind, streams },
      counters: { uptimeSeconds },
    }) as unknown as NodeMeta

  test('nothing to who has just come, whatever was before', () => {
    const tracker = heard(100)
    const found = survey(tracker, meta(7n, 'memory', 50, stream(7n, 0, 48_480, false), stream(6n, 0, 9000)))
    expect(found).toEqual({ missed: [], ended: [] })
  })

  test('an end that was missed, and a stream that began and ended meanwhile, oldest first', () => {
    const tracker = heard(0, 1)
    const listed = [stream(9n, 0, 480, false), stream(8n, 0, 5000), stream(7n, 0, 1440), stream(6n, 0, 480)]
    expect(survey(tracker, meta(9n, 'memory', 50, ...listed))).toEqual({
      missed: [
        { stream: 7n, from: 960n, to: 1440n },
        { stream: 8n, from: 0n, to: 5000n },
      ],
      ended: [
        { stream: 7n, end: 1440n },
        { stream: 8n, end: 5000n },
      ],
    })
  })

  test('a stream that the node has forgotten ended with what was heard; a disk is given time to be read', () => {
    const tracker = heard(0, 1)
    expect(survey(tracker, meta(9n, 'memory', 2, stream(9n, 0, 480, false))).ended).toEqual([{ stream: 7n, end: 960n }])
    expect(survey(tracker, meta(9n, 'disk', 2, stream(9n, 0, 480, false))).ended).toEqual([])
    expect(survey(tracker, meta(9n, 'disk', 60, stream(9n, 0, 480, false))).ended).toEqual([{ stream: 7n, end: 960n }])
  })

  test('a description from before the stream that is heard says nothing', () => {
    const tracker = heard(0, 1)
    tracker.accept(block(0, 9n))
    expect(survey(tracker, meta(7n, 'memory', 50, stream(7n, 0, 1440, false)))).toEqual({ missed: [], ended: [] })
  })
})
