/** Does the page keep up with the display, and what does it cost? With 1, 4 and 16 demo nodes, the first one selected. */
import type { Browser, CDPSession } from '@playwright/test'
import { DisposableStore } from '#shared/lifecycle.ts'
import type { Bench, Figure } from './figure.ts'
import { chromiumSeconds, compositingOf, frameFigures, scriptSeconds, watchPage, watchScript } from './page-watch.ts'
import { cpuSeconds, Helper } from './process.ts'
import { openBrowser, openPage, serveWorkstation } from './screen.ts'

const NODE_COUNTS = [1, 4, 16]
/** Aims are for this many nodes on two cores. */
const AIMED_NODES = 4
const AIMS = { intervalMs: 20, scriptMs: 4 }
const SETTLE_MS = 3000
const MEASURE_MS = 12_000

export const frames: Bench = {
  name: 'frames',
  summary: 'frame interval and script time in Chromium',

  async run(store, report) {
    const browser = await openBrowser(store)
    const session = await browser.newBrowserCDPSession()
    const compositing = await compositingOf(session)
    for (const count of NODE_COUNTS) {
      const own = store.add(new DisposableStore())
      for (const figure of await measure(own, browser, session, count, compositing)) report(figure)
      await own.dispose()
    }
  },
}

async function measure(
  store: DisposableStore,
  browser: Browser,
  session: CDPSession,
  count: number,
  compositing: string,
): Promise<Figure[]> {
  const demo = new Helper(store, './demo-nodes.ts')
  const workstation = await serveWorkstation(store)
  await workstation.connect(await demo.ask<string[]>(count))
  const page = await openPage(browser, workstation.url, 'node', watchScript)
  store.defer(() => page.close())
  const metrics = await page.context().newCDPSession(page)
  await metrics.send('Performance.enable')
  await page.waitForTimeout(SETTLE_MS)

  const before = { script: await scriptSeconds(metrics), chromium: await chromiumSeconds(session) }
  const cpu = cpuSeconds(workstation.pid)
  const watched = await watchPage(page, MEASURE_MS)
  const script = (await scriptSeconds(metrics)) - before.script
  const chromium = (await chromiumSeconds(session)) - before.chromium
  const percent = (seconds: number): number => (100_000 * seconds) / MEASURE_MS

  const nodes = `${count} ${count === 1 ? 'node' : 'nodes'}: `
  const aims = count === AIMED_NODES ? AIMS : {}
  return [
    ...frameFigures(nodes, watched, MEASURE_MS, aims, `compositing ${compositing}`),
    {
      name: `${nodes}script per frame, mean by DevTools`,
      value: (1000 * script) / watched.script.length,
      unit: 'ms',
      note: 'ScriptDuration of the whole page, this probe included',
    },
    { name: `${nodes}CPU of Chromium`, value: percent(chromium), unit: '% core', note: 'all its processes' },
    {
      name: `${nodes}CPU of farfield serve`,
      value: percent(cpuSeconds(workstation.pid) - cpu),
      unit: '% core',
    },
  ]
}
