/** The figures of a link against what was really done to it: real nodes, real sockets, a cable that can be made longer. */
import { afterEach, expect, test } from 'vitest'
import type { LinkHealth, LinkHistory } from '#contract/link-health.ts'
import { startNode, type NodeOptions } from '#producer/node.ts'
import { Closing } from '../support/closing.ts'
import { freePorts, openStation, until, type TestStation } from '../support/station.ts'
import { startTcpLink, type Delay, type TcpLink } from '../support/tcp-link.ts'

const closing = new Closing()
afterEach(() => closing.close())

/** Seconds that are looked at together. */
const LOOK = 3

interface Connected {
  readonly t: TestStation
  readonly key: number
  readonly link: TcpLink
}

async function node(options: Partial<NodeOptions> = {}): Promise<number> {
  const port = await freePorts()
  const endpoint = `tcp://127.0.0.1:${port}`
  const started = await startNode({ source: 'tone:count', endpoint, id: 'far', format: 's32', ...options })
  if (!started.ok) throw new Error(started.fault.message)
  closing.defer(() => started.value.stop())
  return port
}

async function connected(delay?: Delay, options: Partial<NodeOptions> = {}): Promise<Connected> {
  const link = await startTcpLink(await node(options))
  closing.defer(() => link.close())
  if (delay) link.delay(delay)
  const t = await openStation()
  closing.defer(() => t.close())
  return { t, key: await t.connect(link.url.replace('tcp://', '')), link }
}

const health = ({ t, key }: Connected): LinkHealth | undefined => t.node(key).link.health

async function history({ t, key }: Connected, since = 0): Promise<LinkHistory> {
  const answer = await t.screen.call('link.history', { node: key, since })
  if (!answer.ok) throw new Error(answer.fault.message)
  return answer.value
}

/** What a quiet computer would have read: the least of some whole seconds from now on. */
async function least(c: Connected, list: 'latencyMs' | 'jitterMs'): Promise<number> {
  // The second that runs now is half of before.
  const since = Date.now() + 1000
  await until(c.t.screen, () => (health(c)?.at ?? 0) > since + LOOK * 1000)
  const seconds = await history(c, since)
  expect(seconds.at.length).toBeGreaterThanOrEqual(LOOK - 1)
  return Math.min(...seconds[list].filter((ms) => ms !== null))
}

test('80 ms more on the way is 80 ms more latency, whichever way the clocks were mapped', async () => {
  const c = await connected()
  const before = await least(c, 'latencyMs')
  expect(before).toBeLessThan(40)
  c.link.delay((direction) => (direction === 'from-node' ? 80 : 0))
  const after = await least(c, 'latencyMs')
  expect(Math.abs(after - before - 80)).toBeLessThan(12)
  // The clocks are still known by the short way there was.
  expect(health(c)!.uncertaintyMs).toBeLessThan(10)
}, 30_000)

test('over a way that is long from the beginning latency and round trip are its own, and the doubt is told', async () => {
  const c = await connected(() => 80)
  expect(Math.abs((await least(c, 'latencyMs')) - 80)).toBeLessThan(25)
  const { uncertaintyMs } = health(c)!
  expect(uncertaintyMs).toBeGreaterThan(79)
  expect(uncertaintyMs).toBeLessThan(110)
  expect(t(c).roundTripMs).toBeGreaterThan(158)
  // A way that is long in one direction only cannot be told from half of it in each: the doubt covers that.
  const skewed = await connected((direction) => (direction === 'from-node' ? 80 : 0))
  const read = await least(skewed, 'latencyMs')
  expect(Math.abs(read - 80)).toBeLessThanOrEqual(health(skewed)!.uncertaintyMs! + 25)
}, 40_000)

test('a way that lets sound through in bursts is jitter', async () => {
  const c = await connected()
  const before = await least(c, 'jitterMs')
  // Five bursts a second of 20 blocks: 19 times 10 ms early against the one before, and once 190 ms late. The filter of
  // RFC 3550 makes between 14.5 and 25.5 ms of that, as the burst runs.
  c.link.delay((direction) => (direction === 'from-node' ? 200 - (performance.now() % 200) : 0))
  const after = await least(c, 'jitterMs')
  expect(after).toBeGreaterThan(12)
  expect(after).toBeGreaterThan(before)
  c.link.delay(() => 0)
  expect(await least(c, 'jitterMs')).toBeLessThan(after)
}, 40_000)

test('an outage is seconds without sound, then what was missing, to the millisecond; older seconds stay', async () => {
  const c = await connected()
  await until(c.t.screen, () => health(c)?.latencyMs !== undefined)
  c.link.cut()
  await until(c.t.screen, () => health(c) !== undefined && health(c)!.latencyMs === undefined)
  expect(health(c)).toMatchObject({ bitsPerSecond: 0 })
  c.link.heal()
  await until(c.t.screen, () => health(c)?.latencyMs !== undefined && t(c).link.missingFrames > 0)
  const seen = await history(c)
  expect(Math.min(...seen.heardMs)).toBe(0)
  const found = seen.missingMs.reduce((sum, ms) => sum + ms, 0)
  expect(found).toBeCloseTo(t(c).link.missingFrames / 48, 3)
  const quiet = seen.heardMs.indexOf(0)
  expect(seen.latencyMs[quiet]).toBeNull()
  // What has been asked for once is not told again.
  expect((await history(c, seen.at.at(-2))).at[0]).toBe(seen.at.at(-1))
}, 30_000)

test('rate, ring, queue, clocks and the node itself', async () => {
  const c = await connected(undefined, { ring: { seconds: 3, bytes: 1 << 24 } })
  await until(c.t.screen, () => (health(c)?.ring?.heldSeconds ?? 0) > 2.9 && health(c)!.bitsPerSecond > 0)
  const { bitsPerSecond, ring, wallOffsetMs, streamSeconds, sessionSeconds, stepped } = health(c)!
  // 48 kHz, two channels of 32 bits, and a header of 64 bytes each 10 ms.
  const wanted = 48_000 * 2 * 32 + 100 * 64 * 8
  expect(Math.abs(bitsPerSecond / wanted - 1)).toBeLessThan(0.2)
  expect(ring).toMatchObject({ kind: 'memory', seconds: 3 })
  expect(ring!.heldSeconds).toBeLessThan(4)
  // One computer, one clock; the node reads UTC in whole milliseconds.
  expect(Math.abs(wallOffsetMs!)).toBeLessThan(15)
  expect(stepped).toBe(false)
  expect(streamSeconds).toBeGreaterThan(2.9)
  expect(sessionSeconds).toBeGreaterThan(1)
  expect(sessionSeconds).toBeLessThan(streamSeconds! + 10)
  expect(t(c).link.queue).toMatchObject({ limit: 200 })
  const { uptimeSeconds, memoryBytes, reopened } = t(c).capture!
  expect(uptimeSeconds).toBeGreaterThan(2)
  expect(memoryBytes).toBeGreaterThan(1e6)
  expect(reopened).toBe(0)
  await c.t.screen.call('node.disconnect', { node: c.key })
  expect(t(c).link.health).toBeUndefined()
  expect((await history(c)).at).toEqual([])
}, 30_000)

function t(c: Connected): ReturnType<TestStation['node']> {
  return c.t.node(c.key)
}
