/** Does a page that stays open all day grow? One node with its panels, 16 nodes in the list, ten minutes. Takes 21 minutes. */
import type { CDPSession } from '@playwright/test'
import type { Bench } from './figure.ts'
import { Helper } from './process.ts'
import { openBrowser, openPage, serveWorkstation } from './screen.ts'
import { slope } from './slope.ts'

const NODES = 16
const MINUTES = 10
const SAMPLE_MS = 15_000
/** In a minute. */
const SAMPLES = 60_000 / SAMPLE_MS
/** What the page keeps of a link and of the history, ten minutes each, is full by then. */
const WARM_MS = 11 * 60_000
/** A page that stays open for a working day may grow by a few MB in it. */
const AIM_MB_PER_HOUR = 1

export const memory: Bench = {
  name: 'memory',
  summary: `growth of the page in ${MINUTES} minutes, after as many in which its windows fill`,

  async run(store, report) {
    const browser = await openBrowser(store)
    const demo = new Helper(store, './demo-nodes.ts')
    const workstation = await serveWorkstation(store)
    await workstation.connect(await demo.ask<string[]>(NODES))
    const page = await openPage(browser, workstation.url, 'node')
    store.defer(() => page.close())
    const session = await page.context().newCDPSession(page)
    await session.send('HeapProfiler.enable')
    await page.waitForTimeout(WARM_MS)
    const begun = performance.now()
    const heap: number[] = []
    const elements: number[] = []
    while (performance.now() - begun < MINUTES * 60_000) {
      heap.push(await heapMb(session))
      elements.push((await session.send('Memory.getDOMCounters')).nodes)
      await page.waitForTimeout(SAMPLE_MS)
    }
    const minutes = lowest(heap)
    const grown = slope(minutes.map((value, minute) => ({ hours: minute / 60, value })))
    report({
      name: 'heap of the page, garbage collected',
      value: grown.perHour,
      unit: 'MB/h',
      aim: AIM_MB_PER_HOUR,
      note: `± ${grown.error.toFixed(2)}; lowest of each minute: ${minutes.map((mb) => mb.toFixed(1)).join(', ')} MB`,
    })
    report({
      name: 'elements of the page, more than at first',
      value: Math.min(...elements.slice(-SAMPLES)) - Math.min(...elements.slice(0, SAMPLES)),
      unit: '',
      aim: 0,
      note: `${elements[0]} at first, ${elements.at(-1)} at last`,
    })
  },
}

/** Of each minute: what is on its way through the page at the moment of a sample is no growth. */
function lowest(samples: readonly number[]): number[] {
  const minutes = Math.floor(samples.length / SAMPLES)
  return Array.from({ length: minutes }, (_, i) => Math.min(...samples.slice(i * SAMPLES, (i + 1) * SAMPLES)))
}

async function heapMb(session: CDPSession): Promise<number> {
  // The second collection takes what the finalizers of the first let go.
  await session.send('HeapProfiler.collectGarbage')
  await session.send('HeapProfiler.collectGarbage')
  return (await session.send('Runtime.getHeapUsage')).usedSize / 1e6
}
