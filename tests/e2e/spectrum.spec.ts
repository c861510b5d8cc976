/** The spectrum: cursors, axes and its table, of tones whose figures are known; and how its choices are made. */
import type { Locator } from '@playwright/test'
import { axeFindings } from '../support/axe.ts'
import { expect, test } from '../support/e2e.ts'
import { panel } from '../support/panels.ts'
import { expectRatio, frameOf, hearTones, MEAN, PEAKS, tableOf, tonesFile } from '../support/tones.ts'

test('keys and pointer read the spectrum, and compare two places of it', async ({ desk, folder, start }) => {
  const { page } = desk
  await hearTones(desk, start, folder)
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
