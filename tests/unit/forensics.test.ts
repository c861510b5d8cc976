/** Where sound was lost, and whether the link carries what it should. */
import { describe, expect, test } from 'vitest'
import { Interruption } from '#engine/forensics/interruption.ts'
import { LinkWatch } from '#engine/forensics/link-watch.ts'
import { duration, Losses } from '#engine/forensics/losses.ts'
import { linkWarnings } from '#engine/forensics/warnings.ts'

const RATE = 48_000
const S = 1_000_000_000n
const range = (from: number, to: number): { stream: bigint; from: bigint; to: bigint } => ({
  stream: 7n,
  from: BigInt(from),
  to: BigInt(to),
})

describe('sentences', () => {
  const sentence = (losses: Losses): string => losses.view('attic')[0]!.sentence

  test('missing, being refilled, refilled', () => {
    const losses = new Losses()
    losses.missed(0, range(0, 16_320), RATE, 'network', true)
    expect(sentence(losses)).toBe('Network to attic: 340 ms missing, 340 ms still to be refilled')
    losses.came(7n, 0n, 9600n)
    expect(sentence(losses)).toBe('Network to attic: 340 ms missing, 140 ms still to be refilled')
    losses.came(7n, 9600n, 16_320n)
    expect(losses.view('attic')[0]).toEqual({
      sentence: 'Network to attic: 340 ms missing, refilled',
      at: 0,
      stage: 'network',
      frames: 16_320,
      state: 'refilled',
    })
  })

  test.each([
    ['ring', 'Ring of attic: 2.0 s missing, 1.0 s of it for good: it fell out of what the node keeps'],
    ['node', 'Network to attic: 2.0 s missing, 1.0 s of it for good: the node was started anew and forgot it'],
    ['network', 'Network to attic: 2.0 s missing, 1.0 s of it for good: the node cannot send it again'],
  ] as const)('lost for good: %s', (cause, wanted) => {
    const losses = new Losses()
    losses.missed(0, range(0, 96_000), RATE, 'network', true)
    losses.came(7n, 48_000n, 96_000n)
    losses.lost(0, { ...range(0, 48_000), cause }, RATE)
    expect(losses.view('attic')[0]).toMatchObject({ sentence: wanted, state: 'lost' })
  })

  test('nobody needed it; at capture; wanted from before and gone', () => {
    const losses = new Losses()
    losses.missed(0, range(0, 480), RATE, 'network', false)
    expect(losses.view('attic')[0]).toMatchObject({ sentence: 'Network to attic: 10 ms missing', state: 'missing' })
    losses.missed(9000, range(960, 1440), RATE, 'capture', true)
    losses.lost(9000, { ...range(960, 1440), cause: 'capture' }, RATE)
    expect(sentence(losses)).toBe(
      'Microphone of attic: 10 ms missing, all of it for good: it was lost before the node saw it',
    )
    losses.lost(20_000, { ...range(5000, 53_000), cause: 'ring' }, RATE)
    expect(losses.view('attic')[0]).toMatchObject({ stage: 'ring', frames: 48_000, state: 'lost' })
  })

  test('what has no positions: between two streams, or not measured', () => {
    const losses = new Losses()
    for (let i = 0; i < 10; i++) losses.note(i * 10, 'session', 480, RATE, 'not measured')
    expect(losses.view('attic')).toHaveLength(1)
    expect(losses.view('attic')[0]).toMatchObject({
      sentence: 'This computer was too busy for attic: 100 ms not measured',
      state: 'lost',
    })
  })

  test('losses close together are one, and only so many are kept, newest first', () => {
    const losses = new Losses()
    for (let i = 0; i < 10; i++) losses.missed(i * 1000, range(i * 1000, i * 1000 + 480), RATE, 'network', true)
    expect(losses.view('attic')).toHaveLength(1)
    expect(losses.view('attic')[0]!.frames).toBe(4800)
    for (let i = 1; i < 100; i++) losses.missed(i * 10_000, range(i * 48_000, i * 48_000 + 480), RATE, 'network', true)
    const view = losses.view('attic')
    expect(view).toHaveLength(50)
    expect(view[0]!.at).toBe(990_000)
  })

  test.each([
    [0.0001, '1 ms'],
    [0.34, '340 ms'],
    [0.9996, '1.0 s'],
    [12.34, '12.3 s'],
    [200, '3 min 20 s'],
  ])('%d s is said as %s', (seconds, said) => expect(duration(seconds)).toBe(said))
})

test('the time between two streams that nobody captured', () => {
  const between = new Interruption()
  expect(between.followed(7n, 5n * S)).toBeUndefined()
  expect(between.ended(7n, 2n * S)).toBe(3n * S)
  expect(between.ended(8n, 0n)).toBeUndefined()
  expect(between.followed(8n, S)).toBe(S)
})

/** Ticks through seconds; each with the part of the sound that came, how late it was, and whether some was missing. */
function watched(seconds: readonly { share: number; lag: number; gap?: boolean }[]): (boolean | number)[] {
  const watch = new LinkWatch()
  watch.tick(0n)
  return seconds.map(({ share, lag, gap }, i) => {
    const now = BigInt(i + 1) * S
    if (share > 0) watch.block(now, share * RATE, RATE, BigInt(Math.round(lag * 1e9)))
    if (gap) watch.gap()
    watch.tick(now)
    return watch.slow ? Math.round(watch.slow.share * 100) : false
  })
}

describe('a link that is too slow', () => {
  test('is seen by sound that gets later and later, within 10 s', () => {
    const half = Array.from({ length: 10 }, (_, i) => ({ share: 0.5, lag: 0.5 * (i + 1) }))
    expect(watched(half).slice(0, 4)).toEqual([false, false, false, 50])
    const most = Array.from({ length: 10 }, (_, i) => ({ share: 0.8, lag: 0.2 * (i + 1) }))
    expect(watched(most).at(-1)).toBe(80)
  })

  test('is seen by sound that falls out though it is not late', () => {
    expect(watched(Array.from({ length: 5 }, () => ({ share: 0.7, lag: 0.1, gap: true }))).at(-1)).toBe(70)
  })

  test('is not what an outage, a hiccup or a clock that runs a little slow is', () => {
    const fine = { share: 1, lag: 0.05 }
    const outage = [
      fine,
      fine,
      fine,
      { share: 0, lag: 0.05 },
      { share: 0, lag: 0.05 },
      { share: 0.3, lag: 0.05, gap: true },
    ]
    expect(watched([...outage, fine, fine, fine]).every((slow) => slow === false)).toBe(true)
    const hiccup = [fine, { share: 0.1, lag: 1.5 }, { share: 2, lag: 1.1 }, { share: 1.5, lag: 0.2 }, fine, fine, fine]
    expect(watched(hiccup).every((slow) => slow === false)).toBe(true)
    expect(watched(Array.from({ length: 20 }, () => ({ share: 0.94, lag: 0.05 }))).every((s) => s === false)).toBe(true)
  })

  test('is over after five good seconds', () => {
    const bad = Array.from({ length: 5 }, (_, i) => ({ share: 0.5, lag: i }))
    const good = Array.from({ length: 6 }, () => ({ share: 1, lag: 0.05 }))
    const seen = watched([...bad, ...good])
    expect(seen[8]).not.toBe(false)
    expect(seen.at(-1)).toBe(false)
  })
})

test('old sound gives way to live sound that is late or does not come', () => {
  const watch = new LinkWatch()
  watch.block(S, 480, RATE, 100_000_000n)
  expect(watch.lagging(S, 0n, true)).toBe(false)
  watch.block(S, 480, RATE, 400_000_000n)
  expect(watch.lagging(S, 0n, true)).toBe(true)
  // Across the world that is no delay.
  expect(watch.lagging(S, 300_000_000n, true)).toBe(false)
  expect(watch.lagging(2n * S, 300_000_000n, true)).toBe(true)
  // A stream that is over keeps nobody waiting.
  expect(watch.lagging(2n * S, 0n, false)).toBe(false)
})

test('warnings name what to do, and come at least 30 s before sound falls out of the ring', () => {
  const format = { format: 's32', channels: 2, rate: RATE } as const
  const quiet = { slow: undefined, format, ringSeconds: 120, oldestAge: undefined }
  expect(linkWarnings('attic', quiet)).toEqual([])
  expect(linkWarnings('attic', { ...quiet, oldestAge: 60n * S })).toEqual([])
  expect(linkWarnings('attic', { ...quiet, oldestAge: 80n * S })[0]).toMatchObject({
    code: 'ring-ends',
    message:
      'attic keeps the missing sound for 40.0 s more, then it is lost for good. Bring its network back before that.',
  })
  expect(linkWarnings('attic', { ...quiet, oldestAge: 121n * S })).toEqual([])
  expect(linkWarnings('attic', { ...quiet, slow: { share: 0.62 } })[0]!.message).toMatch(
    /^The network to attic is too slow for its sound: 62 % of the 3\.1 Mb\/s came through/,
  )
})
