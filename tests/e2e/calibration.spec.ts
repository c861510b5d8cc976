/** The microphone's calibration: applied and audited, or refused with a reason. Never half. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Locator } from '@playwright/test'
import { calibrationFile } from '../support/calibration-file.ts'
import type { Desk } from '../support/desk.ts'
import { expect, test } from '../support/e2e.ts'
import { soxRms } from '../support/outside.ts'

/** RMS of a sine of -20 dBFS peak. */
const RMS = -20 + 10 * Math.log10(0.5)
/** 6 dB too loud in the bass, right at 1 kHz. */
const boomy = (hz: number): number => 6 / (1 + (hz / 300) ** 4)

function panel(desk: Desk): Locator {
  return desk.pane.getByRole('region', { name: 'Calibration' })
}

/** Chooses a file as a person does: by the button and the browser's file chooser. */
async function load(desk: Desk, file: string): Promise<void> {
  const chooser = desk.page.waitForEvent('filechooser')
  await panel(desk).getByRole('button', { name: 'Load file…' }).click()
  await (await chooser).setFiles(file)
}

test('a good file corrects the figures, shows serial and residual, and leaves the recording as captured', async ({
  desk,
  folder,
  start,
}) => {
  const node = await start.node('Bass', 'tone:sine:100:-20')
  const served = await start.serve()
  await desk.open(served.url)
  await desk.connect(node.url, 'Bass')
  const badge = desk.node('Bass').getByText(/alibrated$|^Corrected$|refused$|estimated$/)
  await expect(badge).toHaveText('Uncalibrated')
  await desk.expectNear('level-rms-0', RMS, 0.05)

  const file = join(folder, '7175488.txt')
  await writeFile(file, calibrationFile('7175488', boomy))
  await load(desk, file)
  await expect(badge).toHaveText('SPL estimated')
  await expect(panel(desk)).toContainText('7175488.txt')
  await expect(panel(desk).getByTestId('calibration-serial'), 'the serial number').toHaveText('7175488')
  await expect(panel(desk)).toContainText('this workstation')
  await expect(panel(desk).getByTestId('calibration-residual')).toHaveText(/^0\.\d\d dB, 20 Hz to 20 kHz$/)
  const residual = await desk.number('calibration-residual')
  expect(residual).toBeLessThan(0.5)
  await desk.expectNear('level-rms-0', RMS - boomy(100), residual + 0.05)

  await desk.record('Bass')
  await desk.expectTake('Bass', 0.6)
  await desk.tool('Stop').click()
  const take = desk.take('Bass')
  await expect(take).toHaveAttribute('data-state', 'finished')
  const [measured] = await soxRms(await desk.value('take-file', take))
  expect(Math.abs(measured! - RMS)).toBeLessThan(0.05)
  expect(Math.abs((await desk.number('take-rms-0', take)) - measured!)).toBeLessThan(0.05)

  await panel(desk).getByRole('button', { name: 'Clear' }).click()
  await expect(badge).toHaveText('Uncalibrated')
  await desk.expectNear('level-rms-0', RMS, 0.05)
})

test('the curves are the file, the filter and what it leaves; each unit says how it is known', async ({
  desk,
  folder,
  start,
}) => {
  const node = await start.node('Curved', 'tone:sine:1000:-20')
  const served = await start.serve()
  await desk.open(served.url)
  await desk.connect(node.url, 'Curved')
  await expect(panel(desk).getByTestId('curves-frame')).toHaveCount(0)
  const curved = (hz: number): number => boomy(hz) - 0.25
  const file = join(folder, '7175488.txt')
  await writeFile(file, calibrationFile('7175488', curved))
  await load(desk, file)

  await expect(panel(desk).getByText('beyond the file')).toBeVisible()
  // Where nobody points it stands at 1 kHz.
  const frame = panel(desk).getByTestId('curves-frame')
  await frame.scrollIntoViewIfNeeded()
  const at = async (name: string): Promise<number> => desk.number(`curves-${name}`)
  await expect.poll(() => at('hz')).toBeCloseTo(1000, 6)
  expect(await at('response')).toBeCloseTo(curved(1000), 2)
  expect(Math.abs(await at('correction'))).toBeLessThan(0.1)
  await expect(panel(desk).getByTestId('curves-residual')).toHaveText(/^[−]?0\.\d\d dB$/)
  const canvas = frame.locator('canvas')
  const painted = (): Promise<number> =>
    canvas.evaluate((element) => {
      const { width, height } = element as HTMLCanvasElement
      const { data } = (element as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, width, height)
      return new Set(new Uint32Array(data.buffer)).size
    })
  await expect.poll(painted, { message: 'colours of the picture' }).toBeGreaterThan(20)

  // By the keyboard: to the lowest frequency, then on along the file's own rows and those between.
  await frame.focus()
  await desk.page.keyboard.press('Home')
  expect(await at('hz')).toBe(16)
  await expect(panel(desk).getByTestId('curves-response')).toHaveText('–')
  const seen: number[] = []
  for (let i = 0; i < 40; i++) {
    await desk.page.keyboard.press('ArrowRight')
    const [hz, response, correction, residual] = await Promise.all(
      ['hz', 'response', 'correction', 'residual'].map((name) => at(name)),
    )
    seen.push(hz!)
    if (hz! < 20) continue
    // Between two rows, 6 % apart, a straight line is as good as the curve.
    expect(Math.abs(response! - curved(hz!)), `${hz} Hz`).toBeLessThan(0.02)
    expect(residual!).toBeCloseTo(response! - curved(1000) + correction!, 2)
    expect(Math.abs(residual!)).toBeLessThanOrEqual((await desk.number('calibration-residual')) + 0.01)
  }
  expect(seen).toContain(20)
  expect(seen).toEqual([...seen].sort((a, b) => a - b))
  const before = await canvas.screenshot()
  const box = (await canvas.boundingBox())!
  await desk.page.mouse.move(box.x + box.width * 0.75, box.y + box.height / 2)
  await expect.poll(() => at('hz')).toBeGreaterThan(1500)
  expect((await canvas.screenshot()).equals(before), 'the cursor moves').toBe(false)

  // How do we know, at a unit and at the flags.
  const told = desk.page.getByTestId('provenance')
  for (const asked of [
    desk.pane
      .getByRole('region', { name: 'Sound level' })
      .getByRole('button', { name: /^dB.*how do we know/ })
      .first(),
    desk.pane.getByRole('button', { name: /SPL estimated.*how do we know|dBFS only.*how do we know/ }),
  ]) {
    await asked.scrollIntoViewIfNeeded()
    await asked.press('Enter')
    await expect(told).toContainText('Serial 7175488')
    await expect(told).toContainText('Corrected by 7175488.txt from this workstation')
    await desk.page.keyboard.press('Escape')
    await expect(told).toHaveCount(0)
    await expect(asked).toBeFocused()
  }
  await panel(desk).getByRole('button', { name: 'Clear' }).click()
  await expect(panel(desk).getByTestId('curves-frame')).toHaveCount(0)
  await desk.pane.getByRole('button', { name: /dBFS only.*how do we know/ }).click()
  await expect(told).toContainText('Not corrected')
  await expect(told).toContainText('of the digital signal, not of the sound')
})

test('a file that cannot be used is refused with a reason, and the node stays as it was', async ({
  desk,
  folder,
  start,
}) => {
  const good = join(folder, 'own.txt')
  await writeFile(good, calibrationFile('99-own', boomy))
  const plain = await start.node('Plain', 'tone:sine:100:-20')
  const own = await start.node('With file', 'tone:sine:100:-20', ['--calibration', good])
  const served = await start.serve()
  await desk.open(served.url)
  await desk.connect(plain.url, 'Plain')
  const badge = (name: string): Locator => desk.node(name).getByText(/alibrated$|^Corrected$|refused$|estimated$/)

  for (const [name, content, reason] of [
    ['photo.txt', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3]), 'It is not a text file.'],
    ['page.txt', '<!doctype html><p>Not found', /It is a web page\..* fetch the file again/],
    ['letter.txt', 'Dear customer,\nthank you.\n', 'It has no rows of frequency and gain.'],
    ['typo.txt', '20 1\n30 two\n', 'Line 2 has "two" where a number belongs.'],
    ['loud.txt', '20 1\n30 400\n', "Line 2 gives 400 dB; a microphone's response lies within ±40 dB."],
    ['large.txt', '20 1\n'.repeat(300_000), /1\.5 MB; a calibration file has at most 1 MB/],
  ] as const) {
    const file = join(folder, name)
    await writeFile(file, content)
    await load(desk, file)
    const notice = desk.notices.filter({ hasText: name })
    await expect(notice).toContainText(reason)
    await expect(badge('Plain')).toHaveText('Uncalibrated')
    await notice.getByRole('button', { name: 'Dismiss' }).click()
    await expect(notice).toHaveCount(0)
  }
  await expect(panel(desk)).toContainText('Uncalibrated')
  await desk.expectNear('level-rms-0', RMS, 0.05)

  // A file can be read and still be no correction: then it is shown as refused, and nothing is corrected.
  const jagged = join(folder, 'jagged.txt')
  await writeFile(jagged, '20 40\n20.1 -40\n20.2 40\n1000 0\n20000 0\n')
  await load(desk, jagged)
  await expect(panel(desk)).toContainText('Uncalibrated: jagged.txt was refused')
  await expect(desk.notices.filter({ hasText: 'jagged.txt' })).toContainText('is refused: nothing is corrected')
  await expect(panel(desk)).toContainText('its curve is too steep or too jagged for a filter')
  await expect(badge('Plain')).toHaveText('Calibration refused')
  await desk.expectNear('level-rms-0', RMS, 0.05)
  await load(desk, good)
  await expect(badge('Plain')).toHaveText('Corrected')

  // What the node itself brings is used, unless one is loaded here; clearing goes back to it.
  await desk.connect(own.url, 'With file')
  await expect(badge('With file')).toHaveText('Corrected')
  await expect(panel(desk)).toContainText('the node')
  await expect(panel(desk).getByTestId('calibration-serial')).toHaveText('99-own')
  await desk.expectNear('level-rms-0', RMS - boomy(100), 0.2)
  const flat = join(folder, 'flat.txt')
  await writeFile(
    flat,
    calibrationFile('4711', () => 0),
  )
  await load(desk, flat)
  await expect(panel(desk).getByTestId('calibration-serial')).toHaveText('4711')
  await desk.expectNear('level-rms-0', RMS, 0.05)
  await panel(desk).getByRole('button', { name: 'Clear' }).click()
  await expect(panel(desk).getByTestId('calibration-serial')).toHaveText('99-own')
  await desk.expectNear('level-rms-0', RMS - boomy(100), 0.2)
})
