/** What the link loses comes back from the node's ring, frame for frame. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { NS_PER_SECOND } from '#shared/clock.ts'
import { Closing } from '../support/closing.ts'
import { Listener } from '../support/listener.ts'
import { startLossProxy, type Mischief } from '../support/loss-proxy.ts'
import { freePortPair, startNodeProcess, type NodeProcess } from '../support/node-process.ts'
import { Pace, relay, type Relay } from '../support/relay.ts'

const closing = new Closing()
afterEach(() => closing.close())

const COUNT = ['--source', 'tone:count', '--format', 's32', '--id', 'counter']

async function node(args: readonly string[] = [], port?: number): Promise<NodeProcess> {
  const started = await startNodeProcess([...COUNT, ...args], port === undefined ? {} : { port })
  closing.defer(() => started.stop('SIGKILL'))
  return started
}

function listen(address: string): Listener {
  const listener = new Listener(address)
  closing.defer(() => listener.close())
  return listener
}

/** The node behind a cable for each of its two ports. */
async function cabled(nodePort: number, pace?: Pace): Promise<{ listener: Listener; cables: readonly Relay[] }> {
  const port = await freePortPair()
  const cables = [await relay(port, nodePort, pace), await relay(port + 1, nodePort + 1, pace)]
  closing.defer(() => cables.forEach((cable) => cable.close()))
  const listener = listen(`127.0.0.1:${port}`)
  await listener.until(() => listener.session.metadata !== undefined && listener.newest !== undefined)
  return { listener, cables }
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms))

/** Everything from the first frame heard of the stream to the newest is there, and nothing waits. */
function whole(listener: Listener, stream: bigint): boolean {
  return listener.came.get(stream)!.items.length === 1 && listener.session.tracker.pendingFrames === 0
}

test('blocks that are dropped, doubled, swapped and late all come in the end', async () => {
  const { port: nodePort } = await node()
  const port = await freePortPair()
  let held: Buffer[] | undefined
  let dropped = 0
  const mischief: Mischief = (sequence, packet) => {
    if (sequence % 7n === 0n || sequence % 100n < 12n) {
      dropped++
      return []
    }
    if (sequence % 5n === 0n && !held) {
      held = packet
      return []
    }
    const out = held ? [packet, held, packet] : [packet]
    held = undefined
    return out
  }
  const proxy = await startLossProxy(nodePort, port, mischief, { control: true })
  closing.defer(() => proxy.close())
  const listener = listen(`127.0.0.1:${port}`)
  await listener.until(() => listener.newest !== undefined)
  listener.session.hold()
  const { stream } = listener.newest!.header
  const wanted = listener.newest!.header.firstFrame + 192_000n
  await listener.until(() => listener.newest!.header.firstFrame > wanted)
  await listener.until(() => listener.session.unsettled(stream, 0n, wanted).length === 0)
  expect(dropped).toBeGreaterThan(50)
  expect(listener.came.get(stream)!.within(listener.begun[0]!.first, wanted)).toEqual([
    { from: listener.begun[0]!.first, to: wanted },
  ])
  expect({ wrong: listener.wrong, lost: listener.lostRanges }).toEqual({ wrong: 0, lost: [] })
  expect(listener.session.losses.view('counter').at(-1)!.sentence).toMatch(/^Network to counter: \d+.* missing/)
})

test.each(['cut', 'freeze'] as const)(
  'an outage of 4 s (%s): live again within 3 s, then healed whole',
  async (how) => {
    const { port } = await node()
    const { listener, cables } = await cabled(port)
    listener.session.hold()
    const { stream, firstFrame } = listener.newest!.header
    for (const cable of cables) cable[how]()
    await wait(4000)
    expect(listener.session.presence().presence).not.toBe('live')
    const healed = performance.now()
    const heard = listener.newest
    for (const cable of cables) cable.mend()
    await listener.until(() => listener.newest !== heard)
    expect(performance.now() - healed).toBeLessThan(3000)
    await listener.until(() => whole(listener, stream))
    expect(performance.now() - healed).toBeLessThan(10_000)
    expect(listener.repaired).toBeGreaterThan(3 * 48_000)
    expect(listener.wrong).toBe(0)
    expect(listener.lostRanges).toEqual([])
    expect(listener.came.get(stream)!.items[0]!.to).toBeGreaterThan(firstFrame + 4n * 48_000n)
    const [loss] = listener.session.losses.view('counter')
    expect(loss).toMatchObject({ stage: 'network', state: 'refilled' })
    expect(loss!.sentence).toMatch(/^Network to counter: \d\.\d s missing, refilled$/)
  },
)

/** Bytes a second of what the node sends, headers aside. */
const STREAM = 48_000 * 8

test('on a link with little to spare old sound does not hold up live sound', async () => {
  const { port } = await node()
  const { listener, cables } = await cabled(port, new Pace(1.6 * STREAM))
  listener.session.hold()
  const { stream } = listener.newest!.header
  for (const cable of cables) cable.cut()
  await wait(3000)
  for (const cable of cables) cable.mend()
  await listener.until(() => listener.gaps.length > 0)
  listener.worstDelayMs = 0
  await listener.until(() => whole(listener, stream))
  expect(listener.wrong).toBe(0)
  expect(listener.lostRanges).toEqual([])
  expect(listener.worstDelayMs).toBeLessThan(1000)
})

test('a link that is too slow for its stream is said within 10 s', async () => {
  const { port } = await node()
  const { listener } = await cabled(port, new Pace(0.6 * STREAM))
  await listener.until(() => listener.session.report.warnings('counter').some((w) => w.code === 'link-slow'), 10_000)
  expect(listener.session.report.warnings('counter')[0]!.message).toMatch(
    /^The network to counter is too slow for its sound: \d+ % of the 3\.1 Mb\/s came through in the last few seconds\./,
  )
})

test('who takes the connection and hangs up is knocked at less and less often', async () => {
  const port = await freePortPair()
  const cables = [await relay(port, port + 1), await relay(port + 1, port)]
  closing.defer(() => cables.forEach((cable) => cable.close()))
  for (const cable of cables) cable.cut()
  const listener = listen(`127.0.0.1:${port}`)
  await wait(6000)
  // Three at once, then after 0.5, 1, 2, 2 s.
  expect(cables[0]!.refusals).toBeGreaterThan(3)
  expect(cables[0]!.refusals).toBeLessThanOrEqual(8)
  expect(listener.session.presence()).toMatchObject({ presence: 'connecting', fault: { code: 'not-a-node' } })
})

test('an outage longer than the ring: what fell out is said to the frame, the rest comes', async () => {
  const { port } = await node(['--ring', '2s'])
  const { listener, cables } = await cabled(port)
  listener.session.hold()
  const { stream } = listener.newest!.header
  for (const cable of cables) cable.cut()
  await wait(4000)
  for (const cable of cables) cable.mend()
  await listener.until(() => listener.lostRanges.length > 0 && listener.session.tracker.pendingFrames === 0)
  expect(listener.lostRanges.every((r) => r.cause === 'ring' && r.stream === stream)).toBe(true)
  const [before, after] = listener.came.get(stream)!.items
  expect(listener.came.get(stream)!.items).toHaveLength(2)
  // Piece by piece, in whatever order it was told, and each frame once.
  const lost = listener.lostRanges.toSorted((a, b) => (a.from < b.from ? -1 : 1))
  for (const [i, { from }] of lost.entries()) expect(from).toBe(lost[i - 1]?.to ?? before!.to)
  expect(lost.at(-1)!.to).toBe(after!.from)
  const gone = Number(after!.from - before!.to) / 48_000
  const [gap] = listener.gaps
  const tooOld = Number(gap!.to - gap!.from) / 48_000 - 2
  expect(tooOld).toBeGreaterThan(1.5)
  expect(gone - tooOld).toBeGreaterThan(-0.05)
  expect(gone - tooOld).toBeLessThan(0.5)
  expect(listener.session.losses.view('counter')[0]!.sentence).toMatch(
    /^Ring of counter: \d\.\d s missing, .* for good: it fell out of what the node keeps$/,
  )
})

test('a node without a ring: lost at once, and it is not asked', async () => {
  const { port } = await node(['--ring', '0'])
  const { listener, cables } = await cabled(port)
  listener.session.hold()
  const asked = cables[1]!.connections
  for (const cable of cables) cable.cut()
  await wait(1500)
  for (const cable of cables) cable.mend()
  await listener.until(() => listener.lostRanges.length > 0)
  expect(listener.lostRanges).toHaveLength(1)
  expect(listener.lostRanges[0]!.cause).toBe('network')
  expect(listener.session.tracker.pendingFrames).toBe(0)
  // The connection for times and nothing else.
  expect(cables[1]!.connections - asked).toBeLessThanOrEqual(1)
})

test('nobody needs it: a hole is counted and told, and nothing is asked for', async () => {
  const { port } = await node()
  const { listener, cables } = await cabled(port)
  for (const cable of cables) cable.cut()
  await wait(1000)
  for (const cable of cables) cable.mend()
  await listener.until(() => listener.session.tracker.counters.gaps === 1)
  await listener.until(() => listener.session.metadata!.counters.uptimeSeconds > 3)
  expect(listener.session.metadata!.counters.backfillRequests).toBe(0)
  expect(listener.session.losses.view('counter')[0]).toMatchObject({ state: 'missing', stage: 'network' })
  expect(listener.session.tracker.counters.missingFrames).toBeGreaterThan(10_000)
})

test('a node that is killed and started anew: the beginning that was missed comes, the end that is forgotten is over', async () => {
  const first = await node()
  const { listener } = await cabled(first.port)
  listener.session.hold()
  const { stream } = listener.newest!.header
  await first.stop('SIGKILL')
  await node([], first.port)
  await listener.until(() => listener.begun.length === 2)
  const { stream: second, first: from } = listener.begun[1]!
  await listener.until(() => listener.over.has(stream) && listener.session.tracker.pendingFrames === 0)
  expect(listener.over.get(stream)).toBe(listener.came.get(stream)!.items.at(-1)!.to)
  expect(listener.came.get(second)!.items).toHaveLength(1)
  expect(listener.came.get(second)!.items[0]!.from).toBe(0n)
  expect(from).toBeGreaterThanOrEqual(0n)
  expect(listener.wrong).toBe(0)
  expect(listener.session.losses.view('counter').map((l) => l.sentence)).toContainEqual(
    expect.stringMatching(/^Microphone of counter: .* not captured, the node or its microphone began anew$/),
  )
})

test('with a spool the end that was missed and a stream that came and went meanwhile come too', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'farfield-spool-'))
  closing.defer(() => rm(folder, { recursive: true }))
  const args = ['--spool', folder]
  const first = await node(args)
  const { listener, cables } = await cabled(first.port)
  listener.session.hold()
  const { stream } = listener.newest!.header
  for (const cable of cables) cable.cut()
  await wait(1500)
  await first.stop()
  const between = await node(args, first.port)
  await wait(1500)
  await between.stop()
  await node(args, first.port)
  for (const cable of cables) cable.mend()
  await listener.until(() => listener.begun.length === 2)
  await listener.until(() => listener.over.size === 2 && listener.session.tracker.pendingFrames === 0)
  expect(listener.came.size).toBe(3)
  expect(listener.lostRanges).toEqual([])
  expect(listener.wrong).toBe(0)
  for (const [id, came] of listener.came) {
    expect(came.items).toHaveLength(1)
    if (listener.over.has(id)) expect(came.items[0]!.to).toBe(listener.over.get(id))
    if (id !== stream) expect(came.items[0]!.from).toBe(0n)
  }
  const lengths = [...listener.came.values()].map((came) => came.frames / 48_000)
  expect(Math.min(...lengths)).toBeGreaterThan(1)
})

test('sound from before it was wanted comes, and a moment of this computer has its frame', async () => {
  const { port } = await node()
  await wait(2500)
  const listener = listen(`127.0.0.1:${port}`)
  await listener.until(() => (listener.session.clock ? listener.newest !== undefined : false))
  const now = process.hrtime.bigint()
  const here = listener.session.positionAt(now)!
  const newest = listener.newest!.header
  expect(here.stream).toBe(newest.stream)
  // The newest block was captured within the last moments.
  const ahead = Number(here.position - newest.firstFrame) / 48_000
  expect(ahead).toBeGreaterThan(-0.005)
  expect(ahead).toBeLessThan(0.25)
  const earlier = listener.session.positionAt(now - 2n * NS_PER_SECOND)!
  expect(here.position - earlier.position).toBe(96_000n)
  listener.session.want(here.stream, earlier.position, newest.firstFrame)
  expect(listener.session.unsettled(here.stream, earlier.position, newest.firstFrame)).toHaveLength(1)
  await listener.until(() => listener.session.tracker.pendingFrames === 0)
  expect(listener.came.get(here.stream)!.items).toHaveLength(1)
  expect(listener.came.get(here.stream)!.items[0]!.from).toBeLessThanOrEqual(earlier.position)
  // It was never missing: nobody had asked for it before.
  expect(listener.session.tracker.counters).toMatchObject({ missingFrames: 0, gaps: 0 })
  expect(listener.lostRanges).toEqual([])
})

test.each(['4294967296', '9007199254740992'])('positions are exact at %s', async (middle) => {
  const { port } = await node(['--first-frame', `${BigInt(middle) - 96_000n}`])
  const { listener, cables } = await cabled(port)
  listener.session.hold()
  const { stream } = listener.newest!.header
  await listener.until(() => listener.newest!.header.firstFrame > BigInt(middle) - 48_000n)
  for (const cable of cables) cable.cut()
  await wait(2000)
  for (const cable of cables) cable.mend()
  await listener.until(() => listener.newest!.header.firstFrame > BigInt(middle) + 48_000n)
  await listener.until(() => whole(listener, stream))
  expect(listener.wrong).toBe(0)
  const [range] = listener.came.get(stream)!.items
  expect(range!.from < BigInt(middle) && range!.to > BigInt(middle)).toBe(true)
})
