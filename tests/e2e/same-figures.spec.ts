/** A number on the screen is the number of the engine: the text of the panels against `farfield meter --json`, of the same sound. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Page } from '@playwright/test'
import { loudnessMeter } from '#meters/loudness/meter.ts'
import { CliProcess, jsonLines } from '../support/cli.ts'
import { expect, test } from '../support/e2e.ts'
import { freePortPair } from '../support/node-process.ts'
import { speechAndNoise } from '../support/programme.ts'
import { feed, read } from '../support/signals.ts'

const run = promisify(execFile)

/** On screen, in JSON, decimals: what has a window of its own and so does not depend on when somebody began to listen. */
const NOW = [
  ['loudness-momentary', 'momentary', 1],
  ['loudness-shortTerm', 'shortTerm', 1],
  ['sound-level-LAF', 'laf.0', 1],
  ['sound-level-LCF', 'lcf.0', 1],
  ['level-rms-0', 'rms.0', 1],
  ['level-rms-1', 'rms.1', 1],
] as const
/** Silence came first, which these leave out. */
const TOTAL = [
  ['loudness-momentaryMax', 'momentaryMax', 1],
  ['loudness-shortTermMax', 'shortTermMax', 1],
  ['loudness-truePeakMax', 'truePeakMax', 1],
  ['level-truePeakMax-0', 'truePeakMax.0', 1],
  ['level-truePeakMax-1', 'truePeakMax.1', 1],
  ['level-peakMax-0', 'peakMax.0', 1],
  ['sound-level-LAFmax', 'lafMax.0', 1],
  ['sound-level-LASmax', 'lasMax.0', 1],
  ['sound-level-LCpeakMax', 'lcPeak.0', 1],
] as const
/**
 * Gated by a grid of 100 ms that begins with the listening, on a step of 10 ms: two listeners cut the same sound in one of ten
 * ways each, which differ by up to 2 LU in the range of a dozen seconds.
 */
const GATED = [
  ['loudness-integrated', 'integrated', 1],
  ['loudness-plr', 'plr', 1],
  ['loudness-lra', 'lra', 1],
] as const
const STEP_FRAMES = 480
const WAYS = 10
/** The engine's arithmetic is that of the kernels, this test's that of the reference. */
const GATED_TOLERANCE = 0.002
/** The command line prints three decimals: half of the last one. */
const JSON_STEP = 0.00051

const PANELS = [
  { id: 'loudness', columns: 12, rows: 4 },
  { id: 'level', columns: 12, rows: 4 },
  { id: 'sound-level', columns: 24, rows: 5 },
]

interface Seen {
  readonly id: string
  readonly text: string
  /** What the text is of, not rounded. */
  readonly value: number
  /** Capture time of the sound it is of, ms since 1970. */
  readonly time: number
}

declare global {
  interface Window {
    __seen?: Seen[]
  }
}

test('the text of the panels is the engine’s figure of the same moment, and so are the totals at the end', async ({
  desk,
  start,
  folder,
  closing,
}) => {
  const programme = join(folder, 'padded.wav')
  // Long enough for both to be connected before the first sound.
  await run('sox', ['-D', await speechAndNoise(folder), '-b', '32', programme, 'pad', '5', '4'])
  const port = await freePortPair()
  const meter = new CliProcess(['meter', `tcp://127.0.0.1:${port}`, '--json', '--interval', '0.01', '--timeout', '30'])
  closing.defer(() => meter.stop('SIGKILL'))
  const served = await start.serve()
  // Figures move only where they can be seen: these panels, and all of them at once.
  await desk.page.setViewportSize({ width: 1920, height: 1200 })
  await desk.page.addInitScript(
    (kept) => localStorage.setItem('farfield.panels', kept),
    JSON.stringify({ shown: 'everything', changed: { everything: PANELS }, own: [] }),
  )
  await desk.open(served.url)
  await desk.add(`tcp://127.0.0.1:${port}`)
  await start.node('Programme', `wav:${programme}`, ['--once'], { port })
  await desk.expectState('Programme', 'Live')
  await expect(desk.page.getByTestId('loudness-momentary')).toHaveText('−∞')
  await record(
    desk.page,
    NOW.map(([id]) => id),
  )
  await expect(desk.page.getByTestId('loudness-shortTerm')).toHaveText(/^−\d/)
  await expect(desk.pane.locator('.trouble')).toContainText('played to its end', { timeout: 40_000 })

  const seen = (await desk.page.evaluate(() => window.__seen))!
  const lines = jsonLines((await meter.stop()).stdout)
  const byTime = new Map(lines.map((line) => [line['time'], line]))
  for (const [id, path, decimals] of NOW) {
    const pairs = seen.flatMap((one) => {
      const line = one.id === id ? byTime.get(one.time) : undefined
      return line ? [{ ...one, json: figure(line, path) }] : []
    })
    expect(pairs.length, `${id}: moments that both told of`).toBeGreaterThan(20)
    expect(new Set(pairs.map(({ text }) => text)).size, `${id} moves`).toBeGreaterThan(10)
    for (const { text, value, json } of pairs) {
      expect(Math.abs(value - json), `${id}: ${value} on screen, ${json} in JSON`).toBeLessThan(JSON_STEP)
      expect(text, id).toBe(say(value, decimals))
    }
  }
  const last = lines.at(-1)!
  /** Of the text that stands there. */
  const valueOf = async (id: string, decimals: number): Promise<number> => {
    const shown = desk.page.getByTestId(id).first()
    const value = Number(await shown.getAttribute('data-value'))
    await expect(shown).toHaveText(say(value, decimals))
    return value
  }
  for (const [id, path, decimals] of TOTAL)
    expect(Math.abs((await valueOf(id, decimals)) - figure(last, path)), `${id} at the end`).toBeLessThan(JSON_STEP)
  const ways = await gatedWays(programme)
  const screen = await Promise.all(GATED.map(([id, , decimals]) => valueOf(id, decimals)))
  const json = GATED.map(([, path]) => figure(last, path))
  for (const [name, values] of Object.entries({ screen, json })) {
    const errors = ways.map((way) => Math.max(...way.map((value, i) => Math.abs(value - values[i]!))))
    expect(Math.min(...errors), `${name}: ${values.join(', ')} LUFS, LU and LU`).toBeLessThan(GATED_TOLERANCE)
  }
})

/** What the gated figures of a file of two channels are, however it is cut. */
async function gatedWays(file: string): Promise<number[][]> {
  const { stdout } = await run('sox', [file, '-t', 'f32', '-'], { encoding: 'buffer', maxBuffer: 1 << 28 })
  const samples = new Float32Array(new Uint8Array(stdout).buffer)
  const shape = { rate: 48_000, channels: 2 }
  return Array.from({ length: WAYS }, (_, way) => {
    const heard = samples.subarray(2 * way * STEP_FRAMES)
    const meter = loudnessMeter.create(shape)
    feed(
      meter,
      [0, 1].map((c) => Float32Array.from({ length: heard.length / 2 }, (_, i) => heard[2 * i + c]!)),
      STEP_FRAMES,
    )
    const reading = read(meter, loudnessMeter, shape)
    return GATED.map(([, name]) => reading[name]![0]!)
  })
}

/** From now on each change of these figures is kept, with the moment it is of. */
async function record(page: Page, ids: readonly string[]): Promise<void> {
  await page.evaluate((names) => {
    const seen: Seen[] = []
    window.__seen = seen
    for (const id of names) {
      const element = document.querySelector<HTMLElement>(`[data-testid="${id}"]`)!
      // Called right after the pass that drew it.
      new MutationObserver(() => {
        const [time] = Object.values(window.__farfield!.captured)
        const { value } = element.dataset
        if (value && Number.isFinite(Number(value)))
          seen.push({ id, text: element.innerText.trim(), value: Number(value), time: time! })
      }).observe(element, { attributes: true, attributeFilter: ['data-value'] })
    }
  }, ids)
}

/** `truePeakMax.1` is the second channel's; without a number the node's, or the greater of its channels. */
function figure(line: Record<string, unknown>, path: string): number {
  const [name, index] = path.split('.')
  const values = [line[name!]].flat() as number[]
  return index === undefined ? Math.max(...values) : values[Number(index)]!
}

function say(value: number, decimals: number): string {
  if (value === -Infinity) return '−∞'
  return value
    .toFixed(decimals)
    .replace('-', '−')
    .replace(/^−(0\.0)$/, '$1')
}
