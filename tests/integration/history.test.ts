/** The history of a real node through the real engine: what it says, what is left of it after a restart, a crash and a hole. */
import { appendFile, mkdtemp, readdir, rm, truncate, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { HISTORY_FIGURES, NO_FIGURE, type HistoryFigureId, type HistoryPage } from '#contract/history.ts'
import { startNode } from '#producer/node.ts'
import { Closing } from '../support/closing.ts'
import { startLossProxy } from '../support/loss-proxy.ts'
import { startNodeProcess } from '../support/node-process.ts'
import { freePorts, openStation, until, type TestStation } from '../support/station.ts'

const closing = new Closing()
afterEach(() => closing.close())
const ALL = HISTORY_FIGURES.map(({ id }) => id)
/** A sine of -20 dBFS: RMS is 3.01 dB below its peak; LAF, LAeq and C peak as RMS and peak at 1 kHz. */
const RMS = -2301

async function node(port?: number): Promise<{ url: string; stop: () => Promise<unknown> }> {
  const args = ['--source', 'tone:sine:1000:-20', '--name', 'Sine', '--id', 'sine']
  const started = await startNodeProcess(args, port === undefined ? {} : { port })
  closing.defer(() => started.stop())
  return started
}

async function ask(
  t: TestStation,
  key: number,
  from: number,
  to: number,
  columns: number,
  figures = ALL,
): Promise<HistoryPage> {
  const answer = await t.screen.call('history.query', { node: key, from, to, columns, figures })
  if (!answer.ok) throw new Error(answer.fault.message)
  return answer.value
}

/** All of it by the second, once there is more than `seconds` of it. */
async function whole(t: TestStation, key: number, seconds: number): Promise<HistoryPage> {
  for (;;) {
    const { held } = await ask(t, key, 0, 1, 1, [])
    if (held && held.to - held.from > 1000 * seconds) return ask(t, key, held.from, held.from + 3_600_000, 3600)
    // Readings come with every state the screen is told.
    await new Promise<void>((resolve) => {
      const entry = t.screen.onFrame(() => {
        void entry.dispose()
        resolve()
      })
    })
  }
}

function max(page: HistoryPage, figure: HistoryFigureId, i: number): number {
  return page.lines.find((line) => line.figure === figure && line.channel === 0)!.max[i]!
}

test('every figure of a sine is what the standard makes of it, finer for the last minutes, and survives a restart', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'farfield-history-'))
  closing.defer(() => rm(folder, { recursive: true, force: true }))
  const { url } = await node()
  let t = await openStation({ folder, remember: true })
  closing.defer(() => t.close())
  const key = await t.connect(url)
  const page = await whole(t, key, 6)
  const second = 4
  expect(page.step).toBe(1000)
  expect(page.heard[second]).toBe(1000)
  for (const figure of ['rms', 'LAF', 'LAeq'] as const)
    expect(Math.abs(max(page, figure, second) - RMS)).toBeLessThan(5)
  for (const figure of ['peak', 'LCpeak'] as const) expect(Math.abs(max(page, figure, second) + 2000)).toBeLessThan(5)
  for (const figure of ['momentary', 'shortTerm'] as const)
    expect(Math.abs(max(page, figure, second) + 2000)).toBeLessThan(10)
  expect(page.at[second]! - (page.from + 1000 * second)).toBeGreaterThan(900)
  expect(page.position[second]! - page.position[second - 1]!).toBeGreaterThan(47_000)
  const at = page.from + 1000 * second
  const tenths = await ask(t, key, at, at + 1000, 10)
  expect(tenths.step).toBe(100)
  expect(tenths.heard).toEqual(Array(10).fill(100))
  expect(Math.max(...tenths.lines.find((l) => l.figure === 'rms')!.max)).toBe(max(page, 'rms', second))
  await t.close()

  // A crash tears the last record; and somebody else's file lies there.
  const [name] = await readdir(join(folder, 'history'))
  const files = (await readdir(join(folder, 'history', name!))).sort((a, b) => a.localeCompare(b))
  const newest = join(folder, 'history', name!, files.at(-1)!)
  await truncate(newest, (await stat(newest)).size - 7)
  await writeFile(join(folder, 'history', name!, 'notes.txt'), 'not a history')
  await writeFile(join(folder, 'history', name!, '1-2.history'), 'x'.repeat(1000))
  t = await openStation({ folder, remember: true })
  await until(t.screen, () => t.screen.state!.nodes[0]?.presence === 'live')
  const again = await whole(t, t.screen.state!.nodes[0]!.key, 9)
  expect(again.from).toBe(page.from)
  expect(again.lines.map((line) => line.max[second])).toEqual(page.lines.map((line) => line.max[second]))
  expect(again.at[second]).toBe(page.at[second])

  // What is written behind the torn record is read too.
  await t.close()
  await appendFile(newest, 'torn')
  t = await openStation({ folder, remember: true })
  await until(t.screen, () => t.screen.state !== undefined)
  const third = await whole(t, t.screen.state!.nodes[0]!.key, 9)
  expect(third.lines.map((line) => line.max.slice(0, 9))).toEqual(again.lines.map((line) => line.max.slice(0, 9)))
}, 60_000)

test('what was sent while nobody could hear it is a hole, not silence', async () => {
  const first = await node()
  const t = await openStation()
  closing.defer(() => t.close())
  const key = await t.connect(first.url)
  await whole(t, key, 2)
  await t.screen.call('node.disconnect', { node: key })
  const before = (await ask(t, key, 0, 1, 1, [])).held!
  await t.screen.call('node.connect', { node: key })
  const page = await whole(t, key, (before.to - before.from) / 1000 + 3)
  for (const { max: values } of page.lines)
    for (const value of values) expect(value === NO_FIGURE || value < 0).toBe(true)
  const rms = page.lines.find((line) => line.figure === 'rms')!
  for (const value of rms.min) expect(value === NO_FIGURE || Math.abs(value - RMS) < 200).toBe(true)
}, 30_000)

test('what the network lost is what its session counts', async () => {
  const nodePort = await freePorts()
  const started = await startNode({ source: 'tone:demo', endpoint: `tcp://127.0.0.1:${nodePort}`, id: 'lossy' })
  if (!started.ok) throw new Error(started.fault.message)
  closing.defer(() => started.value.stop())
  const port = await freePorts()
  const proxy = await startLossProxy(nodePort, port, (sequence, packet) => (sequence % 40n < 3n ? [] : [packet]))
  closing.defer(() => proxy.close())
  const t = await openStation()
  closing.defer(() => t.close())
  const key = await t.connect(`127.0.0.1:${port}`)
  await whole(t, key, 4)
  const { missingFrames } = t.station.nodes.get(key)!.session!.tracker.counters
  const missing = (missingFrames + 480 * t.station.pool.dropped(key)) / 48
  await t.screen.call('node.disconnect', { node: key })
  await until(t.screen, () => t.node(key).presence === 'disconnected')
  const page = await whole(t, key, 4)
  const lost = page.lost.reduce((sum, ms) => sum + ms, 0)
  expect(lost).toBeGreaterThan(100)
  // A gap of 30 ms may lie behind the newest reading, and another two may come before the node is disconnected.
  expect(lost).toBeGreaterThan(missing - 31)
  expect(lost).toBeLessThan(missing + 61)
  for (const { max: values } of page.lines) for (const value of values) expect(value).toBeLessThan(0)
}, 30_000)

test('a node that is not in the list has no history', async () => {
  const t = await openStation()
  closing.defer(() => t.close())
  const answer = await t.screen.call('history.query', { node: 99, from: 0, to: 1, columns: 1, figures: [] })
  expect(answer).toMatchObject({ ok: false, fault: { code: 'not-found' } })
})
