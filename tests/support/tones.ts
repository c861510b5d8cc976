/** Tones whose figures are known, and how a person reads them off a picture. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, type Locator, type Page } from '@playwright/test'
import type { Desk } from './desk.ts'
import type { Start } from './e2e.ts'
import { wavFile } from './node-sound.ts'

export const RATE = 48_000
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
export const MEAN = 10 * Math.log10(0.5)
export const RMS = 10 * Math.log10(0.5)
/** As the spectrum of all channels shows them, upwards. */
export const PEAKS = [
  [250, -30 + MEAN],
  [1000, -20 + MEAN],
  [2000, -26 + MEAN],
  [4000, -40 + MEAN],
] as const

/** A second of whole periods, played over and over. */
export async function tonesFile(folder: string): Promise<string> {
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

/** A workstation that hears them, in a window of 1920×1080: room for every figure of two cursors. */
export async function hearTones(desk: Desk, start: Start, folder: string): Promise<void> {
  const node = await start.node('Tones', `wav:${await tonesFile(folder)}`)
  const served = await start.serve()
  await desk.page.setViewportSize({ width: 1920, height: 1080 })
  await desk.open(served.url)
  await desk.connect(node.url, 'Tones')
}

/** A picture that takes keys, with the focus. */
export async function frameOf(page: Page, id: string): Promise<Locator> {
  const frame = page.getByTestId(`${id}-frame`)
  await frame.scrollIntoViewIfNeeded()
  await frame.focus()
  return frame
}

export async function expectRatio(desk: Desk, id: string, hz: number, tolerance: number): Promise<void> {
  await expect
    .poll(async () => Math.abs((await desk.number(id)) / hz - 1), { message: `${id} near ${hz}` })
    .toBeLessThan(tolerance)
}

/** The rows of a panel's table, without its headings, as numbers where they are. */
export async function tableOf(desk: Desk, name: string): Promise<string[][]> {
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
