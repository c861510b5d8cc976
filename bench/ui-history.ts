/** Is a look back quick? Eight hours of one node are on the disk of a workstation; a wheel zooms through them. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { seedHistory, street } from '../tests/support/history-seed.ts'
import { startNodeProcess } from '../tests/support/node-process.ts'
import type { Bench } from './figure.ts'
import { openBrowser, serveWorkstation } from './screen.ts'
import { median, quantile } from './stats.ts'

const HOUR = 3_600_000
const HOURS = 8
const AIM_MS = 50
const ZOOMS = 60
const SETTLED_MS = 15_000

export const history: Bench = {
  name: 'history',
  summary: 'zooming with 8 hours of history loaded',

  async run(store, report) {
    const data = await mkdtemp(join(tmpdir(), 'farfield-bench-'))
    store.defer(() => rm(data, { recursive: true, force: true }))
    const to = Math.floor(Date.now() / 1000) * 1000 - 10_000
    await seedHistory({ data, node: 'street', from: to - HOURS * HOUR, to, channels: 2, figures: street })
    const node = await startNodeProcess(['--name', 'Street', '--id', 'street', '--source', 'tone:demo'])
    store.defer(async () => void (await node.stop()))
    const workstation = await serveWorkstation(store, data)
    await workstation.connect([node.url])
    const page = await (await openBrowser(store)).newPage({ viewport: { width: 1440, height: 900 } })
    store.defer(() => page.close())
    const started = performance.now()
    await page.goto(workstation.url)
    const frame = page.getByTestId('history-frame')
    await frame.scrollIntoViewIfNeeded()
    await settled(page)
    report({ name: 'page to first history', value: performance.now() - started, unit: 'ms', note: 'the page too' })
    await frame.focus()
    // To all of it, and away from the present.
    for (let i = 0; i < 6; i++) await frame.press('-')
    await frame.press('ArrowLeft')
    await settled(page)
    const { seen, fine } = await zoomThrough(page)
    const note = `${ZOOMS} turns of the wheel between 10 h and minutes; median`
    report({
      name: 'wheel to the picture at the new zoom, p95',
      value: quantile(seen, 0.95),
      unit: 'ms',
      aim: AIM_MS,
      note: `${note} ${median(seen).toFixed(1)}`,
    })
    report({
      name: 'wheel to the picture in full detail, p95',
      value: quantile(fine, 0.95),
      unit: 'ms',
      aim: AIM_MS,
      note: `${note} ${median(fine).toFixed(1)}, longest ${Math.max(...fine).toFixed(1)}`,
    })
  },
}

async function settled(page: Page): Promise<void> {
  await page.locator('[data-testid="history-frame"][data-settled="true"]').waitFor({ timeout: SETTLED_MS })
}

/** In and out again, each turn when the one before is drawn in full; times of each until it was drawn, ms. */
function zoomThrough(page: Page): Promise<{ seen: number[]; fine: number[] }> {
  return page.evaluate(async (zooms) => {
    const frame = document.querySelector<HTMLElement>('[data-testid="history-frame"]')!
    const box = frame.getBoundingClientRect()
    const seen: number[] = []
    const fine: number[] = []
    for (let i = 0; i < zooms; i++) {
      // Seven turns in, seven out.
      const deltaY = i % 14 < 7 ? -400 : 400
      await new Promise<void>((resolve) => {
        const before = frame.dataset['from']
        let first = 0
        const watch = new MutationObserver(() => {
          const now = performance.now()
          if (first === 0 && frame.dataset['from'] !== before) seen.push((first = now) - start)
          if (first === 0 || frame.dataset['settled'] !== 'true') return
          fine.push(now - start)
          watch.disconnect()
          resolve()
        })
        watch.observe(frame, { attributes: true })
        const start = performance.now()
        frame.dispatchEvent(
          new WheelEvent('wheel', { deltaY, clientX: box.left + box.width / 2, bubbles: true, cancelable: true }),
        )
      })
    }
    return { seen, fine }
  }, ZOOMS)
}
