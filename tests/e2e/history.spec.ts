/** Hours of levels on the screen: what it shows is what the engine says, however it is zoomed and moved. */
import type { Page } from '@playwright/test'
import { WebSocket } from 'ws'
import { historyLevel, type HistoryPage, type HistoryFigureId } from '#contract/history.ts'
import { openScreen, type Screen } from '#contract/open.ts'
import { socketLink } from '#contract/socket-link.ts'
import { formatLevel } from '#meters/draw/format.ts'
import { readCsv } from '../support/csv.ts'
import type { Desk } from '../support/desk.ts'
import { expect, test } from '../support/e2e.ts'
import { seedHistory, street } from '../support/history-seed.ts'
import { until } from '../support/station.ts'

const HOURS = 8
const MINUTE = 60_000
const HOUR = 60 * MINUTE

function openOwn(url: string): Screen {
  const origin = url.slice(0, -1)
  const screen = openScreen(socketLink(new WebSocket(`${origin.replace('http', 'ws')}/link`, { origin })))
  screen.onFrame(() => screen.ready())
  return screen
}

/** Middle of the last minute before it of which the seeded street lost everything, one an hour; ms since 1970. */
function lostBefore(time: number): number {
  let minute = Math.floor(time / MINUTE) - 1
  while (street(minute * MINUTE) !== 'lost') minute--
  return (minute + 0.5) * MINUTE
}

class Panel {
  readonly #page: Page
  constructor({ page }: Desk) {
    this.#page = page
  }

  get frame() {
    return this.#page.getByTestId('history-frame')
  }
  get readout() {
    return this.#page.getByTestId('history-readout')
  }
  button(name: string) {
    return this.#page.getByRole('region', { name: 'History' }).getByRole('button', { name, exact: true })
  }

  async view(): Promise<{ from: number; to: number; step: number; span: number }> {
    await this.frame.scrollIntoViewIfNeeded()
    await expect(this.frame).toHaveAttribute('data-settled', 'true')
    const { from, to, step } = await this.frame.evaluate((element) => {
      const { from, to, step } = (element as HTMLElement).dataset
      return { from, to, step }
    })
    return { from: Number(from), to: Number(to), step: Number(step), span: Number(to) - Number(from) }
  }

  async span(): Promise<number> {
    return (await this.view()).span
  }

  /** Middle of the picture, and how wide it is, CSS px of the page. */
  async middle(): Promise<{ x: number; y: number; width: number }> {
    const box = (await this.frame.locator('.u-over').boundingBox())!
    return { x: box.x + box.width / 2, y: box.y + box.height / 2, width: box.width }
  }
}

async function ask(
  screen: Screen,
  figures: readonly HistoryFigureId[],
  from: number,
  step: number,
): Promise<HistoryPage> {
  const { key } = screen.state!.nodes[0]!
  const answer = await screen.call('history.query', { node: key, from, to: from + step, columns: 1, figures })
  if (!answer.ok) throw new Error(answer.fault.message)
  return answer.value
}

test('eight hours are zoomed, moved and read, and each number is the engine’s', async ({
  desk,
  start,
  folder,
  closing,
}) => {
  const end = Math.floor(Date.now() / 1000) * 1000 - 60_000
  await seedHistory({ data: folder, node: 'street', from: end - HOURS * HOUR, to: end, channels: 2, figures: street })
  const node = await start.node('Street', 'tone:sine:1000:-20')
  const served = await start.serve({ folder })
  const { page } = desk
  await desk.open(served.url)
  await desk.connect(node.url, 'Street')
  const panel = new Panel(desk)
  const screen = openOwn(served.url)
  closing.defer(() => screen.close())
  await until(screen, () => screen.state!.nodes[0]?.presence === 'live')

  expect(await panel.span()).toBe(600_000)
  await expect(panel.button('Live')).toHaveAttribute('aria-pressed', 'true')
  const first = await panel.view()
  await expect
    .poll(async () => (await panel.view()).to, { message: 'it moves with the sound' })
    .toBeGreaterThan(first.to)

  // Out by keys to the whole of it, then to a stretch in the middle by wheel, drag and pan.
  await panel.frame.focus()
  for (let i = 0; i < 6; i++) await page.keyboard.press('-')
  expect(await panel.span()).toBe(64 * 600_000)
  const middle = await panel.middle()
  await page.mouse.move(middle.x, middle.y)
  await page.mouse.down()
  await page.mouse.move(middle.x + middle.width / 8, middle.y, { steps: 4 })
  await page.mouse.up()
  await expect(panel.button('Live')).toHaveAttribute('aria-pressed', 'false')
  const dragged = await panel.view()
  expect(dragged.span / (8 * 600_000)).toBeCloseTo(1, 1)
  const lost = lostBefore(dragged.to)
  await page.mouse.move(middle.x + ((lost - dragged.from) / dragged.span - 0.5) * middle.width, middle.y)
  for (const [part, words] of [
    ['main', '–'],
    ['spread', ''],
    ['other', '–'],
    ['heard', '100 % lost'],
  ] as const)
    await expect(panel.readout.locator(`[data-part="${part}"]`)).toHaveText(words)
  await page.mouse.move(middle.x, middle.y)
  await page.mouse.wheel(0, -600)
  await expect.poll(() => panel.span()).toBeLessThan(0.6 * dragged.span)
  const zoomed = await panel.view()
  await page.keyboard.press('ArrowLeft')
  expect((await panel.view()).from).toBeCloseTo(zoomed.from - zoomed.span / 4, -1)
  await page.keyboard.down('Shift')
  await page.mouse.down()
  await page.mouse.move(middle.x, middle.y, { steps: 3 })
  await page.mouse.up()
  await page.keyboard.up('Shift')
  expect((await panel.view()).span).toBeCloseTo(zoomed.span, 0)

  for (const [title, main, other] of [
    ['Loudness', 'shortTerm', 'momentary'],
    ['Sound level', 'LAeq', 'LAF'],
    ['RMS and peak', 'rms', 'peak'],
    ['LAF and C peak', 'LAF', 'LCpeak'],
  ] as const) {
    await desk.pick('Figures of the history', title)
    for (const share of [-0.3, 0, 0.27]) {
      await page.mouse.move(middle.x + share * middle.width, middle.y)
      const { step } = await panel.view()
      await expect(panel.readout).toHaveAttribute('data-from', /^\d+$/)
      // What stands there is of one moment: read at once.
      const said = await panel.readout.evaluate((element) => {
        const part = (name: string): string => element.querySelector(`[data-part="${name}"]`)!.textContent
        const { from, main } = (element as HTMLElement).dataset
        return { from, main, text: part('main'), spread: part('spread'), top: part('other') }
      })
      const own = await ask(screen, [main, other], Number(said.from), step)
      const line = own.lines.find((l) => l.figure === main && l.channel === 0)!
      const above = own.lines.find((l) => l.figure === other && l.channel === 0)!
      expect(own.step).toBe(step)
      expect(Number(said.main)).toBe(line.mean[0])
      expect(said.text).toBe(formatLevel(historyLevel(line.mean[0])))
      const [low, high] = [historyLevel(line.min[0]), historyLevel(line.max[0])]
      expect(said.spread).toBe(low === undefined ? '' : `${formatLevel(low)} to ${formatLevel(high)}`)
      expect(said.top).toBe(formatLevel(historyLevel(above.max[0])))
    }
  }
  await page.reload()
  await expect(page.getByRole('combobox', { name: 'Figures of the history' })).toHaveText('LAF and C peak')
  // Home is live, where the present has been written on: a sine of -20 dBFS.
  await panel.frame.scrollIntoViewIfNeeded()
  await page.keyboard.press('Tab')
  await panel.frame.focus()
  await page.keyboard.press('ArrowLeft')
  await expect(panel.button('Live')).toHaveAttribute('aria-pressed', 'false')
  await page.keyboard.press('Home')
  await expect(panel.button('Live')).toHaveAttribute('aria-pressed', 'true')
  await expect(panel.readout.locator('[data-part="main"]')).toHaveText('−23.0')
  await page.keyboard.press('Shift+ArrowLeft')
  await expect(panel.readout.locator('[data-part="main"]')).toHaveText('−23.0')
})

test('a table has units, both times, the calibration in each line, and holes where nothing was heard', async ({
  desk,
  start,
  folder,
}) => {
  const end = Math.floor(Date.now() / 60_000) * 60_000
  const from = end - 5 * 60_000
  await seedHistory({
    data: folder,
    node: 'street',
    from,
    to: end,
    channels: 1,
    figures: (second) =>
      second === from + 10_000
        ? 'lost'
        : second === from + 20_000
          ? undefined
          : { 'level.rms': [-31.25], 'sound-level.LAeq1s': [-40], 'sound-level.LAF': [-41], 'level.clipped': [1] },
  })
  const node = await start.node('Street', 'tone:sine:1000:-20', ['--channels', '1'])
  const served = await start.serve({ folder })
  const { page } = desk
  await desk.open(served.url)
  await desk.connect(node.url, 'Street')
  await desk.pane.getByRole('button', { name: 'Sound pressure…' }).click()
  const dialog = desk.dialog('Sound pressure level')
  await dialog.getByRole('textbox').fill('120')
  await dialog.getByRole('textbox').press('Enter')
  await expect.poll(() => desk.number('spl-offset')).toBe(120)
  await page.keyboard.press('Escape')
  const panel = new Panel(desk)
  await panel.view()
  const downloads = page.waitForEvent('download')
  await panel.button('CSV').click()
  const download = await downloads
  expect(download.suggestedFilename()).toMatch(/^Street_history_[-\d]+_[-\d]+\.csv$/)
  const lines = await readCsv(await download.path())
  const names = Object.keys(lines[0]!)
  expect(names.slice(0, 4)).toEqual(['time UTC', 'time local', 'heard (%)', 'lost (%)'])
  for (const name of ['RMS 1 mean (dBFS)', 'LAeq 1 mean (dB SPL)', 'LCpeak 1 (dB SPL)', 'Momentary max (LUFS)'])
    expect(names).toContain(name)
  const row = (at: number): Record<string, string> => {
    const line = lines.find((each) => each['time UTC'] === new Date(at).toISOString())
    expect(line, new Date(at).toISOString()).toBeDefined()
    return line!
  }
  const heard = row(from + 5000)
  expect(heard).toMatchObject({
    'heard (%)': '100',
    'lost (%)': '0',
    'RMS 1 mean (dBFS)': '-31.25',
    'LAeq 1 mean (dB SPL)': '80',
    'LAF 1 max (dB SPL)': '79',
    overload: 'yes',
  })
  expect(heard['calibration']).toMatch(/^not corrected; dB SPL = dBFS \+ 120\.00 dB, typed by hand on \d{4}-\d\d-\d\d$/)
  expect(Date.parse(heard['time local']!)).toBe(from + 5000)
  expect(row(from + 10_000)).toMatchObject({
    'heard (%)': '0',
    'lost (%)': '100',
    'RMS 1 mean (dBFS)': '',
    overload: '',
  })
  expect(row(from + 20_000)).toMatchObject({
    'heard (%)': '0',
    'lost (%)': '0',
    'RMS 1 mean (dBFS)': '',
    calibration: '',
  })
})

test('markers of a take stand in the history', async ({ desk, start }) => {
  const node = await start.node('Street', 'tone:demo')
  const served = await start.serve()
  const { page } = desk
  await desk.open(served.url)
  await desk.connect(node.url, 'Street')
  const canvas = page.getByTestId('history-frame').locator('canvas')
  await desk.expectDrawing(canvas)
  await desk.record('Street')
  await page.keyboard.press('m')
  await expect(page.getByTestId('history-frame')).toHaveAttribute('data-marks', '2')
  await desk.tool('Stop').click()
})
