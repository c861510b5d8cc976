/** Bands: keys, the whole sound beside them, and their table. */
import { expect, test } from '../support/e2e.ts'
import { panel } from '../support/panels.ts'
import { frameOf, hearTones, MEAN, RMS, tableOf } from '../support/tones.ts'

test('bands: keys read them, the whole sound stands beside them, and the table says the same', async ({
  desk,
  folder,
  start,
}) => {
  const { page } = desk
  await hearTones(desk, start, folder)
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
