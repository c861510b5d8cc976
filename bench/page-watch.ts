/** What a page costs: each animation frame's interval and script, React's commits, and the messages that could have caused them. */
import type { CDPSession, Page } from '@playwright/test'
import { mean, median, quantile } from './stats.ts'
import type { Figure } from './figure.ts'

/** Headless Chromium draws at 60 Hz: halfway to twice its interval. */
const MISSED_MS = 25

/** Collected in the page between two animation frames. */
interface Watch {
  running: boolean
  /** Script of the page since the last animation frame, ms. */
  spent: number
  intervals: number[]
  script: number[]
  commits: number
  /** JSON messages: slices of the state, answers to commands. */
  states: number
}

declare global {
  interface Window {
    __bench?: Watch
  }
}

export interface Watched {
  readonly intervals: readonly number[]
  readonly script: readonly number[]
  readonly draws: number
  readonly commits: number
  readonly states: number
}

/** Runs in the page before its own scripts: times every way in which they are called, and each animation frame. */
export function watchScript(): void {
  const watch: Watch = { running: false, spent: 0, intervals: [], script: [], commits: 0, states: 0 }
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
      if (type === 'message')
        super.addEventListener('message', (event) => {
          if (watch.running && typeof event.data === 'string') watch.states++
        })
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
  // React tells its developer tools of each commit, in production too.
  Object.assign(window, {
    __REACT_DEVTOOLS_GLOBAL_HOOK__: {
      supportsFiber: true,
      inject: () => 1,
      onCommitFiberRoot: () => {
        if (watch.running) watch.commits++
      },
      onCommitFiberUnmount: () => undefined,
      onPostCommitFiberRoot: () => undefined,
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

/** For `ms`, of a page that was opened with `watchScript`. */
export function watchPage(page: Page, ms: number): Promise<Watched> {
  return page.evaluate(
    (duration) =>
      new Promise<Watched>((resolve) => {
        const watch = window.__bench!
        const before = window.__farfield!.draws
        Object.assign(watch, { running: true, intervals: [], script: [], commits: 0, states: 0 })
        setTimeout(() => {
          watch.running = false
          const { intervals, script, commits, states } = watch
          resolve({ intervals, script, commits, states, draws: window.__farfield!.draws - before })
        }, duration)
      }),
    ms,
  )
}

export interface FrameAims {
  readonly intervalMs?: number
  readonly scriptMs?: number
}

/** `name` stands before each: whose frames these are. */
export function frameFigures(name: string, watched: Watched, ms: number, aims: FrameAims, note: string): Figure[] {
  const { intervals, script, draws } = watched
  const missed = (100 * intervals.filter((interval) => interval > MISSED_MS).length) / intervals.length
  return [
    {
      name: `${name}frame interval, p95`,
      value: quantile(intervals, 0.95),
      unit: 'ms',
      ...(aims.intervalMs === undefined ? {} : { aim: aims.intervalMs }),
      note: `longest ${Math.max(...intervals).toFixed(1)}, ${missed.toFixed(1)} % missed; ${note}`,
    },
    {
      name: `${name}script per frame, p95`,
      value: quantile(script, 0.95),
      unit: 'ms',
      ...(aims.scriptMs === undefined ? {} : { aim: aims.scriptMs }),
      note: `animation frame, messages and React; median ${median(script).toFixed(2)}, mean ${mean(script).toFixed(2)}`,
    },
    { name: `${name}drawings`, value: (1000 * draws) / ms, unit: '1/s', note: 'passes that had something new' },
  ]
}

/** React renders when the state changes, four times a second, and never for a frame. */
export function commitFigure(name: string, { commits, states, draws }: Watched): Figure {
  return {
    name: `${name}React commits beyond the changes of state`,
    value: Math.max(0, commits - states),
    unit: '',
    aim: 0,
    note: `${commits} commits, ${states} messages of state, ${draws} drawings`,
  }
}

export async function scriptSeconds(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics')
  return metrics.find((metric) => metric.name === 'ScriptDuration')?.value ?? NaN
}

export async function chromiumSeconds(session: CDPSession): Promise<number> {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0)
}

/** Chromium's own word: `disabled_software` without a GPU. */
export async function compositingOf(session: CDPSession): Promise<string> {
  const { gpu } = await session.send('SystemInfo.getInfo')
  return (gpu.featureStatus as { gpu_compositing?: string }).gpu_compositing ?? 'unknown'
}
