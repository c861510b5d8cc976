/**
 * How old is what one sees? arecord on a private sound server, a node, TCP, the served workstation, Chromium.
 *
 * Twice, because the node's time stamps are an estimate of its own: once by those stamps, and once with an event that
 * the node knows nothing of, a tone burst given to the sound server, until the level bar on the page has moved. A second
 * arecord beside the node's says how much of that the sound server took.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Page } from '@playwright/test'
import type { DisposableStore } from '#shared/lifecycle.ts'
import type { Probe } from '#renderer/painter.ts'
import { startNodeProcess } from '../tests/support/node-process.ts'
import { SoundServer } from '../tests/support/sound-server.ts'
import type { Bench } from './figure.ts'
import { openBrowser, openPage, serveWorkstation } from './screen.ts'
import { median, quantile } from './stats.ts'

const RATE = 48_000
const CHANNELS = 2
const FRAME_BYTES = 4 * CHANNELS
const BLOCK_MS = 10
const STAMPED_MS = 15_000
const BURSTS = 40
const BURST_MS = 100
/** Silence before a burst is this and a random part, so that bursts fall anywhere between two blocks or animation frames. */
const PAUSE_MS = 200
const JITTER_MS = 100
/** Level bar: 0 is -60 dBFS RMS over 300 ms, 1 is 0 dBFS. A burst crosses this within its first 0.1 ms. */
const THRESHOLD = 0.1
/** A burst that nobody saw after so long was lost, which is a failure. */
const SEEN_MS = 2000

export const latency: Bench = {
  name: 'latency',
  summary: `from arecord (${BLOCK_MS} ms blocks, s32 stereo 48 kHz) over TCP to a drawn page`,

  async run(store, report) {
    const sound = await SoundServer.start()
    store.defer(() => sound.stop())
    const node = await startNodeProcess(['--source', 'alsa:pulse', '--block-ms', String(BLOCK_MS)], { env: sound.env })
    store.defer(async () => void (await node.stop()))
    const workstation = await serveWorkstation(store)
    const [key] = await workstation.connect([node.url])
    const page = await openPage(await openBrowser(store), workstation.url, 'node')

    const offset = await clockOffset(page)
    const stamped = (await stampedAges(page, key!)).map((age) => age + offset)
    const note = `${stamped.length} drawings, newest capture stamp to the end of drawing`
    report({ name: 'capture to drawn, p50', value: median(stamped), unit: 'ms', note })
    report({ name: 'capture to drawn, p95', value: quantile(stamped, 0.95), unit: 'ms', aim: 100 })

    const player = startPlayer(store, sound)
    const reference = new Reference(store, sound)
    await reference.started
    const seen: number[] = []
    const heard: number[] = []
    const own: number[] = []
    for (let i = 0; i < BURSTS; i++) {
      await silence(page)
      await sleep(PAUSE_MS + Math.random() * JITTER_MS)
      const { drawn } = await watchBar(page)
      const arrival = reference.nextSound()
      const played = now()
      player.stdin!.write(BURST)
      const [pageTime, arrivedAt] = await Promise.all([drawn, arrival])
      const drawnAt = pageTime + offset
      seen.push(drawnAt - played)
      heard.push(arrivedAt - played)
      own.push(drawnAt - arrivedAt)
    }
    report({ name: 'sound played to drawn, p50', value: median(seen), unit: 'ms', note: `${BURSTS} tone bursts` })
    report({ name: 'sound played to drawn, p95', value: quantile(seen, 0.95), unit: 'ms' })
    report({ name: '  of it until arecord gave it out, p50', value: median(heard), unit: 'ms', note: 'sound server' })
    report({ name: '  from there to drawn, p50', value: median(own), unit: 'ms', note: 'Farfield' })
    report({ name: '  from there to drawn, p95', value: quantile(own, 0.95), unit: 'ms', aim: 100 })
  },
}

/** Age of the newest sound in each drawing, ms. */
async function stampedAges(page: Page, key: number): Promise<number[]> {
  return page.evaluate(
    ([node, ms]) =>
      new Promise<number[]>((resolve) => {
        const ages: number[] = []
        const listening = window.__farfield!.onDrawn((probe: Probe) => {
          const captured = probe.captured[node]
          if (captured !== undefined) ages.push(probe.drawnAt - captured)
        })
        setTimeout(() => {
          void listening.dispose()
          resolve(ages)
        }, ms)
      }),
    [key, STAMPED_MS] as const,
  )
}

/** Begins to watch the level bar; the promise inside resolves with the time of the first drawing that shows sound, ms since 1970. */
async function watchBar(page: Page): Promise<{ readonly drawn: Promise<number> }> {
  const watch = await page.evaluateHandle(
    ([threshold, ms]) => {
      const bar = document.querySelector<HTMLElement>('.mini-fill')!
      const drawn = new Promise<number>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error('a burst was played and never drawn')), ms)
        const listening = window.__farfield!.onDrawn((probe: Probe) => {
          if (Number(/scaleX\(([\d.e-]+)\)/.exec(bar.style.transform)?.[1] ?? 0) <= threshold) return
          clearTimeout(timer)
          void listening.dispose()
          resolve(probe.drawnAt)
        })
      })
      return { drawn }
    },
    [THRESHOLD, SEEN_MS] as const,
  )
  return { drawn: watch.evaluate(({ drawn }) => drawn) }
}

/** Resolves when the level bar shows none of the last burst any more. */
async function silence(page: Page): Promise<void> {
  await page.waitForFunction((threshold) => {
    const bar = document.querySelector<HTMLElement>('.mini-fill')!
    return Number(/scaleX\(([\d.e-]+)\)/.exec(bar.style.transform)?.[1] ?? 0) <= threshold
  }, THRESHOLD)
}

/**
 * The page's fine clock is set once, when the page opens, and the system's clock may be corrected after that.
 * Returns what to add to the page's times, ms.
 */
async function clockOffset(page: Page): Promise<number> {
  return page.evaluate(() => {
    // Date.now() counts whole milliseconds: it is right at the moment at which it changes.
    let least = Infinity
    for (const end = performance.now() + 10; performance.now() < end;)
      least = Math.min(least, performance.timeOrigin + performance.now() - Date.now())
    return -least
  })
}

/** 1 kHz at -6 dBFS peak, from its steepest point. */
const BURST = Buffer.alloc((RATE * BURST_MS * FRAME_BYTES) / 1000)
for (let i = 0; i < BURST.length / 4; i++)
  BURST.writeInt32LE(Math.round(0x40000000 * Math.cos((2 * Math.PI * 1000 * Math.floor(i / CHANNELS)) / RATE)), i * 4)

/** Plays what is written to it at once, with 20 ms asked of the server. */
function startPlayer(store: DisposableStore, sound: SoundServer): ChildProcess {
  const player = spawn(
    'pacat',
    ['--playback', '--raw', '--format=s32le', `--rate=${RATE}`, `--channels=${CHANNELS}`, '--latency-msec=20'],
    { env: { ...process.env, ...sound.env }, stdio: ['pipe', 'ignore', 'inherit'] },
  )
  store.defer(() => end(player))
  return player
}

/** A second arecord, as the node runs it: says when sound came out of it. */
class Reference {
  readonly started: Promise<unknown>
  #onSound: ((at: number) => void) | undefined

  constructor(store: DisposableStore, sound: SoundServer) {
    const timing = [`--period-time=${BLOCK_MS * 1000}`, '--buffer-time=500000']
    const child = spawn(
      'arecord',
      ['-q', '-t', 'raw', '-D', 'pulse', '-f', 'S32_LE', '-c', String(CHANNELS), '-r', String(RATE), ...timing],
      { env: { ...process.env, ...sound.env }, stdio: ['ignore', 'pipe', 'ignore'] },
    )
    store.defer(() => end(child))
    this.started = once(child.stdout, 'data')
    child.stdout.on('data', (bytes: Buffer) => {
      if (!this.#onSound || bytes.every((byte) => byte === 0)) return
      this.#onSound(now())
      this.#onSound = undefined
    })
  }

  /** Call while it is silent. */
  nextSound(): Promise<number> {
    return new Promise((resolve) => (this.#onSound = resolve))
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill()
  await gone
}

/** ms since 1970, finer than a millisecond. */
function now(): number {
  return performance.timeOrigin + performance.now()
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
