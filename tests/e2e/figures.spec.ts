/** Every figure of the panels shows what the engine reads, here of a sine whose figures are known. */
import type { Locator } from '@playwright/test'
import type { Desk } from '../support/desk.ts'
import { expect, test } from '../support/e2e.ts'

/** 1 kHz of -20 dBFS peak in both channels: K, A and C weigh it by nothing. */
const PEAK = -20
const RMS = PEAK + 10 * Math.log10(0.5)

function panel(desk: Desk, name: string): Locator {
  return desk.pane.getByRole('region', { name, exact: true })
}

test('loudness, level, sound level, bands and spectrum of a sine', async ({ desk, start }) => {
  const node = await start.node('Sine', 'tone:sine:1000:-20')
  const served = await start.serve()
  const { page } = desk
  await desk.open(served.url)
  await desk.connect(node.url, 'Sine')
  for (const [id, expected, tolerance] of [
    ['loudness-integrated', -20, 0.05],
    ['loudness-plr', 0, 0.05],
    ['loudness-truePeakMax', PEAK, 0.05],
    ['level-truePeakMax-1', PEAK, 0.05],
    ['level-crest-0', PEAK - RMS, 0.05],
    ['level-dc-0', 0, 1e-4],
    ['level-correlation', 1, 1e-3],
    ['sound-level-LAF', RMS, 0.05],
    ['sound-level-LAS', RMS, 0.1],
    ['sound-level-LAeq', RMS, 0.1],
    ['sound-level-LAeq1s', RMS, 0.1],
    ['sound-level-LAeq1min', RMS, 0.1],
    ['sound-level-LCeq', RMS, 0.1],
    ['sound-level-LZeq', RMS, 0.1],
    ['sound-level-L10', RMS, 0.15],
    ['sound-level-L90', RMS, 0.15],
    ['sound-level-LAFmax', RMS, 0.1],
    ['sound-level-LCpeakMax', PEAK, 0.5],
    ['bands-highest', RMS, 0.1],
    ['spectrum-highest', PEAK, 0.4],
  ] as const)
    await desk.expectNear(id, expected, tolerance)
  await expect(page.getByTestId('level-correlation')).toHaveText('+1.00')
  await expect(page.getByTestId('bands-highest-hz')).toHaveText('1 kHz')
  await expect(page.getByTestId('spectrum-highest-hz')).toHaveText(/^(9[89]\d Hz|1\.0\d kHz)$/)
  // The first 3 s have no range; then it is of less than a minute.
  await desk.expectNear('loudness-lra', 0, 0.1)
  await expect(page.getByTitle('Not stable yet: of less than 60 s of sound')).toBeVisible()
  // An average over a minute of which some seconds were heard says so.
  await expect(panel(desk, 'Sound level').locator('[data-coverage="LAeq1min"]')).toHaveText(/^ ?\d+ %$/)
  await expect(panel(desk, 'Sound level').locator('[data-coverage="LAeq1s"]')).toHaveText('')
  await expect(page.getByTestId('sound-level-heard')).toHaveText('100 % heard since reset')
  await expect(page.getByTestId('sound-level-overload')).toHaveText('Not overloaded')
  await expect(page.locator('body')).not.toContainText(/NaN|undefined|Infinity/)
})

test('a pause stops the totals of the node, and they go on from where they were', async ({ desk, start }) => {
  const node = await start.node('Sine', 'tone:sine:1000:-20')
  const served = await start.serve()
  await desk.open(served.url)
  await desk.connect(node.url, 'Sine')
  const heard = panel(desk, 'Loudness').locator('[data-heard]')
  const [pause, other] = ['Loudness', 'Sound level'].map((name) => panel(desk, name).getByRole('button').first())
  await expect(heard).not.toHaveText(/^(–|0:00)$/)
  await expect(pause!).toHaveText('Pause')
  await expect(pause!).toHaveAttribute('aria-pressed', 'false')
  await pause!.click()
  for (const button of [pause!, other!]) {
    await expect(button).toHaveText('Continue')
    await expect(button).toHaveAttribute('aria-pressed', 'true')
  }
  // Begun anew while it is paused nothing is integrated, whatever is heard meanwhile.
  await panel(desk, 'Loudness').getByRole('button', { name: 'Reset' }).click()
  await expect(desk.page.getByTestId('loudness-integrated')).toHaveText('−∞')
  // Time goes on meanwhile, as averages over a window know, and sound is heard.
  const minute = panel(desk, 'Sound level').locator('[data-coverage="LAeq1min"]')
  const share = async (): Promise<number> => Number.parseInt(await minute.innerText(), 10)
  await desk.look('sound-level-LAF')
  await expect(minute).toHaveText(/%/)
  const before = await share()
  await expect.poll(share).toBeGreaterThan(before + 3)
  await desk.expectNear('loudness-momentary', -20, 0.05)
  await expect(heard).toHaveText('0:00')
  await expect(desk.page.getByTestId('loudness-integrated')).toHaveText('−∞')
  await expect(desk.page.getByTestId('loudness-plr'), 'silence has no ratio').toHaveText('–')
  await other!.click()
  await expect(pause!).toHaveText('Pause')
  await pause!.scrollIntoViewIfNeeded()
  await expect(heard).not.toHaveText('0:00')
  await desk.expectNear('loudness-integrated', -20, 0.05)
})

test('a flat-top window of 16384 frames shows the level of a tone between two columns', async ({ desk, start }) => {
  const served = await start.serve()
  const node = await start.node('Odd', 'tone:sine:1003.3:-20')
  const { page } = desk
  await desk.open(served.url)
  await desk.connect(node.url, 'Odd')
  const settings = await desk.settings('Spectrum')
  await expect(settings.getByRole('combobox', { name: 'FFT size, frames' })).toHaveText('FFT auto')
  await desk.pick('FFT size, frames', 'FFT 16384', settings)
  await desk.pick('Window', 'Flat-top', settings)
  await desk.pick('Peak hold', 'Hold on', settings)
  await page.keyboard.press('Escape')
  await expect(settings).toBeHidden()
  await desk.expectNear('spectrum-highest', PEAK, 0.02)
  // A choice belongs to the node: it is there for whoever looks next.
  await page.reload()
  await expect(panel(desk, 'Spectrum').getByTitle('Settings of Spectrum')).toContainText('FFT 16384 · Flat-top')
  await desk.expectNear('spectrum-highest', PEAK, 0.02)
})

test('EBU scales and units change what the figures say, and are remembered', async ({ desk, start }) => {
  const node = await start.node('Sine', 'tone:sine:1000:-20')
  const served = await start.serve()
  const { page } = desk
  await desk.open(served.url)
  await desk.connect(node.url, 'Sine')
  const loudness = panel(desk, 'Loudness')
  const labels = loudness.locator('.loudness-scale span')
  const target = loudness.locator('.loudness-target')
  await expect(labels.first()).toHaveText('−41')
  await expect(labels.last()).toHaveText('−14')
  const before = await target.boundingBox()
  const settings = await desk.settings('Loudness')
  await desk.pick('Unit', 'Relative, LU', settings)
  await expect(labels.first()).toHaveText('−18')
  await expect(labels.last()).toHaveText('+9')
  expect(await target.boundingBox(), 'the target stays where it was').toEqual(before)
  await desk.expectNear('loudness-integrated', 3, 0.05)
  await expect(page.getByTestId('loudness-integrated')).toHaveText('+3.0')
  await desk.pick('Scale', 'EBU +18', settings)
  await expect(labels.first()).toHaveText('−36')
  await page.reload()
  await expect(labels.last()).toHaveText('+18')
  await desk.pick('Unit', 'Absolute, LUFS', await desk.settings('Loudness'))
  await expect(labels.first()).toHaveText('−59')
  await desk.expectNear('loudness-integrated', -20, 0.05)
  await desk.expectNear('loudness-distance', 3, 0.05)
})

test('one channel after another, octaves, and the lamp of an overload', async ({ desk, start }) => {
  const node = await start.node('Loud', 'tone:sine:1000:0')
  const served = await start.serve()
  const { page } = desk
  await desk.open(served.url)
  await desk.connect(node.url, 'Loud')
  await desk.look('sound-level-overload')
  await expect(page.getByTestId('sound-level-overload')).toHaveText('Overloaded: levels are too low')
  await desk.pick('Channel', 'Channel 2', panel(desk, 'Sound level'))
  await desk.expectNear('sound-level-LAF', 10 * Math.log10(0.5), 0.05)
  const bands = panel(desk, 'Bands')
  await desk.pick('Width of a band', 'Octaves', bands)
  for (const bar of ['S', 'Leq', 'Max F', 'F']) {
    await desk.pick('Level of the bars', bar, bands)
    await desk.expectNear('bands-highest', 10 * Math.log10(0.5), 0.2)
    await expect(page.getByTestId('bands-highest-hz')).toHaveText('1 kHz')
  }
})
