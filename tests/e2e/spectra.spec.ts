/** Cursors, axes, colours and tables of spectrum, spectrogram and bands, of tones whose figures are known. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import type { Desk } from '../support/desk.ts'
import { axeFindings } from '../support/axe.ts'
import { expect, test } from '../support/e2e.ts'
import { startLossProxy, type Mischief } from '../support/loss-proxy.ts'
import { freePortPair } from '../support/node-process.ts'
import { wavFile } from '../support/node-sound.ts'

const RATE = 48_000
/** Tones of each channel: Hz, peak dBFS. */
const TONES = [
  [
    [250, -30],
    [1000, -20],
    [4000, -40],
  ],
  [[2000, -26]],
] as const
/** Of two channels one of which is silent there. */
const MEAN = 10 * Math.log10(0.5)
const RMS = 10 * Math.log10(0.5)
/** As the spectrum of all channels shows them, upwards. */
const PEAKS = [
  [250, -30 + MEAN],
  [1000, -20 + MEAN],
  [2000, -26 + MEAN],
  [4000, -40 + MEAN],
] as const

/** A second of whole periods, played over and over. */
async function tonesFile(folder: string): Promise<string> {
  const samples = Buffer.alloc(RATE * 8)
  for (let frame = 0; frame < RATE; frame++)
    TONES.forEach((tones, channel) => {
      const value = tones.reduce((sum, [hz, db]) => {
        return sum + 10 ** (db / 20) * Math.sin((2 * Math.PI * hz * frame) / RATE)
      }, 0)
      samples.writeInt32LE(Math.round(value * 2 ** 31), frame * 8 + channel * 4)
    })
  const file = join(folder, 'tones.wav')
  await writeFile(file, wavFile({ format: 's32', rate: RATE, channels: 2 }, samples))
  return file
}

function panel(desk: Desk, name: string): Locator {
  return desk.pane.getByRole('region', { name, exact: true })
}

/** A picture that takes keys, with the focus. */
async function frameOf(page: Page, id: string): Promise<Locator> {
  const frame = page.getByTestId(`${id}-frame`)
  await frame.scrollIntoViewIfNeeded()
  await frame.focus()
  return frame
}

async function expectRatio(desk: Desk, id: string, hz: number, tolerance: number): Promise<void> {
  await expect
    .poll(async () => Math.abs((await desk.number(id)) / hz - 1), { message: `${id} near ${hz}` })
    .toBeLessThan(tolerance)
}

/** The rows of a panel's table, without its headings, as numbers where they are. */
async function tableOf(desk: Desk, name: string): Promise<string[][]> {
  await desk.pane.getByRole('button', { name: `Panel ${name}`, exact: true }).click()
  const download = desk.page.waitForEvent('download')
  await desk.page.getByRole('menuitem', { name: 'Save as table (CSV)' }).click()
  const text = await readFile(await (await download).path(), 'utf8')
  return text
    .trimEnd()
    .split('\r\n')
    .slice(1)
    .map((line) => line.split(','))
}

test('keys and pointer read the spectrum, and compare two places of it', async ({ desk, folder, start }) => {
  const node = await start.node('Tones', `wav:${await tonesFile(folder)}`)
  const served = await start.serve()
  const { page } = desk
  // Room for every figure of two cursors.
  await page.setViewportSize({ width: 1920, height: 1080 })
  await desk.open(served.url)
  await desk.connect(node.url, 'Tones')
  const settings = await desk.settings('Spectrum')
  await desk.pick('Window', 'Flat-top', settings)
  await desk.pick('Peak hold', 'Hold on', settings)
  await page.keyboard.press('Escape')
  await expect(settings).toBeHidden()
  await desk.expectNear('spectrum-highest', -20 + MEAN, 0.05)

  const frame = await frameOf(page, 'spectrum')
  const readout = panel(desk, 'Spectrum').locator('.readout')
  await expect(readout).toHaveAttribute('data-cursor', 'none')
  for (const [hz, level] of PEAKS) {
    await page.keyboard.press('Shift+ArrowRight')
    await expectRatio(desk, 'spectrum-cursor-hz', hz, 0.015)
    await desk.expectNear('spectrum-cursor', level, 0.05)
    await desk.expectNear('spectrum-cursor-hold', level, 0.05)
  }
  await expect(page.getByTestId('spectrum-said')).toHaveText(/^(3\.9|4\.0)\d kHz, −43\.0 dBFS$/)
  await page.keyboard.press('Shift+ArrowRight')
  await expectRatio(desk, 'spectrum-cursor-hz', 4000, 0.015)

  await page.keyboard.press('Enter')
  await page.keyboard.press('Shift+ArrowLeft')
  await page.keyboard.press('Shift+ArrowLeft')
  await desk.expectNear('spectrum-cursor', -20 + MEAN, 0.05)
  await desk.expectNear('spectrum-difference', 20, 0.1)
  await desk.expectNear('spectrum-ratio', 0.25, 0.005)
  await desk.expectNear('spectrum-octaves', -2, 0.03)
  await expect(page.getByTestId('spectrum-said')).toHaveText(/dBFS, \+20\.0 dB and −\d\.\d\d octaves from/)

  // What the table says of a column is what the cursor says of it.
  const hz = await desk.value('spectrum-cursor-hz')
  const rows = await tableOf(desk, 'Spectrum')
  expect(rows).toHaveLength(480)
  const row = rows.find((one) => one[0] === hz)!
  await desk.expectNear('spectrum-cursor', Number(row[1]), 0.02)
  await desk.expectNear('spectrum-cursor-hold', Number(row[2]), 0.02)

  await frame.focus()
  await page.keyboard.press('Escape')
  await expect(readout).toHaveAttribute('data-cursor', 'none')
  const box = (await frame.locator('.u-over').boundingBox())!
  const xOf = (at: number): number => box.x + (box.width * Math.log(at / 20)) / Math.log(1000)
  await page.mouse.move(xOf(1000), box.y + 20)
  await expectRatio(desk, 'spectrum-cursor-hz', 1000, 0.03)
  await page.mouse.click(xOf(1000), box.y + 20)
  await page.mouse.move(xOf(2000), box.y + 20)
  await expectRatio(desk, 'spectrum-cursor-hz', 2000, 0.03)
  await expectRatio(desk, 'spectrum-ratio', 2, 0.05)
  await page.mouse.move(box.x + 40, box.y + box.height + 200)
  await expectRatio(desk, 'spectrum-cursor-hz', 1000, 0.03)
  await expect(readout, 'nothing to compare with').toHaveAttribute('data-cursor', 'one')
})

/** Where the curve lies at a frequency of the whole log axis: 0 at the bottom of the plot, 1 at its top. */
async function heightAt(frame: Locator, hz: number): Promise<number> {
  return frame.evaluate(
    (element, share) => {
      const canvas = element.querySelector('canvas')!
      const over = element.querySelector<HTMLElement>('.u-over')!
      const ratio = canvas.width / canvas.clientWidth
      const box = over.getBoundingClientRect()
      const own = canvas.getBoundingClientRect()
      const accent = getComputedStyle(document.documentElement).getPropertyValue('--accent').trim()
      const wanted = [1, 3, 5].map((at) => Number.parseInt(accent.slice(at, at + 2), 16))
      const x = Math.round((box.left - own.left + share * box.width) * ratio)
      const top = Math.round((box.top - own.top) * ratio)
      const height = Math.round(box.height * ratio)
      const { data } = canvas.getContext('2d')!.getImageData(x - 2, top, 5, height)
      for (let y = 0; y < height; y++)
        for (let i = 0; i < 5; i++) {
          const at = 4 * (5 * y + i)
          if (data[at + 3]! > 200 && wanted.every((value, c) => Math.abs(data[at + c]! - value) < 30))
            return 1 - y / height
        }
      return Number.NaN
    },
    Math.log(hz / 20) / Math.log(1000),
  )
}

test('axes of the spectrum: range, zoom, channels, smoothing; all are remembered', async ({ desk, folder, start }) => {
  const node = await start.node('Tones', `wav:${await tonesFile(folder)}`)
  const served = await start.serve()
  const { page } = desk
  await desk.open(served.url)
  await desk.connect(node.url, 'Tones')
  await desk.expectNear('spectrum-highest', -20 + MEAN, 0.4)
  const frame = await frameOf(page, 'spectrum')
  const expectHeight = async (share: number): Promise<void> => {
    await expect
      .poll(async () => Math.abs((await heightAt(frame, 1000)) - share), { message: `at ${share}` })
      .toBeLessThan(0.05)
  }
  await expectHeight(1 - 23 / 120)
  const settings = await desk.settings('Spectrum')
  await desk.pick('Range', '60 dB', settings)
  await expectHeight(1 - 23 / 60)
  await desk.pick('Top of the axis', 'Full scale − 20 dB', settings)
  await expectHeight(1 - 3 / 60)
  await desk.pick('Top of the axis', 'Follows the sound', settings)
  await expectHeight(1 - 13 / 60)
  await desk.pick('Channels', 'Ch 2', settings)
  await desk.expectNear('spectrum-highest', -26, 0.4)
  await expectRatio(desk, 'spectrum-highest-hz', 2000, 0.015)
  await desk.pick('Channels', 'All ch', settings)
  // A tone over a third of an octave: less than it was by the share of the columns it fills.
  await desk.pick('Smoothing', '1/3 octave', settings)
  await expect.poll(() => desk.number('spectrum-highest')).toBeLessThan(-20 + MEAN - 3)
  await expectRatio(desk, 'spectrum-highest-hz', 1000, 0.13)
  await desk.pick('Smoothing', 'Off', settings)
  await page.keyboard.press('Escape')

  const shown = async (): Promise<{ from: number; to: number }> =>
    frame.evaluate((element) => {
      const { from, to } = (element as HTMLElement).dataset
      return { from: Number(from), to: Number(to) }
    })
  await frame.focus()
  await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('Shift+ArrowRight')
  await expectRatio(desk, 'spectrum-cursor-hz', 1000, 0.015)
  await page.keyboard.press('+')
  await page.keyboard.press('+')
  await expect.poll(async () => (await shown()).to / (await shown()).from).toBeCloseTo(1000 ** 0.25, 1)
  const near = await shown()
  expect(near.from).toBeLessThan(1000)
  expect(near.to).toBeGreaterThan(1000)
  // A cursor that leaves what is shown takes it along.
  await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('Shift+ArrowRight')
  await expectRatio(desk, 'spectrum-cursor-hz', 4000, 0.015)
  await expect.poll(async () => (await shown()).to).toBeGreaterThan(4000)
  await page.keyboard.press('Home')
  await expect.poll(shown).toEqual({ from: 20, to: expect.closeTo(20_000, 3) })
  const box = (await frame.locator('.u-over').boundingBox())!
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  await page.mouse.wheel(0, -500)
  await expect.poll(async () => (await shown()).to).toBeLessThan(15_000)

  await page.reload()
  const again = await desk.settings('Spectrum')
  await expect(again.getByRole('combobox', { name: 'Range' })).toHaveText('60 dB')
  await expect(again.getByRole('combobox', { name: 'Top of the axis' })).toHaveText('Follows the sound')
})

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

test('bands: keys read them, the whole sound stands beside them, and the table says the same', async ({
  desk,
  folder,
  start,
}) => {
  const node = await start.node('Tones', `wav:${await tonesFile(folder)}`)
  const served = await start.serve()
  const { page } = desk
  // Room for every figure of a band.
  await page.setViewportSize({ width: 1920, height: 1080 })
  await desk.open(served.url)
  await desk.connect(node.url, 'Tones')
  await frameOf(page, 'bands')
  await desk.expectNear('bands-highest', -20 + MEAN + RMS, 0.1)
  const name = page.getByTestId('bands-cursor')
  for (const [expected, level] of [
    ['250 Hz', -30],
    ['1 kHz', -20],
    ['2 kHz', -26],
    ['4 kHz', -40],
  ] as const) {
    await page.keyboard.press('Shift+ArrowRight')
    await expect(name).toHaveText(expected)
    for (const bar of ['F', 'S', 'Eq', 'Fmax', 'Fmin'])
      await desk.expectNear(`bands-cursor-${bar}`, level + MEAN + RMS, 0.25)
  }
  await page.keyboard.press('Shift+ArrowLeft')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Shift+ArrowLeft')
  await desk.expectNear('bands-difference', 6, 0.2)
  await expect(page.getByTestId('bands-said')).toHaveText(/^1 kHz, −26\.\d dBFS, \+[56]\.\d dB from 2 kHz$/)
  for (let i = 0; i < 16; i++) await page.keyboard.press('ArrowRight')
  await expect(name).toHaveText('Z')
  const power = [-30, -20, -40, -26].reduce((sum, db) => sum + 10 ** (db / 10), 0)
  const all = 10 * Math.log10(power) + MEAN + RMS
  await desk.expectNear('bands-cursor-F', all, 0.1)
  const settings = await desk.settings('Bands')
  await desk.pick('Channels', 'Channel 2', settings)
  await desk.expectNear('bands-cursor-F', -26 + RMS, 0.1)
  await page.keyboard.press('Escape')
  // Where there is little room the cursor takes the place of the highest band.
  await (await frameOf(page, 'bands')).press('Escape')
  await desk.pick('Level of the bars', 'Min F', panel(desk, 'Bands'))
  await desk.expectNear('bands-highest', -26 + RMS, 0.2)
  await expect(page.getByTestId('bands-highest-hz')).toHaveText('2 kHz')

  const rows = await tableOf(desk, 'Bands')
  expect(rows).toHaveLength(44)
  const row = (kind: string, band: string): number[] =>
    rows
      .find((one) => one[0] === kind && one[1] === band)!
      .slice(2, 7)
      .map(Number)
  for (const level of row('Weighted', 'Z')) expect(Math.abs(level - all)).toBeLessThan(0.2)
  for (const level of row('1/3', '1000')) expect(Math.abs(level - (-20 + MEAN + RMS))).toBeLessThan(0.2)
  for (const level of row('1/1', '2000')) expect(Math.abs(level - (-26 + MEAN + RMS))).toBeLessThan(0.2)
})

test('a select is chosen by keys and by typed letters, and its keys do nothing else', async ({ desk, start }) => {
  const node = await start.node('Sine', 'tone:sine:1000:-20')
  const served = await start.serve()
  const { page } = desk
  await desk.open(served.url)
  await desk.connect(node.url, 'Sine')
  const select = panel(desk, 'Bands').getByRole('combobox', { name: 'Width of a band' })
  await select.focus()
  await page.keyboard.press('Enter')
  const list = page.getByRole('listbox', { name: 'Width of a band' })
  await expect(list).toBeVisible()
  await page.keyboard.press('o')
  await expect(list.getByRole('option', { name: 'Octaves', exact: true })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(list).toBeHidden()
  await expect(select).toHaveText('Octaves')
  await expect(select).toBeFocused()
  await page.keyboard.press('t')
  await expect(select).toHaveText('Third octaves')
  await page.keyboard.press('ArrowDown')
  await expect(list).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(list).toBeHidden()
  await expect(select).toHaveText('Third octaves')
  const settings = await desk.settings('Spectrum')
  await settings.getByRole('combobox', { name: 'Window' }).click()
  await expect(page.getByRole('listbox', { name: 'Window' })).toBeVisible()
  expect(await axeFindings(page)).toEqual([])
  await page.keyboard.press('Escape')
  await expect(page.getByRole('listbox', { name: 'Window' })).toBeHidden()
  await expect(settings, 'one thing after another').toBeVisible()
  await page.keyboard.press('Escape')
  await expect(settings).toBeHidden()
  // O is all nodes: not here.
  await expect(desk.pane.getByRole('heading', { name: 'Sine', exact: true })).toBeVisible()
})
