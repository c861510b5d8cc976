/** Takes are played as they were recorded. */
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '../support/e2e.ts'
import { place, play, player } from '../support/player.ts'

test('a take is played: it sounds as it was recorded, from where it is asked for', async ({ desk, start }) => {
  await desk.page.addInitScript(() => {
    // The element of the page itself, to listen to.
    window.Audio = class extends Audio {
      constructor(src?: string) {
        super(src)
        Object.assign(window, { played: this })
      }
    }
  })
  const node = await start.node('Attic', 'tone:sine:1500:-20', ['--format', 's24', '--channels', '3'])
  const other = await start.node('Cellar', 'tone:sine:400:-20')
  const served = await start.serve()
  const { page } = desk
  await desk.open(served.url)
  await desk.connect(node.url, 'Attic')
  await desk.connect(other.url, 'Cellar')
  await desk.record('Attic', 'Cellar')
  // Long enough for a slow machine to do all that follows before it ends.
  await desk.expectTake('Attic', 8)
  await desk.tool('Stop').click()
  await expect(page.locator('[data-take][data-state="finished"]')).toHaveCount(2)
  await play(desk, 'Attic')

  /** Strongest frequency and level (dB of full scale) of what the page's element plays. */
  const heard = (): Promise<{ hz: number; peak: number; channels: number }> =>
    page.evaluate(async () => {
      const scope = window as unknown as { played: HTMLMediaElement; probe?: AnalyserNode }
      if (!scope.probe) {
        const context = new AudioContext()
        scope.probe = context.createAnalyser()
        scope.probe.fftSize = 8192
        context.createMediaElementSource(scope.played).connect(scope.probe)
        scope.probe.connect(context.destination)
      }
      const { probe } = scope
      const samples = new Float32Array(probe.fftSize)
      const bins = new Float32Array(probe.frequencyBinCount)
      probe.getFloatTimeDomainData(samples)
      probe.getFloatFrequencyData(bins)
      return {
        hz: (bins.indexOf(Math.max(...bins)) * probe.context.sampleRate) / probe.fftSize,
        peak: 20 * Math.log10(Math.max(...samples) / scope.played.volume),
        channels: probe.channelCount,
      }
    })
  const expectHeard = async (hz: number): Promise<void> => {
    await expect.poll(async () => Math.abs((await heard()).hz - hz), { message: `${hz} Hz` }).toBeLessThan(12)
    await expect.poll(async () => Math.abs((await heard()).peak + 20), { message: '−20 dBFS' }).toBeLessThan(0.5)
  }
  await expectHeard(1500)
  await expect.poll(() => desk.number('player-time'), { message: 'time goes on' }).toBeGreaterThan(1)

  await place(page).focus()
  await page.keyboard.press('Space')
  await expect(player(page)).toHaveAttribute('data-playing', 'false')
  await page.keyboard.press('Home')
  await expect.poll(() => desk.number('player-time')).toBe(0)
  await page.keyboard.press('ArrowRight')
  await expect.poll(() => desk.number('player-time')).toBeCloseTo(1, 1)
  await page.keyboard.press('Home')
  await expect.poll(() => desk.number('player-time')).toBe(0)
  await expect(place(page)).toHaveAttribute('aria-valuetext', /^0:00 of 0:[01]\d$/)
  await page.keyboard.press('Space')
  await expect.poll(() => desk.number('player-time')).toBeGreaterThan(0.2)

  await player(page).getByRole('combobox', { name: 'Channels that are heard' }).click()
  await page.getByRole('option', { name: 'Channel 3' }).click()
  await expect(player(page)).toHaveAttribute('data-playing', 'true')
  await expectHeard(1500)

  await play(desk, 'Cellar')
  await expect(player(page), 'one at a time').toHaveCount(1)
  await expect(player(page)).toContainText('Cellar')
  await expectHeard(400)

  const volume = player(page).getByRole('slider', { name: 'Volume' })
  await expect(volume, 'never at once as loud as can be').toHaveAttribute('aria-valuenow', '50')
  await volume.press('ArrowLeft')
  await expect(volume).toHaveAttribute('aria-valuenow', '45')
  await expect.poll(() => desk.number('player-time'), { message: 'it ends' }).toBeGreaterThan(8)
  await expect(player(page)).toHaveAttribute('data-playing', 'false')
  await page.reload()
  await play(desk, 'Cellar')
  await expect(volume).toHaveAttribute('aria-valuenow', '45')
  await page.getByRole('button', { name: 'Close the player' }).click()
  await expect(player(page)).toHaveCount(0)
})

test('the files of a take are played in a row, and what is gone is said', async ({ desk, folder, start }) => {
  desk.forgive(/404/)
  const recording = { preRoll: 0, split: { seconds: 1 }, namePattern: '', perNodeFolders: false }
  await writeFile(join(folder, 'settings.json'), JSON.stringify({ recordingFolder: join(folder, 'takes'), recording }))
  const node = await start.node('Attic', 'tone:sine:1000:-20')
  const served = await start.serve({ folder })
  const { page } = desk
  await desk.open(served.url)
  await desk.connect(node.url, 'Attic')
  await desk.record('Attic')
  await desk.expectTake('Attic', 2.2)
  await desk.tool('Stop').click()
  await expect(desk.notices).toHaveText(/^Recording of Attic saved: 0:0\d, −\d+\.\d\sLUFS, \d files\. /)
  const count = Number(/(\d) files/.exec((await desk.notices.textContent())!)![1])
  expect(count).toBeGreaterThanOrEqual(3)
  await desk.notices.getByRole('button', { name: 'Show' }).click()
  const details = page.locator('.take-details')
  const files = details.getByRole('list', { name: 'Files' }).getByRole('listitem')
  await expect(files).toHaveCount(count)
  await play(desk, 'Attic')
  await expect(player(page), 'through to its end').toHaveAttribute('data-playing', 'false')
  const seconds = await desk.number('take-seconds', desk.take('Attic'))
  expect(await desk.number('player-time'), 'beyond every seam').toBeCloseTo(seconds, 2)

  const last = (await files.last().locator('.take-path').textContent())!
  await rename(last, `${last}.elsewhere`)
  // The browser still holds what it has just played.
  await page.reload()
  await play(desk, 'Attic')
  await place(page).press('End')
  await expect(player(page).getByRole('alert')).toHaveText(
    /\.wav is not in its folder any more\. It was moved, renamed or deleted\.$/,
  )
})
