/** Sound at its limits: none at all, full scale, another format in the middle; and more than one screen that looks at it. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Desk } from '../support/desk.ts'
import { expect, readTake, test } from '../support/e2e.ts'
import { noiseBytes, wavFile } from '../support/node-sound.ts'

test('silence is −∞ everywhere, also in the recording', async ({ desk, start }) => {
  const node = await start.node('Still', 'tone:silence')
  const served = await start.serve()
  await desk.open(served.url)
  await desk.connect(node.url, 'Still')
  for (const id of ['loudness-momentary', 'loudness-shortTerm', 'level-peak-0', 'level-rms-1']) {
    await desk.look(id)
    await expect(desk.page.getByTestId(id)).toHaveText('−∞')
  }
  await expect(desk.node('Still').locator('.mini-figure')).toHaveText('−∞')
  await desk.record('Still')
  await desk.expectTake('Still', 0.6)
  await desk.tool('Stop').click()
  const take = desk.take('Still')
  await expect(take).toHaveAttribute('data-state', 'finished')
  await expect(take.getByTestId('take-rms-0')).toHaveText('−∞')
  await expect(take.getByTestId('take-integrated'), 'no figure: nothing passed the gate').toHaveText('–')
  const { samples } = await readTake(await desk.value('take-file', take))
  expect(samples.equals(Buffer.alloc(samples.length))).toBe(true)
  await expect(desk.page.locator('body')).not.toContainText(/NaN|undefined|Infinity/)
})

test('a WAV file that plays over and over: clipped samples light the lamp, the recording is the file', async ({
  desk,
  folder,
  start,
}) => {
  // Half a second of noise at half scale; three samples of the second channel, in one block, are at full scale.
  const format = { format: 's16', rate: 48_000, channels: 2 } as const
  const samples = Buffer.from(noiseBytes(24_000 * 4))
  for (let at = 0; at < samples.length; at += 2) samples.writeInt16LE(samples.readInt16LE(at) >> 1, at)
  for (const frame of [5000, 5001, 5002]) samples.writeInt16LE(-32_768, frame * 4 + 2)
  const file = join(folder, 'clipping.wav')
  await writeFile(file, wavFile(format, samples))
  const node = await start.node('Player', `wav:${file}`)
  const served = await start.serve()
  await desk.open(served.url)
  await desk.connect(node.url, 'Player')
  const [first, second] = [desk.page.getByTestId('level-clip-0'), desk.page.getByTestId('level-clip-1')]
  await desk.look('level-clip-1')
  await expect(second).toHaveAccessibleName(/^Channel 2: \d+ samples clipped; put the lamp out$/)
  await expect(second).toHaveClass(/clip-lit/)
  await expect(first).toHaveAccessibleName('Channel 1: 0 samples clipped')
  await expect(desk.page.getByTestId('level-peakMax-1')).toHaveText('0.0')
  // Put out, it lights again with the next three.
  await second.click()
  await expect(second).toHaveAccessibleName('Channel 2: 0 samples clipped')
  await expect(second).toHaveAccessibleName(/^Channel 2: \d+ samples clipped; put the lamp out$/)
  expect(Number(await second.getAttribute('data-value')) % 3, 'three each time around').toBe(0)

  await desk.record('Player')
  await desk.expectTake('Player', 1.2)
  await desk.tool('Stop').click()
  await expect(desk.take('Player')).toHaveAttribute('data-state', 'finished')
  const recorded = await readTake(await desk.value('take-file', desk.take('Player')))
  expect(recorded.format).toEqual(format)
  const begin = recorded.samples.indexOf(samples)
  expect(begin, 'the whole file is in the recording').toBeGreaterThanOrEqual(0)
  const again = recorded.samples.subarray(begin + samples.length)
  const turns = Array.from({ length: Math.ceil(again.length / samples.length) }, () => samples)
  expect(again.equals(Buffer.concat(turns).subarray(0, again.length)), 'and begins again after it').toBe(true)
})

test('a node that comes back with another format goes on as another take', async ({ desk, start }) => {
  const node = await start.node('Changer', 'tone:sine:1000:-20', ['--format', 's32'])
  const served = await start.serve()
  await desk.open(served.url)
  await desk.connect(node.url, 'Changer')
  await desk.record('Changer')
  await desk.expectNear('loudness-momentary', -20, 0.1)
  await node.stop('SIGKILL')
  await start.node('Changer', 'tone:sine:1000:-20', ['--format', 's16', '--channels', '1', '--rate', '44100'], {
    port: node.port,
  })
  await expect(desk.pane.getByText('44.1 kHz · 1 ch · s16')).toBeVisible()
  await desk.expectNear('loudness-momentary', -20 + 10 * Math.log10(0.5), 0.1)
  await expect(desk.page.getByTestId('level-peak-1'), 'one channel is left').toHaveCount(0)
  await desk.page.getByRole('button', { name: '1 recording' }).click()
  await expect(desk.take('Changer')).toHaveCount(2)
  await desk.tool('Stop').click()
  await expect(desk.page.locator('[data-state="finished"]')).toHaveCount(2)
  const takes = await Promise.all(
    [0, 1].map(async (i) => readTake(await desk.value('take-file', desk.take('Changer').nth(i)))),
  )
  expect(takes.map((take) => take.format)).toEqual([
    { format: 's16', rate: 44_100, channels: 1 },
    { format: 's32', rate: 48_000, channels: 2 },
  ])
})

test('two screens show the same workstation', async ({ context, desk, start }) => {
  const served = await start.serve({ args: ['--demo'] })
  await desk.open(served.url)
  const other = new Desk(await context.newPage())
  await other.open(served.url)
  await other.expectState('Demo', 'Live')
  await desk.page.bringToFront()
  await desk.record('Demo')
  await other.page.bringToFront()
  await other.expectTake('Demo', 0.1)
  await other.expectMoving('loudness-momentary')
  await other.tool('Stop').click()
  await expect(other.take('Demo')).toHaveAttribute('data-state', 'finished')
  await expect(desk.take('Demo')).toHaveAttribute('data-state', 'finished')
  expect(await desk.value('take-frames')).toBe(await other.value('take-frames'))
  expect(other.complaints()).toEqual([])
})
