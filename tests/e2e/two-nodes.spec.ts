/** Several nodes at once: each has its own figures and its own file, and none waits for another. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { checkCount } from '#producer/sources/tone/count.ts'
import { expect, firstPosition, readTake, test } from '../support/e2e.ts'
import { complaints, ffmpegLoudness, soxRms } from '../support/outside.ts'

const FARFIELD = fileURLToPath(new URL('../../src/cli/start.mjs', import.meta.url))
/** A stereo sine in phase at 1 kHz reads its peak level in LUFS (BS.1770), and 3.01 dB less as RMS. */
const SINE_RMS = 10 * Math.log10(0.5)

test('two nodes are metered and recorded independently', async ({ desk, start }) => {
  const loud = await start.node('Loud', 'tone:sine:1000:-20')
  const quiet = await start.node('Quiet', 'tone:sine:1000:-30', ['--format', 's24', '--rate', '44100'])
  const served = await start.serve()
  await desk.open(served.url)
  await desk.connect(loud.url, 'Loud')
  await desk.connect(quiet.url, 'Quiet')

  for (const [name, level] of [
    ['Loud', -20],
    ['Quiet', -30],
  ] as const) {
    await expect(desk.node(name).locator('.mini-figure'), 'both are seen at once').toHaveText(`−${-level}.0`)
    await desk.choose(name)
    await desk.expectNear('loudness-momentary', level, 0.1)
    for (const channel of [0, 1]) {
      await desk.expectNear(`level-peak-${channel}`, level, 0.05)
      await desk.expectNear(`level-rms-${channel}`, level + SINE_RMS, 0.05)
    }
  }

  await desk.record('Loud', 'Quiet')
  await desk.expectTake('Loud', 1)
  await desk.page.getByRole('button', { name: 'Stop Loud' }).click()
  await desk.page.getByRole('button', { name: '1 recording', expanded: false }).click()
  await expect(desk.take('Loud')).toHaveAttribute('data-state', 'finished')
  const stoppedAt = await desk.number('take-seconds', desk.take('Quiet'))
  await desk.expectTake('Quiet', stoppedAt + 0.5)
  await expect(desk.take('Quiet')).toHaveAttribute('data-state', 'recording')
  const kept = await desk.number('take-frames', desk.take('Loud'))
  // The one that was stopped can be recorded again by itself while the other goes on.
  await desk.choose('Loud')
  await desk.pane.getByRole('button', { name: 'Record this node' }).click()
  await expect(desk.page.getByRole('list', { name: 'Running recordings' }).getByRole('listitem')).toHaveCount(2)
  await desk.tool('Stop').click()
  await expect(desk.page.locator('[data-state="finished"]')).toHaveCount(3)

  for (const [name, level, format, rate] of [
    ['Loud', -20, 's32', 48_000],
    ['Quiet', -30, 's24', 44_100],
  ] as const) {
    const take = desk.take(name).last()
    const file = await desk.value('take-file', take)
    const { format: written, samples } = await readTake(file)
    expect(written).toEqual({ format, rate, channels: 2 })
    expect(samples.length / (format === 's24' ? 6 : 8)).toBe(await desk.number('take-frames', take))
    expect(await desk.value('take-gaps', take)).toBe('0')
    expect(await complaints(file)).toBe('')
    expect(Math.abs((await ffmpegLoudness(file)) - level)).toBeLessThan(0.1)
    expect(Math.abs((await desk.number('take-integrated', take)) - level)).toBeLessThan(0.1)
    for (const rms of await soxRms(file)) expect(Math.abs(rms - level - SINE_RMS)).toBeLessThan(0.05)
  }
  expect(await desk.number('take-frames', desk.take('Loud').last()), 'a later take leaves it alone').toBe(kept)
  expect(await desk.number('take-seconds', desk.take('Quiet'))).toBeGreaterThan(kept / 48_000 + 0.4)
})

test('counting nodes of different formats: every sample of each is in its own file', async ({ desk, start }) => {
  const names = ['Count 24', 'Count float']
  const nodes = [
    await start.node('Count 24', 'tone:count', ['--format', 's24', '--channels', '3']),
    await start.node('Count float', 'tone:count', ['--format', 'f32', '--rate', '96000', '--block-ms', '5']),
  ]
  const served = await start.serve()
  await desk.open(served.url)
  for (const [i, node] of nodes.entries()) await desk.connect(node.url, names[i]!)
  await desk.record(...names)
  for (const name of names) await desk.expectTake(name, 1)
  await desk.tool('Stop').click()
  await expect(desk.page.locator('[data-state="finished"]')).toHaveCount(2)
  for (const name of names) {
    const { format, samples } = await readTake(await desk.value('take-file', desk.take(name)))
    expect(checkCount(samples, format, firstPosition(samples, format)), name).toEqual({ wrong: 0 })
    expect(await desk.value('take-missing', desk.take(name))).toBe('0')
  }
})

test('what the screen shows is what the engine measures', async ({ desk, start }) => {
  const node = await start.node('Steady', 'tone:sine:1000:-12.3')
  const served = await start.serve()
  await desk.open(served.url)
  await desk.connect(node.url, 'Steady')
  await desk.expectNear('loudness-momentary', -12.3, 0.1)
  const { stdout } = await promisify(execFile)(process.execPath, [
    FARFIELD,
    'meter',
    node.url,
    '--duration',
    '1',
    '--json',
  ])
  const engine = JSON.parse(stdout.trim().split('\n').at(-1)!) as Record<string, number | number[]>
  const [peak, rms] = [engine['peak'] as number[], engine['rms'] as number[]]
  const figures: Record<string, number> = {
    'loudness-momentary': engine['momentary'] as number,
    'loudness-integrated': engine['integrated'] as number,
    'level-peak-0': peak[0]!,
    'level-peak-1': peak[1]!,
    'level-rms-0': rms[0]!,
    'level-rms-1': rms[1]!,
  }
  for (const [id, expected] of Object.entries(figures)) {
    await desk.expectNear(id, expected, 0.01)
    await expect(desk.page.getByTestId(id)).toHaveText(`−${Math.abs(await desk.number(id)).toFixed(1)}`)
  }
  // Starting anew: the integrated loudness goes on from here.
  const heard = desk.pane.getByRole('region', { name: 'Loudness' }).locator('[data-heard]')
  await expect(heard).not.toHaveText(/^(–|0:00)$/)
  await desk.pane.getByRole('region', { name: 'Loudness' }).getByRole('button', { name: 'Reset' }).click()
  await expect(heard).toHaveText('0:00')
  await desk.expectNear('loudness-integrated', -12.3, 0.1)
})
