/** Do the screens keep up with the display? All nodes at a glance, and one node with its panels. */
import type { Page } from '@playwright/test'
import type { Bench, Figure } from './figure.ts'
import { commitFigure, compositingOf, frameFigures, watchPage, watchScript } from './page-watch.ts'
import { Helper } from './process.ts'
import { openBrowser, openPage, serveWorkstation, type View } from './screen.ts'

const NODES = 16
const AIMS = { intervalMs: 20, scriptMs: 5 }
const SETTLE_MS = 3000
const MEASURE_MS = 20_000
/** Six panels of a node are in sight on a screen of this size. */
const LARGE = { width: 1920, height: 1080 }
const SIX = [
  { id: 'loudness', columns: 13, rows: 4 },
  { id: 'level', columns: 11, rows: 4 },
  { id: 'spectrum', columns: 13, rows: 3 },
  { id: 'history', columns: 11, rows: 3 },
  { id: 'spectrogram', columns: 13, rows: 3 },
  { id: 'waveform', columns: 11, rows: 3 },
]

export const overview = bench('overview', `${NODES} nodes at a glance`, NODES, 'overview')
export const panels = bench('panels', 'one node with six panels, the spectrogram among them', 1, 'node')

function bench(name: string, summary: string, nodes: number, view: View): Bench {
  return {
    name,
    summary,
    async run(store, report) {
      const browser = await openBrowser(store)
      const compositing = await compositingOf(await browser.newBrowserCDPSession())
      const demo = new Helper(store, './demo-nodes.ts')
      const workstation = await serveWorkstation(store)
      await workstation.connect(await demo.ask<string[]>(nodes))
      const page = await openPage(browser, workstation.url, view, watchScript)
      store.defer(() => page.close())
      if (view === 'node') {
        await page.setViewportSize(LARGE)
        const kept = JSON.stringify({ shown: 'everything', changed: { everything: SIX }, own: [] })
        await page.evaluate((text) => localStorage.setItem('farfield.panels', text), kept)
        await page.reload()
        await page.getByTestId('level-rms-0').waitFor()
      }
      await page.waitForTimeout(SETTLE_MS)
      const shown = await inSight(page, view)
      const watched = await watchPage(page, MEASURE_MS)
      const figures: Figure[] = [
        ...frameFigures('', watched, MEASURE_MS, AIMS, `${shown}; compositing ${compositing}`),
        commitFigure('', watched),
      ]
      for (const figure of figures) report(figure)
    },
  }
}

/** What is drawn, for whoever reads the figures. */
async function inSight(page: Page, view: View): Promise<string> {
  const selector = view === 'node' ? '.panel' : '.tile'
  const names = await page.locator(selector).evaluateAll((elements) =>
    elements
      .filter((element) => {
        const { top, bottom } = element.getBoundingClientRect()
        return bottom > 0 && top < innerHeight
      })
      .map((element) => element.querySelector('h2')?.textContent ?? ''),
  )
  return view === 'node' ? `in sight: ${names.join(', ')}` : `${names.length} tiles in sight`
}
