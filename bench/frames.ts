/** Does the page keep up with the display, and what does it cost? With 1, 4 and 16 demo nodes, the first one selected. */
import type { Browser, CDPSession, Page } from '@playwright/test'
import { DisposableStore } from '#shared/lifecycle.ts'
import type { Bench, Figure } from './figure.ts'
import { cpuSeconds, Helper } from './process.ts'
import { openBrowser, openPage, serveWorkstation } from './screen.ts'
import { mean, median, quantile } from './stats.ts'

const NODE_COUNTS = [1, 4, 16]
/** Aims are for this many nodes on two cores. */
const AIMED_NODES = 4
const AIM_INTERVAL_MS = 20
const AIM_SCRIPT_MS = 4
const SETTLE_MS = 3000
/** Headless Chromium draws at 60 Hz: halfway to twice its interval. */
const MISSED_MS = 25
const MEASURE_MS = 12_000

/** Collected in the page between two animation frames. */
interface Watch {
  running: boolean
  /** Script of the page since the last animation frame, ms. */
  spent: number
  intervals: number[]
  script: number[]
}

declare global {
  interface Window {
    __bench?: Watch
  }
}

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
  const page = await openPage(browser, workstation.url, watchScript)
  store.defer(() => page.close())
  const metrics = await page.context().newCDPSession(page)
  await metrics.send('Performance.enable')
  await page.waitForTimeout(SETTLE_MS)

  const before = { script: await scriptSeconds(metrics), chromium: await chromiumSeconds(session) }
  const cpu = cpuSeconds(workstation.pid)
  const { watch, draws } = await watchPage(page)
  const script = (await scriptSeconds(metrics)) - before.script
  const chromium = (await chromiumSeconds(session)) - before.chromium
  const percent = (seconds: number): number => (100_000 * seconds) / MEASURE_MS

  const nodes = `${count} ${count === 1 ? 'node' : 'nodes'}: `
  const aimed = count === AIMED_NODES
  const missed = (100 * watch.intervals.filter((ms) => ms > MISSED_MS).length) / watch.intervals.length
  return [
    {
      name: `${nodes}frame interval, p95`,
      value: quantile(watch.intervals, 0.95),
      unit: 'ms',
      ...(aimed ? { aim: AIM_INTERVAL_MS } : {}),
      note: `longest ${Math.max(...watch.intervals).toFixed(1)}, ${missed.toFixed(1)} % missed; compositing ${compositing}`,
    },
    {
      name: `${nodes}script per frame, p95`,
      value: quantile(watch.script, 0.95),
      unit: 'ms',
      ...(aimed ? { aim: AIM_SCRIPT_MS } : {}),
      note: `animation frame, messages and React; median ${median(watch.script).toFixed(2)}, mean ${mean(watch.script).toFixed(2)}`,
    },
    {
      name: `${nodes}script per frame, mean by DevTools`,
      value: (1000 * script) / watch.script.length,
      unit: 'ms',
      note: 'ScriptDuration of the whole page, this probe included',
    },
    {
      name: `${nodes}drawings`,
      value: (1000 * draws) / MEASURE_MS,
      unit: '1/s',
      note: 'passes that had something new',
    },
    { name: `${nodes}CPU of Chromium`, value: percent(chromium), unit: '% core', note: 'all its processes' },
    {
      name: `${nodes}CPU of farfield serve`,
      value: percent(cpuSeconds(workstation.pid) - cpu),
      unit: '% core',
    },
  ]
}

/** Runs in the page before its own scripts: times every way in which they are called, and each animation frame. */
function watchScript(): void {
  const watch: Watch = { running: false, spent: 0, intervals: [], script: [] }
  window.__bench = watch
  const timed =
    <A extends unknown[]>(call: (...args: A) => void) =>
    (...args: A): void => {
      const start = performance.now()
      call(...args)
      watch.spent += performance.now() - start
    }
  const raf = window.requestAnimationFrame.bind(window)
  window.requestAnimationFrame = (callback) => raf(timed(callback))
  window.WebSocket = class extends WebSocket {
    override addEventListener(type: string, listener: EventListenerOrEventListenerObject): void {
      super.addEventListener(type, timed(listener as (event: Event) => void))
    }
  }
  // React does its work in messages that it sends to itself.
  const onmessage = Object.getOwnPropertyDescriptor(MessagePort.prototype, 'onmessage')!
  Object.defineProperty(MessagePort.prototype, 'onmessage', {
    ...onmessage,
    set(this: MessagePort, listener: (event: MessageEvent) => void) {
      onmessage.set!.call(this, timed(listener))
    },
  })
  let last = 0
  const beat = (now: number): void => {
    raf(beat)
    if (watch.running && last > 0) {
      watch.intervals.push(now - last)
      watch.script.push(watch.spent)
    }
    watch.spent = 0
    last = now
  }
  raf(beat)
}

async function watchPage(page: Page): Promise<{ watch: Watch; draws: number }> {
  return page.evaluate(
    (ms) =>
      new Promise<{ watch: Watch; draws: number }>((resolve) => {
        const watch = window.__bench!
        const draws = window.__farfield!.draws
        watch.running = true
        setTimeout(() => {
          watch.running = false
          resolve({ watch, draws: window.__farfield!.draws - draws })
        }, ms)
      }),
    MEASURE_MS,
  )
}

async function scriptSeconds(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics')
  return metrics.find((metric) => metric.name === 'ScriptDuration')?.value ?? NaN
}

async function chromiumSeconds(session: CDPSession): Promise<number> {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0)
}

/** Chromium's own word: `disabled_software` without a GPU. */
async function compositingOf(session: CDPSession): Promise<string> {
  const { gpu } = await session.send('SystemInfo.getInfo')
  return (gpu.featureStatus as { gpu_compositing?: string }).gpu_compositing ?? 'unknown'
}
