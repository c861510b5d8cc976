/** What leaves the program: pictures, tables and snapshots, read by programs that are not ours. */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Download, Locator } from '@playwright/test'
import { readCsv } from '../support/csv.ts'
import type { Desk } from '../support/desk.ts'
import { expect, test } from '../support/e2e.ts'
import { startNodeProcess } from '../support/node-process.ts'

const run = promisify(execFile)
const WORDS = fileURLToPath(new URL('../support/png-words.py', import.meta.url))

/** CSS px around a panel in its picture. */
const PAD = 12
const DENSITY = 2

// As dense as the picture, so that what is on the screen can be compared with it.
test.use({ deviceScaleFactor: DENSITY })

interface Png {
  readonly size: readonly [width: number, height: number]
  readonly perMetre: number
  readonly text: Readonly<Record<string, string>>
}

async function wordsOf(file: string): Promise<Png> {
  return JSON.parse((await run('python3', [WORDS, file])).stdout) as Png
}

/** Red, green and blue of each pixel of a part of a picture, as ffmpeg decodes it. */
async function pixelsOf(file: string, { x, y, width, height }: Part): Promise<Buffer> {
  const crop = `crop=${width}:${height}:${x}:${y}`
  const args = ['-v', 'error', '-i', file, '-vf', crop, '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-']
  const { stdout } = await run('ffmpeg', args, { encoding: 'buffer', maxBuffer: 1e9 })
  expect(stdout.length, 'pixels').toBe(3 * width * height)
  return stdout
}

interface Part {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

function panel(desk: Desk, name: string): Locator {
  return desk.pane.getByRole('region', { name, exact: true })
}

async function choose(desk: Desk, name: string, item: string): Promise<void> {
  await panel(desk, name)
    .getByRole('button', { name: `Panel ${name}` })
    .click()
  await desk.page.getByRole('menuitem', { name: item }).click()
}

async function saved(desk: Desk, act: () => Promise<void>): Promise<Download> {
  const [download] = await Promise.all([desk.page.waitForEvent('download'), act()])
  return download
}

/** A colour of the style sheet as three numbers. */
async function colourOf(desk: Desk, token: string): Promise<number[]> {
  const hex = await desk.page.evaluate(
    (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim(),
    token,
  )
  expect(hex).toMatch(/^#[0-9a-f]{6}$/)
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16))
}

for (const theme of ['dark', 'light'])
  test(`a panel as a picture is the panel that is seen, in the ${theme} theme`, async ({ desk, start }) => {
    const node = await start.node('Hall 3', 'tone:sine:1000:-20')
    const served = await start.serve()
    const { page } = desk
    await page.addInitScript((chosen) => localStorage.setItem('farfield.theme', chosen), theme)
    await desk.open(served.url)
    await desk.connect(node.url, 'Hall 3')
    await desk.expectNear('loudness-shortTerm', -20, 0.05)
    // A sine changes no figure any more once there are all.
    await expect(panel(desk, 'Loudness').locator('[data-testid^="loudness-"][data-value=""]')).toHaveCount(0)
    const download = await saved(desk, () => choose(desk, 'Loudness', 'Save as picture'))
    expect(download.suggestedFilename()).toMatch(/^Hall_3_loudness_\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d\.png$/)
    await expect(desk.notices.last()).toContainText(download.suggestedFilename())
    const file = test.info().outputPath('saved.png')
    await download.saveAs(file)
    const seen = panel(desk, 'Loudness')
    const box = (await seen.boundingBox())!
    const { size, perMetre, text } = await wordsOf(file)
    expect(size[0]).toBe(Math.round((box.width + 2 * PAD) * DENSITY))
    expect(size[1]).toBeGreaterThan((box.height + 3 * PAD) * DENSITY)
    expect(perMetre).toBe(Math.round((96 * DENSITY) / 0.0254))
    expect(text['Title']).toBe('Hall 3: Loudness')
    const said = text['Description']!
    for (const word of [
      'Hall 3 (simulated)',
      node.url,
      '48 kHz',
      'Not corrected; levels in dBFS, no sound pressure is known',
      'UTC',
      text['Software']!,
    ])
      expect(said).toContain(word)
    expect(text['Software']).toMatch(/^Farfield \d+\.\d+\.\d+/)
    expect(Math.abs(Date.parse(text['Creation Time']!) - Date.now())).toBeLessThan(60_000)

    // The ground around it, and below its head the same pixels as on the screen.
    const corner = await pixelsOf(file, { x: 0, y: 0, width: 4, height: 4 })
    expect([...corner.subarray(0, 3)]).toEqual(await colourOf(desk, '--bg'))
    const head = Math.ceil((await seen.locator('.panel-head').boundingBox())!.height) + 12
    const inner = (left: number): Part => ({
      x: (left + 2) * DENSITY,
      y: (left + head) * DENSITY,
      width: Math.floor(box.width - 4) * DENSITY,
      height: Math.floor(box.height - head - 8) * DENSITY,
    })
    const shot = test.info().outputPath('screen.png')
    await seen.screenshot({ path: shot })
    const [drawn, shown] = await Promise.all([pixelsOf(file, inner(PAD)), pixelsOf(shot, inner(0))])
    let different = 0
    for (let i = 0; i < drawn.length; i += 3)
      if ([0, 1, 2].some((c) => Math.abs(drawn[i + c]! - shown[i + c]!) > 48)) different++
    expect(different / (drawn.length / 3), 'share of pixels that differ').toBeLessThan(0.004)
    const accent = await colourOf(desk, '--accent')
    let bar = 0
    for (let i = 0; i < drawn.length; i += 3) if (accent.every((value, c) => value === drawn[i + c])) bar++
    expect(bar / (drawn.length / 3), 'share of the bar').toBeGreaterThan(0.01)
  })

test('pictures of canvases are painted, and hide what only waits to be pressed', async ({ desk, start }) => {
  // Seven pictures, each decoded anew.
  test.slow()
  const node = await start.node('Hall', 'tone:demo')
  const served = await start.serve()
  await desk.open(served.url)
  await desk.connect(node.url, 'Hall')
  for (const name of ['Level', 'Last minute', 'Spectrum', 'Spectrogram', 'Bands', 'Waveform', 'Correlation']) {
    const seen = panel(desk, name)
    await seen.scrollIntoViewIfNeeded()
    await desk.expectDrawing(seen.locator('canvas').last())
    const download = await saved(desk, () => choose(desk, name, 'Save as picture'))
    const file = await download.path()
    const { size } = await wordsOf(file)
    const box = (await seen.boundingBox())!
    const canvas = (await seen.locator('canvas').last().boundingBox())!
    const part = {
      x: Math.ceil((PAD + canvas.x - box.x) * DENSITY),
      y: Math.ceil((PAD + canvas.y - box.y) * DENSITY),
      width: Math.floor(canvas.width * DENSITY) - 4,
      height: Math.floor(canvas.height * DENSITY) - 4,
    }
    expect(part.y + part.height).toBeLessThan(size[1])
    const pixels = await pixelsOf(file, part)
    const colours = new Set<number>()
    for (let i = 0; i < pixels.length; i += 3) colours.add(pixels.readUIntBE(i, 3))
    expect(colours.size, `colours of ${name}`).toBeGreaterThan(20)
    // Where the menu of the panel is on the screen there is the ground of the panel alone.
    const menu = (await seen.getByRole('button', { name: `Panel ${name}` }).boundingBox())!
    const place = {
      x: Math.ceil((PAD + menu.x - box.x) * DENSITY),
      y: Math.ceil((PAD + menu.y - box.y) * DENSITY),
      width: Math.floor(menu.width) * DENSITY,
      height: Math.floor(menu.height) * DENSITY,
    }
    const ground = await colourOf(desk, '--panel')
    const beside = await pixelsOf(file, place)
    expect(
      beside.every((value, i) => value === ground[i % 3]),
      `no menu in ${name}`,
    ).toBe(true)
  }
})

test('a table has the figures of the screen, exact, with units and calibration', async ({ desk, start, closing }) => {
  const node = await startNodeProcess(['--name', '=1+1', '--id', 'hall', '--source', 'tone:sine:1000:-20'])
  closing.defer(async () => void (await node.stop()))
  const served = await start.serve()
  await desk.open(served.url)
  await desk.connect(node.url, '=1+1')
  await desk.expectNear('level-truePeakMax-1', -20, 0.05)
  const download = await saved(desk, () => choose(desk, 'Level', 'Save as table'))
  expect(download.suggestedFilename()).toMatch(/^1_1_level_[-\d]+_[-\d]+\.csv$/)
  const rows = await readCsv(await download.path())
  expect(rows).toHaveLength(2)
  for (const [channel, row] of rows.entries()) {
    // A sine has the same largest sample and true peak again and again.
    expect(Number(row['Largest true peak (dBTP)'])).toBe(await desk.number(`level-truePeakMax-${channel}`))
    expect(Number(row['RMS, 300 ms (dBFS)'])).toBeCloseTo(-23.01, 1)
    expect(row).toMatchObject({
      Channel: String(channel + 1),
      node: "'=1+1",
      address: node.url,
      simulated: 'yes',
      'sample rate (Hz)': '48000',
      calibration: 'not corrected; levels in dBFS, no sound pressure is known',
    })
    expect(Date.parse(row['saved local']!)).toBe(Date.parse(row['saved UTC']!))
  }

  const minute = await readCsv(await (await saved(desk, () => choose(desk, 'Last minute', 'Save as table'))).path())
  const heard = minute.filter((row) => row['Sound'] === 'heard')
  expect(heard.length).toBeGreaterThan(10)
  expect(Number(heard.at(-1)!['Momentary (LUFS)'])).toBeCloseTo(-20, 1)
  const link = await readCsv(await (await saved(desk, () => choose(desk, 'Link', 'Save as table'))).path())
  expect(link.find((row) => row['Figure'] === 'Gaps')).toMatchObject({ Value: await desk.value('link-gaps') })
})

test('a snapshot is a picture of all of the view and every figure of it', async ({ desk, start }) => {
  const node = await start.node('Hall', 'tone:sine:1000:-20')
  const served = await start.serve()
  const { page } = desk
  await desk.open(served.url)
  await desk.connect(node.url, 'Hall')
  await desk.expectNear('loudness-truePeakMax', -20, 0.05)
  await desk.expectNear('level-truePeakMax-0', -20, 0.05)
  const came: Download[] = []
  page.on('download', (download) => came.push(download))
  await page.keyboard.press('p')
  await expect.poll(() => came.length).toBe(2)
  // In either order.
  came.sort((a, b) => b.suggestedFilename().localeCompare(a.suggestedFilename()))
  const names = came.map((one) => one.suggestedFilename())
  expect(names[0]).toMatch(/^Hall_snapshot_[-\d]+_[-\d]+\.png$/)
  expect(names[1]).toBe(names[0]!.replace('.png', '.json'))
  for (const name of names) await expect(desk.notices.last()).toContainText(name)
  const { size, text } = await wordsOf(await came[0]!.path())
  expect(text['Title']).toBe('Hall: snapshot')
  const last = panel(desk, 'Link')
  await last.scrollIntoViewIfNeeded()
  const [room, end] = await desk.pane
    .locator('.panels-room')
    .evaluate((element) => [element.getBoundingClientRect().top, element.scrollHeight] as const)
  expect(size[1] / DENSITY, 'what has to be scrolled to is in it').toBeGreaterThan(room + end - 60)

  interface Said {
    readonly title: string
    readonly columns?: readonly { readonly title: string; readonly unit?: string }[]
    readonly rows?: readonly (readonly unknown[])[]
  }
  interface Snapshot {
    readonly view: string
    readonly nodes: readonly {
      readonly node: string
      readonly calibration: { readonly inWords: string }
      readonly panels: readonly Said[]
    }[]
  }
  const read = async (one: Download): Promise<Snapshot> =>
    JSON.parse(await readFile(await one.path(), 'utf8')) as Snapshot
  const figures = await read(came[1]!)
  expect(figures.nodes.map((one) => one.node)).toEqual(['Hall'])
  expect(figures.nodes[0]!.calibration.inWords).toBe('not corrected; levels in dBFS, no sound pressure is known')
  const level = figures.nodes[0]!.panels.find(({ title }) => title === 'Level')!
  const column = level.columns!.findIndex(({ title }) => title === 'Largest true peak')
  expect(level.columns![column]!.unit).toBe('dBTP')
  expect(level.rows![0]![column]).toBe(await desk.number('level-truePeakMax-0'))
  const shown = await desk.pane.getByRole('region').evaluateAll((all) => all.length)
  expect(figures.nodes[0]!.panels.length).toBeLessThanOrEqual(shown)

  await page.keyboard.press('o')
  await expect(page.getByRole('heading', { name: 'All nodes' })).toBeVisible()
  await desk.tool('Snapshot').click()
  await expect.poll(() => came.length).toBe(4)
  expect(came[2]!.suggestedFilename()).toMatch(/^All_nodes_snapshot_/)
  expect((await wordsOf(await came[2]!.path())).text['Description']).toContain(`Hall (simulated), ${node.url}`)
  const all = await read(came[3]!)
  expect(all.view).toBe('overview')
  expect(all.nodes[0]!.panels.map(({ title }) => title)).toContain('Level')
})

test('a picture is copied where the browser lets it, and else a sentence says what to do', async ({
  desk,
  start,
  context,
}) => {
  const node = await start.node('Hall', 'tone:sine:1000:-20')
  const served = await start.serve()
  const { page } = desk
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await desk.open(served.url)
  await desk.connect(node.url, 'Hall')
  await choose(desk, 'Level', 'Copy picture')
  await expect(desk.notices.last()).toContainText('The picture of Level is in the clipboard.')
  const copied = await page.evaluate(async () => {
    const [item] = await navigator.clipboard.read()
    const picture = await createImageBitmap(await item!.getType('image/png'))
    return { types: item!.types, width: picture.width }
  })
  expect(copied.types).toEqual(['image/png'])
  const box = (await panel(desk, 'Level').boundingBox())!
  expect(copied.width).toBe(Math.round((Math.max(box.width, 480) + 2 * PAD) * DENSITY))
  await context.clearPermissions()
  await page.evaluate(() => Object.defineProperty(window, 'ClipboardItem', { value: undefined }))
  await choose(desk, 'Level', 'Copy picture')
  await expect(desk.notices.filter({ hasText: 'Save the picture instead' })).toBeVisible()
})

test('the list of recordings as a table', async ({ desk, start }) => {
  const node = await start.node('Hall', 'tone:sine:1000:-20')
  const served = await start.serve()
  await desk.open(served.url)
  await desk.connect(node.url, 'Hall')
  await desk.record('Hall')
  await desk.tool('Stop').click()
  await expect(desk.take('Hall')).toHaveAttribute('data-state', 'finished')
  const download = await saved(desk, () => desk.page.getByRole('button', { name: 'Save list as table' }).click())
  const [row, ...more] = await readCsv(await download.path())
  expect(more).toEqual([])
  expect(row).toMatchObject({
    node: 'Hall',
    state: 'finished',
    gaps: '0',
    'missing (frames)': '0',
    certificate:
      (await desk.take('Hall').getByTestId('take-certificate').getAttribute('data-value')) === 'true'
        ? 'whole'
        : 'incomplete',
  })
  expect(Number(row!['length (s)'])).toBe(await desk.number('take-seconds', desk.take('Hall')))
  expect(Number(row!['frames'])).toBeCloseTo(48_000 * Number(row!['length (s)']), 3)
})
