/** The promise of the whole thing, in one test: real sound in, true figures on the screen, the same bits in the file. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test, type Page } from '@playwright/test'
import { readWavHead } from '#shared/wav.ts'
import { startNodeProcess } from '../support/node-process.ts'
import { Closing } from '../support/closing.ts'
import { complaints, ffmpegLoudness, soxRms } from '../support/outside.ts'
import { speechAndNoise } from '../support/programme.ts'
import { serve } from '../support/served.ts'
import { SoundServer } from '../support/sound-server.ts'

const SUBSCRIBER = fileURLToPath(new URL('../../docs/examples/subscriber.py', import.meta.url))

async function samplesOf(file: string): Promise<Buffer> {
  const bytes = await readFile(file)
  const head = readWavHead(bytes)
  if (!head.ok) throw new Error(head.fault.message)
  return bytes.subarray(head.value.dataOffset, head.value.dataOffset + head.value.dataBytes!)
}

async function valueOf(page: Page, id: string): Promise<string> {
  return (await page.getByTestId(id).first().getAttribute('data-value')) ?? ''
}

const store = new Closing()
test.afterEach(() => store.close())

test('sound played into a sound server is found, metered, recorded bit for bit and measured right', async ({
  page,
}) => {
  const folder = await mkdtemp(join(tmpdir(), 'farfield-e2e-'))
  store.defer(() => rm(folder, { recursive: true, force: true }))
  const programme = await speechAndNoise(folder)
  const sound = await SoundServer.start()
  store.defer(() => sound.stop())
  const capture = [
    '--source',
    'alsa:pulse',
    '--rate',
    '48000',
    '--channels',
    '2',
    '--format',
    's32',
    '--name',
    'Studio',
  ]
  const node = await startNodeProcess([...capture, '--id', 'studio-1'], { env: sound.env, advertise: true })
  store.defer(() => node.stop())
  const served = await serve()
  store.defer(() => served.stop())

  // A witness with a program of its own, written from docs/wire.md: what went over the wire.
  const raw = join(folder, 'witness.raw')
  const witness = spawn('/usr/bin/python3', [SUBSCRIBER, node.url, '--seconds', '60', '--raw', raw], {
    stdio: 'ignore',
  })
  const witnessEnded = once(witness, 'exit')

  await page.goto(served.url)
  await page.getByRole('button', { name: 'Scan', exact: true }).click()
  await page.getByRole('button', { name: 'Connect Studio' }).click()
  await page.getByRole('button', { name: 'Done' }).click()
  await expect(page.getByTestId('node-state').first()).toHaveText('Live')

  await page.getByRole('button', { name: 'Record', exact: true }).click()
  await expect.poll(async () => Number(await valueOf(page, 'take-seconds'))).toBeGreaterThan(0.2)
  await sound.play(programme)
  // While it records: the level history moves, the loudness is a number.
  await expect(page.getByTestId('loudness-integrated')).toHaveText(/^−\d/)
  await page.getByRole('button', { name: 'Stop', exact: true }).click()
  await expect(page.locator('[data-state="finished"]')).toHaveCount(1)

  const file = await valueOf(page, 'take-file')
  const onScreen = Number(await valueOf(page, 'take-integrated'))
  const rms = [Number(await valueOf(page, 'take-rms-0')), Number(await valueOf(page, 'take-rms-1'))]
  expect(await valueOf(page, 'take-gaps')).toBe('0')
  expect(await valueOf(page, 'take-missing')).toBe('0')

  const recorded = await samplesOf(file)
  const played = await samplesOf(programme)
  witness.kill('SIGINT')
  await witnessEnded
  const seen = await readFile(raw)
  expect(recorded.length / 8).toBe(Number(await valueOf(page, 'take-frames')))
  // Bit for bit, twice over: the played file is in the recording, and the recording is what the witness saw.
  expect(recorded.indexOf(played), 'the played samples, whole and unchanged, are in the recording').toBeGreaterThan(0)
  const at = seen.indexOf(recorded.subarray(0, Math.max(8, recorded.indexOf(played) + 4096)))
  expect(at, 'the recording begins in what the witness saw').toBeGreaterThanOrEqual(0)
  expect(seen.subarray(at, at + recorded.length).equals(recorded.subarray(0, seen.length - at))).toBe(true)
  expect(seen.length - at).toBeGreaterThanOrEqual(recorded.length)

  expect(await complaints(file)).toBe('')
  const loudness = await ffmpegLoudness(file)
  const soxSays = await soxRms(file)
  console.log(
    `integrated: screen ${onScreen.toFixed(3)}, ffmpeg ${loudness.toFixed(3)} LUFS; RMS: screen ${rms.map((r) => r.toFixed(3)).join(' ')}, sox ${soxSays.join(' ')} dBFS`,
  )
  expect(Math.abs(onScreen - loudness)).toBeLessThan(0.1)
  soxSays.forEach((level, channel) => expect(Math.abs(level - rms[channel]!)).toBeLessThan(0.05))

  expect(await served.stop()).toBe(0)
  expect((await node.stop()).code).toBe(0)
})
