/** Sound pressure: from an estimate to a calibrator's reading, kept over a restart, with where it is from always in sight. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Locator } from '@playwright/test'
import { calibrationFile } from '../support/calibration-file.ts'
import type { Desk } from '../support/desk.ts'
import { expect, test } from '../support/e2e.ts'
import { startLossProxy } from '../support/loss-proxy.ts'
import { freePortPair } from '../support/node-process.ts'

/** RMS of a sine of -26.5 dBFS peak. */
const RMS = -26.5 + 10 * Math.log10(0.5)

function panel(desk: Desk): Locator {
  return desk.pane.getByRole('region', { name: 'Calibration' })
}

function soundLevel(desk: Desk): Locator {
  return desk.pane.getByRole('region', { name: 'Sound level' })
}

/** Figures are drawn while they can be seen. */
async function expectLevel(desk: Desk, name: string, expected: number): Promise<void> {
  await soundLevel(desk).scrollIntoViewIfNeeded()
  await desk.expectNear(`sound-level-${name}`, expected, 0.05)
}

test('an estimate is marked, a calibrator of 94 dB replaces it, and the next start knows it by the serial number', async ({
  desk,
  folder,
  start,
}) => {
  const file = join(folder, '7103946.txt')
  await writeFile(
    file,
    calibrationFile('7103946', () => 0),
  )
  const node = await start.node('Lab', 'tone:sine:1000:-26.5', ['--calibration', file])
  const data = join(folder, 'data')
  let served = await start.serve({ folder: data })
  await desk.open(served.url)
  await desk.connect(node.url, 'Lab')

  // The file's Sens Factor is -1.378 dB.
  await expect(panel(desk).getByTestId('spl-provenance')).toHaveText('Estimate: Room EQ Wizard, for the UMIK-1')
  expect(await desk.number('spl-offset')).toBeCloseTo(125.378, 6)
  await expect(soundLevel(desk)).toContainText('dB SPL est.')
  await expect(desk.pane.getByText('SPL estimated')).toBeVisible()
  await expectLevel(desk, 'LAF', RMS + 125.378)
  // What belongs to the digital signal stays in dBFS.
  await desk.expectNear('level-rms-0', RMS, 0.05)

  await panel(desk).getByRole('button', { name: 'Check with a calibrator…' }).click()
  const dialog = desk.dialog('Check with a calibrator')
  await expect(dialog.getByRole('radio', { name: '94 dB' })).toBeFocused()
  await expect(dialog).toContainText('kept for microphone 7103946')
  await expect(dialog).toContainText('any other volume or gain of the sound device shifts every reading')
  // Its course is shown for some seconds, which a busy computer may let pass between two looks.
  const course = desk.page.evaluate(
    () =>
      new Promise<void>((seen) => {
        const look = (): void => void (document.querySelector('[role="progressbar"]') && seen())
        new MutationObserver(look).observe(document.body, { subtree: true, childList: true })
      }),
  )
  await dialog.getByRole('button', { name: 'Start' }).click()
  await course
  await expect(dialog.getByTestId('calibrator-hz')).toHaveText('1000.0 Hz')
  await expect(dialog.getByRole('button', { name: 'Use it' })).toBeVisible()
  const offset = await desk.number('calibrator-offset')
  expect(Math.abs(offset - (94 - RMS))).toBeLessThan(0.05)
  await expect(dialog).toContainText('reads this tone as 95.87 dB SPL, 1.87 dB too high')
  await expect(dialog.getByRole('alert')).toHaveCount(0)
  await dialog.getByRole('button', { name: 'Use it' }).click()
  await expect(dialog).toBeHidden()

  await expect(panel(desk).getByTestId('spl-provenance')).toHaveText(
    /^Calibrator of 94 dB at 1000\.0 Hz on \d{4}-\d{2}-\d{2}$/,
  )
  await expectLevel(desk, 'LAF', 94)
  await expect(soundLevel(desk)).toContainText('dB SPL')
  await expect(soundLevel(desk)).not.toContainText('est.')
  await expect(desk.pane.getByRole('img', { name: 'Spectrum, dB SPL', exact: true })).toBeVisible()

  await served.stop()
  expect(await readFile(join(data, 'settings.json'), 'utf8')).toContain('"serial:7103946"')
  served = await start.serve({ folder: data })
  desk.forgive(/ERR_|WebSocket/)
  await desk.open(served.url)
  await desk.expectState('Lab', 'Live')
  // The node brings the file, and with it the serial number, a moment after its first sound.
  await desk.expectNear('spl-offset', offset, 1e-9)
  await expectLevel(desk, 'LAF', 94)
})

test('a wrong tone is warned of, a discarded reading leaves dBFS, and an offset can be typed and forgotten', async ({
  desk,
  start,
}) => {
  const node = await start.node('Shed', 'tone:sine:880:-26.5')
  const served = await start.serve()
  await desk.open(served.url)
  await desk.connect(node.url, 'Shed')
  await expect(panel(desk).getByTestId('spl-offset')).toHaveText('dBFS: no sensitivity is known')
  await expect(desk.pane.getByText('dBFS only')).toBeVisible()

  await panel(desk).getByRole('button', { name: 'Check with a calibrator…' }).click()
  const dialog = desk.dialog('Check with a calibrator')
  await dialog.getByRole('radio', { name: '114 dB' }).check()
  await dialog.getByRole('button', { name: 'Start' }).click()
  await expect(dialog.getByRole('alert')).toContainText('The tone is at 880.0 Hz. Calibrators give 1 kHz or 250 Hz')
  expect(Math.abs((await desk.number('calibrator-offset')) - (114 - RMS))).toBeLessThan(0.05)
  await dialog.getByRole('button', { name: 'Discard' }).click()
  await expect(panel(desk).getByTestId('spl-offset')).toHaveText('dBFS: no sensitivity is known')

  await panel(desk).getByRole('button', { name: 'Sound pressure…' }).click()
  const offsets = desk.dialog('Sound pressure level')
  await expect(offsets).toContainText('There is no calibration file with a Sens Factor')
  const field = offsets.getByLabel('Or type the offset, dB')
  await field.fill('loud')
  await field.press('Enter')
  await expect(offsets.getByRole('alert')).toContainText('Type the offset in dB, such as 120.5')
  await field.fill('120,5')
  await field.press('Enter')
  await expect(offsets).toContainText('dB SPL = dBFS + 120.50 dB')
  await offsets.getByRole('button', { name: 'Done' }).click()
  await expect(panel(desk).getByTestId('spl-provenance')).toHaveText(/^Typed by hand on \d{4}-\d{2}-\d{2}$/)
  await expectLevel(desk, 'LCF', RMS + 120.5)

  await panel(desk).getByRole('button', { name: 'Sound pressure…' }).click()
  await offsets.getByRole('button', { name: 'Forget it' }).click()
  await offsets.getByRole('button', { name: 'Done' }).click()
  await expect(soundLevel(desk)).toContainText('dBFS')
  await expectLevel(desk, 'LCF', RMS)
})

test('the conventions are shown with their formulas, and another one can be taken', async ({ desk, folder, start }) => {
  const file = join(folder, '8108494.txt')
  await writeFile(
    file,
    calibrationFile('8108494', () => 0),
  )
  const node = await start.node('Hall', 'tone:sine:1000:-26.5', ['--calibration', file])
  const served = await start.serve()
  await desk.open(served.url)
  await desk.connect(node.url, 'Hall')
  await expectLevel(desk, 'LAF', RMS + 94 + 1.378)
  await panel(desk).getByRole('button', { name: 'Sound pressure…' }).click()
  const offsets = desk.dialog('Sound pressure level')
  const own = offsets.getByRole('radio', { name: /Sens Factor as the reading at 94 dB, for the UMIK-2 This model/ })
  await expect(own).toBeChecked()
  await expect(offsets).toContainText('dB SPL = dBFS + 124 − Sens Factor')
  await offsets.getByRole('radio', { name: /^Nominal sensitivity/ }).check()
  await desk.expectNear('spl-offset', 113.378, 1e-6)
  await offsets.getByRole('radio', { name: /^None/ }).check()
  await offsets.getByRole('button', { name: 'Done' }).click()
  await expect(panel(desk).getByTestId('spl-offset')).toHaveText('dBFS: no sensitivity is known')
  await expectLevel(desk, 'LAF', RMS)
})

test('what is to be known of every figure stands beside the name: overload and gaps since reset', async ({
  closing,
  desk,
  start,
}) => {
  const node = await start.node('Stage', 'tone:sine:1000:0')
  const port = await freePortPair()
  let losing = false
  const proxy = await startLossProxy(node.port, port, (sequence, packet) =>
    losing && sequence % 20n === 0n ? [] : [packet],
  )
  closing.defer(() => proxy.close())
  const served = await start.serve()
  await desk.open(served.url)
  await desk.connect(`127.0.0.1:${port}`, 'Stage')
  const flag = (name: string): Locator => desk.pane.getByText(name, { exact: true })
  for (const name of ['Not corrected', 'dBFS only', 'Overloaded']) await expect(flag(name)).toBeVisible()
  await expect(flag('Gapped')).toBeHidden()
  losing = true
  await expect(flag('Gapped')).toBeVisible()
  losing = false
  // The reset forgets the gap; the tone still is at full scale.
  await desk.pane.getByRole('region', { name: 'Loudness' }).getByRole('button', { name: 'Reset' }).click()
  await expect(flag('Gapped')).toBeHidden()
  await expect(flag('Overloaded')).toBeVisible()
})
