/** The spectrogram: its cursor, its colours, and what was lost. */
import type { Locator } from '@playwright/test'
import { expect, test } from '../support/e2e.ts'
import { startLossProxy, type Mischief } from '../support/loss-proxy.ts'
import { freePortPair } from '../support/node-process.ts'
import { MEAN, tonesFile, frameOf, expectRatio, tableOf, RATE } from '../support/tones.ts'

/** The colour of the picture at a frequency of its log axis, near its newest end. */
async function colourAt(frame: Locator, hz: number): Promise<number[]> {
  return frame.evaluate(
    (element, share) => {
      const canvas = element.querySelector('canvas')!
      const ratio = canvas.width / canvas.clientWidth
      // As the picture lays itself out: 44 px at the left, 60 at the right, 6 above, 20 below.
      const x = (canvas.clientWidth - 60 - 8) * ratio
      const y = (6 + (canvas.clientHeight - 26) * (1 - share)) * ratio
      return [...canvas.getContext('2d')!.getImageData(Math.round(x), Math.round(y), 1, 1).data]
    },
    Math.log(hz / 20) / Math.log(1000),
  )
}

test('the spectrogram: its cursor, its colours and its range', async ({ desk, folder, start }) => {
  const node = await start.node('Tones', `wav:${await tonesFile(folder)}`)
  const served = await start.serve()
  const { page } = desk
  await desk.open(served.url)
  await desk.connect(node.url, 'Tones')
  const frame = await frameOf(page, 'spectrogram')
  const bright = async (hz: number): Promise<number> =>
    (await colourAt(frame, hz)).slice(0, 3).reduce((a, b) => a + b, 0)
  await expect.poll(() => bright(1000)).toBeGreaterThan(400)
  expect(await bright(8000)).toBeLessThan(60)

  await page.keyboard.press('ArrowLeft')
  await expectRatio(desk, 'spectrogram-cursor-hz', 1000, 0.06)
  await desk.expectNear('spectrogram-cursor', -20 + MEAN, 1.5)
  await page.keyboard.press('Enter')
  await page.keyboard.press('Shift+ArrowUp')
  await expectRatio(desk, 'spectrogram-cursor-hz', 2000, 0.06)
  await desk.expectNear('spectrogram-cursor', -26 + MEAN, 1.5)
  await desk.expectNear('spectrogram-difference', -6, 1.5)
  await desk.expectNear('spectrogram-difference-octaves', 1, 0.12)
  for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowLeft')
  await desk.expectNear('spectrogram-difference-time', (-5 * 2048) / RATE, 1e-6)
  await expect(page.getByTestId('spectrogram-said')).toHaveText(
    / s ago, (1\.9|2\.0)\d kHz, −2\d\.\d dBFS, −\d\.\d dB and −0\.2 s from/,
  )

  // Its lines lie over the colours.
  await page.keyboard.press('Escape')
  const grey = async (hz: number): Promise<boolean> => {
    const [red, green, blue] = await colourAt(frame, hz)
    return red === green && green === blue
  }
  expect(await grey(1000)).toBe(false)
  const settings = await desk.settings('Spectrogram')
  await desk.pick('Colours', 'Grey', settings)
  await expect.poll(() => grey(1000)).toBe(true)
  const before = await bright(4000)
  await desk.pick('Loudest colour at', 'Full scale − 50 dB', settings)
  await expect.poll(() => bright(4000), { message: 'louder than the loudest colour' }).toBeGreaterThan(before + 100)
  // The skirt of a tone lies between these two floors.
  const skirt = await bright(1150)
  await desk.pick('Quietest colour at', 'Full scale − 60 dB', settings)
  await expect.poll(() => bright(1150), { message: 'quieter than the quietest colour' }).toBeLessThan(skirt - 50)
  await desk.pick('Time shown', '1 min', settings)
  await page.keyboard.press('Escape')
  await expect(frame.getByRole('img')).toHaveAccessibleName(/^Spectrogram of the last 1 min/)

  const rows = await tableOf(desk, 'Spectrogram')
  const newest = rows.at(-1)!
  expect(Number(newest[0])).toBe(0)
  const levels = newest.slice(1, 129).map((cell) => (cell === '' ? -Infinity : Number(cell)))
  expect(Math.max(...levels)).toBeGreaterThan(-20 + MEAN - 1.5)
  expect(Math.max(...levels)).toBeLessThan(-20 + MEAN + 0.3)

  await page.reload()
  await expect(page.getByTitle('Settings of Spectrogram')).toContainText('Grey · 1 min')
})

test('what was lost is hatched in the spectrogram, and has no level', async ({ closing, desk, folder, start }) => {
  const node = await start.node('Tones', `wav:${await tonesFile(folder)}`)
  const port = await freePortPair()
  let left = 0
  const mischief: Mischief = (_, packet) => (left > 0 && left-- > 0 ? [] : [packet])
  const proxy = await startLossProxy(node.port, port, mischief)
  closing.defer(() => proxy.close())
  const served = await start.serve()
  const { page } = desk
  await desk.open(served.url)
  await desk.connect(`127.0.0.1:${port}`, 'Tones')
  const frame = await frameOf(page, 'spectrogram')
  /** Pixels of the picture in the colour of a warning. */
  const hatched = (): Promise<number> =>
    frame.evaluate((element) => {
      const canvas = element.querySelector('canvas')!
      const warn = getComputedStyle(document.documentElement).getPropertyValue('--warn').trim()
      const wanted = [1, 3, 5].map((at) => Number.parseInt(warn.slice(at, at + 2), 16))
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
      let count = 0
      for (let at = 0; at < data.length; at += 4)
        if (wanted.every((value, c) => Math.abs(data[at + c]! - value) < 4)) count++
      return count
    })
  // Grey has nothing of that colour.
  const settings = await desk.settings('Spectrogram')
  await desk.pick('Colours', 'Grey', settings)
  await desk.pick('Time shown', '10 s', settings)
  await page.keyboard.press('Escape')
  await expect.poll(() => desk.number('link-missing')).toBe(0)
  expect(await hatched()).toBe(0)
  left = 60
  await expect.poll(hatched).toBeGreaterThan(100)
})
