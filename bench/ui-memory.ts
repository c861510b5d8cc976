/** Does a page that stays open all day grow? One node with its panels, 16 nodes in the list, ten minutes. Takes 21 minutes. */
import type { CDPSession } from '@playwright/test'
import type { Bench } from './figure.ts'
import { Helper } from './process.ts'
import { openBrowser, openPage, serveWorkstation } from './screen.ts'
import { slope, type Sample } from './slope.ts'

const NODES = 16
const MINUTES = 10
const SAMPLE_MS = 15_000
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
    const heap: Sample[] = []
    const elements: Sample[] = []
    while (performance.now() - begun < MINUTES * 60_000) {
      const hours = (performance.now() - begun) / 3_600_000
      heap.push({ hours, value: await heapMb(session) })
      elements.push({ hours, value: (await session.send('Memory.getDOMCounters')).nodes })
      await page.waitForTimeout(SAMPLE_MS)
    }
    const grown = slope(heap)
    report({
      name: 'heap of the page, garbage collected',
      value: grown.perHour,
      unit: 'MB/h',
      aim: AIM_MB_PER_HOUR,
      note: `± ${grown.error.toFixed(2)}; ${heap[0]!.value.toFixed(2)} MB at first, ${heap.at(-1)!.value.toFixed(2)} MB at last, ${heap.length} samples`,
    })
    report({
      name: 'elements of the page, more than at first',
      value: elements.at(-1)!.value - elements[0]!.value,
      unit: '',
      aim: 0,
      note: `${elements[0]!.value} at first`,
    })
  },
}

async function heapMb(session: CDPSession): Promise<number> {
  // The second collection takes what the finalizers of the first let go.
  await session.send('HeapProfiler.collectGarbage')
  await session.send('HeapProfiler.collectGarbage')
  return (await session.send('Runtime.getHeapUsage')).usedSize / 1e6
}
