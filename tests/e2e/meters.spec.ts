/** Waveform, correlation, the level bridge, targets and the large figure, each of sound whose figures are known. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Locator } from '@playwright/test'
import type { StreamFormat } from '#shared/pcm.ts'
import type { Desk } from '../support/desk.ts'
import { expect, test, type Start } from '../support/e2e.ts'
import { startLossProxy, type Mischief } from '../support/loss-proxy.ts'
import { freePortPair } from '../support/node-process.ts'
import { wavFile } from '../support/node-sound.ts'

const RATE = 48_000
const SINE_DB = 10 * Math.log10(0.5)
const peakOf = (db: number): number => 10 ** (db / 20)

function panel(desk: Desk, name: string): Locator {
  return desk.pane.getByRole('region', { name, exact: true })
}

/** A node that plays a file over and over: each channel a function of the time, of full scale ±1. */
async function play(
  start: Start,
  folder: string,
  name: string,
  seconds: number,
  channels: readonly ((s: number) => number)[],
) {
  const format: StreamFormat = { format: 'f32', rate: RATE, channels: channels.length }
  const samples = Buffer.alloc(seconds * RATE * channels.length * 4)
  for (let frame = 0, at = 0; frame < seconds * RATE; frame++) {
    for (const channel of channels) at = samples.writeFloatLE(channel(frame / RATE), at)
  }
  const file = join(folder, `${name}.wav`)
  await writeFile(file, wavFile(format, samples))
  return start.node(name, `wav:${file}`)
}

const sine =
  (hz: number, db: number, phase = 0) =>
  (s: number): number =>
    peakOf(db) * Math.sin(2 * Math.PI * hz * s + phase)

/** The CSV of a panel, by its headings. */
async function tableOf(desk: Desk, name: string): Promise<Record<string, string>[]> {
  const { page } = desk
  await panel(desk, name)
    .getByRole('button', { name: `Panel ${name}` })
    .click()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'Save as table (CSV)' }).click(),
  ])
  const text = (await readFile(await download.path(), 'utf8')).replace('\uFEFF', '').trimEnd()
  const [head, ...lines] = text.split('\r\n').map((line) => line.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/))
  return lines.map((cells) => Object.fromEntries(head!.map((title, i) => [title.replaceAll('"', ''), cells[i]!])))
}

test('correlation of opposite channels, its balance, its lowest to clear, its table', async ({
  desk,
  folder,
  start,
}) => {
  // Opposite for eight seconds, long enough to be seen; then a quarter of a period apart, long enough for all that follows.
  const left = sine(1000, -20)
  const right = (s: number): number => (s < 8 ? -left(s) : sine(1000, -26, Math.PI / 2)(s))
  const node = await play(start, folder, 'Turning', 40, [left, right])
  const served = await start.serve()
  const { page } = desk
  await desk.open(served.url)
  await desk.connect(node.url, 'Turning')
  await desk.expectNear('correlation-fast', -1, 0.01)
  await desk.expectNear('correlation-lowest', -1, 0.01)
  await desk.expectNear('correlation-fast', 0, 0.01)
  await desk.expectNear('correlation-balance', -6, 0.02)
  await expect(page.getByTestId('correlation-balance')).toHaveText('−6.0')
  await expect(page.getByTestId('correlation-lowest')).toHaveText('−1.00')
  await panel(desk, 'Correlation')
    .getByRole('button', { name: /Lowest|lowest/ })
    .click()
  await desk.expectNear('correlation-lowest', 0, 0.05)
  // The slow one forgets in 3 s.
  await desk.expectNear('correlation-slow', 0, 0.01)
  await expect(page.getByTestId('correlation-zoom'), 'the louder channel fills the scope').toHaveText('+18')
  await desk.expectDrawing(panel(desk, 'Correlation').locator('canvas').nth(1))
  const [row] = await tableOf(desk, 'Correlation')
  expect(Number(row!['Correlation, 300 ms'])).toBeCloseTo(0, 1)
  expect(Number(row!['Left RMS (dBFS)'])).toBeCloseTo(-20 + SINE_DB, 1)
  expect(Number(row!['Balance, right less left (dB)'])).toBeCloseTo(-6, 1)
})

test('a pair of four channels is chosen, and kept with the node', async ({ desk, folder, start }) => {
  const one = sine(1000, -20)
  const node = await play(start, folder, 'Four', 2, [one, one, sine(500, -30), (s) => -one(s)])
  const served = await start.serve()
  const { page } = desk
  await desk.open(served.url)
  await desk.connect(node.url, 'Four')
  await desk.expectNear('correlation-fast', 1, 0.01)
  const settings = await desk.settings('Correlation')
  await settings.getByRole('combobox', { name: 'Right channel', exact: true }).click()
  await expect(page.getByRole('listbox', { name: 'Right channel' }).getByRole('option')).toHaveCount(4)
  await page.getByRole('option', { name: 'R 4', exact: true }).click()
  await desk.expectNear('correlation-fast', -1, 0.01)
  await page.reload()
  await desk.expectNear('correlation-fast', -1, 0.01)
  await expect(panel(desk, 'Correlation').getByTitle('Settings of Correlation')).toContainText('L 1 · R 4')
})

test('one channel has no correlation, and the panel says so in a sentence', async ({ desk, start }) => {
  const node = await start.node('Mono', 'tone:sine:1000:-20', ['--channels', '1'])
  const served = await start.serve()
  await desk.open(served.url)
  await desk.connect(node.url, 'Mono')
  const correlation = panel(desk, 'Correlation')
  await expect(correlation).toContainText('This node sends one channel; correlation is between two.')
  await expect(correlation.locator('canvas')).toHaveCount(0)
  await desk.expectNear('waveform-highest', -20, 0.02)
  await desk.expectNear('level-truePeakMax-0', -20, 0.05)
})

test('the waveform shows how loud it was, and overloads in it', async ({ desk, folder, start }) => {
  const quiet = sine(1000, -12)
  const node = await play(start, folder, 'Clipped', 12, [quiet, (s) => (s >= 1 && s < 1.05 ? 1 : 0.01)])
  const served = await start.serve()
  const { page } = desk
  await desk.open(served.url)
  await desk.connect(node.url, 'Clipped')
  // The burst of 50 ms lies in ten or eleven columns of 5 ms.
  await desk.expectNear('waveform-overloaded', 0.0525, 0.004)
  await desk.expectNear('waveform-highest', 0, 1e-6)
  const waveform = panel(desk, 'Waveform')
  await desk.expectDrawing(waveform.locator('canvas'))
  await expect(waveform.getByRole('img', { name: 'Waveform of the last 10 s, 2 channels' })).toBeVisible()
  // A shorter span leaves it behind, a longer one has it again.
  await desk.pick('Span', '2 s', waveform)
  await desk.expectNear('waveform-highest', -12, 0.01)
  await desk.expectNear('waveform-overloaded', 0, 1e-6)
  await desk.pick('Span', '30 s', waveform)
  await expect.poll(() => desk.number('waveform-overloaded')).toBeGreaterThan(0.048)
  await expect(page.getByTestId('waveform-lost')).toHaveText('0.00')
  await desk.pick('Amplitude', 'dB', waveform)
  await desk.expectDrawing(waveform.locator('canvas'))
  const rows = await tableOf(desk, 'Waveform')
  expect(rows.length).toBeGreaterThan(200)
  const values = (title: string): number[] => rows.map((row) => Number(row[title]))
  expect(Math.max(...values('Channel 1 largest (full scale 1)'))).toBeCloseTo(peakOf(-12), 4)
  expect(Math.min(...values('Channel 1 least (full scale 1)'))).toBeCloseTo(-peakOf(-12), 4)
  expect(values('Channel 2 overloaded').filter((flag) => flag === 1).length).toBeGreaterThanOrEqual(10)
  expect(values('Channel 1 overloaded').filter((flag) => flag === 1)).toEqual([])
})

test('sound that is lost is lost in the waveform for as long as it was', async ({ closing, desk, start }) => {
  const node = await start.node('Holes', 'tone:sine:1000:-20')
  const port = await freePortPair()
  // Ten blocks of 10 ms, two after each other, once the picture runs.
  let left = 0
  const mischief: Mischief = (sequence, packet) => (left > 0 && sequence % 20n < 2n && left-- > 0 ? [] : [packet])
  const proxy = await startLossProxy(node.port, port, mischief)
  closing.defer(() => proxy.close())
  const served = await start.serve()
  await desk.open(served.url)
  await desk.connect(`127.0.0.1:${port}`, 'Holes')
  await desk.expectNear('waveform-highest', -20, 0.05)
  await desk.expectNear('waveform-lost', 0, 1e-9)
  left = 10
  await desk.expectNear('waveform-lost', 0.1, 1e-6)
})

test('true peak maxima are cleared one by one, and the loudness keeps its own', async ({ desk, folder, start }) => {
  const burst = (s: number): number => sine(1000, s < 0.3 ? -6 : -30)(s)
  const node = await play(start, folder, 'Burst', 14, [burst, burst])
  const served = await start.serve()
  const { page } = desk
  await desk.open(served.url)
  await desk.connect(node.url, 'Burst')
  await desk.expectNear('level-truePeakMax-0', -6, 0.05)
  await desk.expectNear('level-peak-0', -30, 0.05)
  await page.getByTestId('level-truePeakMax-0').click()
  await desk.expectNear('level-truePeakMax-0', -30, 0.05)
  await desk.expectNear('level-truePeakMax-1', -6, 0.05)
  await panel(desk, 'Level').getByTitle('Clear the maxima of all channels').click()
  await desk.expectNear('level-truePeakMax-1', -30, 0.05)
  await desk.expectNear('loudness-truePeakMax', -6, 0.05)
  const rows = await tableOf(desk, 'Level')
  expect(rows.map((row) => Number(row['Largest true peak (dBTP)']))).toEqual([
    expect.closeTo(-30, 1),
    expect.closeTo(-30, 1),
  ])
  expect(rows.map((row) => Number(row['Largest sample since reset (dBFS)']))).toEqual([
    expect.closeTo(-6, 1),
    expect.closeTo(-6, 1),
  ])
})

test('eight channels stand beside each other, each with its figures', async ({ desk, folder, start }) => {
  const levels = [-3, -6, -12, -18, -24, -36, -48, -54]
  const node = await play(
    start,
    folder,
    'Eight',
    2,
    levels.map((db) => sine(1000, db)),
  )
  const served = await start.serve()
  await desk.page.setViewportSize({ width: 1280, height: 800 })
  await desk.open(served.url)
  await desk.connect(node.url, 'Eight')
  for (const [channel, db] of levels.entries()) {
    await desk.expectNear(`level-peak-${channel}`, db, 0.05)
    await desk.expectNear(`level-rms-${channel}`, db + SINE_DB, 0.05)
  }
  const settings = await desk.settings('Level')
  await desk.pick('Peak hold', 'Hold until reset', settings)
  await desk.pick('Alignment tick', 'Tick −18 dBFS', settings)
  await desk.page.keyboard.press('Escape')
  await desk.expectDrawing(panel(desk, 'Level').locator('canvas'), 1)
  await expect(panel(desk, 'Level').getByTitle('Settings of Level')).toContainText('Hold until reset')
})

test('loudness is held against the target that was chosen', async ({ desk, start }) => {
  const node = await start.node('Sine', 'tone:sine:1000:-20')
  const served = await start.serve()
  const { page } = desk
  await desk.open(served.url)
  await desk.connect(node.url, 'Sine')
  const loudness = panel(desk, 'Loudness')
  const labels = loudness.locator('.loudness-scale span')
  await desk.expectNear('loudness-distance', 3, 0.05)
  await desk.pick('Target', '−16 LUFS', await desk.settings('Loudness'))
  await desk.expectNear('loudness-distance', -4, 0.05)
  await expect(page.getByTestId('loudness-distance')).toHaveText('−4.0')
  await expect(labels.last(), 'the scale goes with the target').toHaveText('−7')
  await page.keyboard.press('Escape')
  await desk.pick('Target', 'Own target', await desk.settings('Loudness'))
  await page.keyboard.press('Escape')
  const own = loudness.getByRole('spinbutton', { name: 'Own target, LUFS' })
  await own.fill('-19.5')
  await desk.expectNear('loudness-distance', -0.5, 0.05)
  await expect(labels.last()).toHaveText('−10.5')
  // What cannot be a target is not taken, and goes away.
  await own.fill('12')
  await own.blur()
  await expect(own).toHaveValue('-19.5')
  await page.reload()
  await desk.expectNear('loudness-distance', -0.5, 0.05)
  const [row] = await tableOf(desk, 'Loudness')
  expect(Number(row!['Integrated (LUFS)'])).toBeCloseTo(-20, 1)
  expect(Number(row!['Largest true peak of channel 2 (dBTP)'])).toBeCloseTo(-20, 1)
})

test('the sound level has one large figure, the one that was chosen', async ({ desk, start }) => {
  const node = await start.node('Low', 'tone:sine:100:-20')
  const served = await start.serve()
  const { page } = desk
  await desk.open(served.url)
  await desk.connect(node.url, 'Low')
  const level = panel(desk, 'Sound level')
  // IEC 61672-1, table 3: at 100 Hz A is -19.1 dB and C -0.3 dB.
  await desk.expectNear('sound-level-large', -20 + SINE_DB - 19.1, 0.15)
  await expect(level.getByRole('heading', { level: 3 })).toContainText('LAF dBFS')
  await desk.pick('Large figure', 'LCF', level)
  await desk.expectNear('sound-level-large', -20 + SINE_DB - 0.3, 0.1)
  await expect(level.getByRole('heading', { level: 3 })).toContainText('LCF dBFS')
  await desk.pick('Large figure', 'LAeq 5 min', level)
  await desk.expectNear('sound-level-large', -20 + SINE_DB - 19.1, 0.2)
  await page.reload()
  await desk.look('sound-level-large')
  await expect(level.getByRole('heading', { level: 3 })).toContainText('LAeq 5 min dBFS')
  await desk.expectNear('sound-level-LZSmax', -20 + SINE_DB, 0.15)
  const rows = await tableOf(desk, 'Sound level')
  const row = (name: string) => rows.find((one) => one['Figure'] === name)!
  expect(Number(row('LCF')['Channel 1 (dBFS)'])).toBeCloseTo(-20 + SINE_DB - 0.3, 0)
  expect(Number(row('LAeq 1 h')['Share heard of channel 1'])).toBeLessThan(0.05)
  expect(rows).toHaveLength(36)
})
