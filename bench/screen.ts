/** The workstation as people run it: `farfield serve`, and its page in a real Chromium. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { chromium, type Browser, type Page } from '@playwright/test'
import { WebSocket } from 'ws'
import { openScreen } from '#contract/open.ts'
import { socketLink } from '#contract/socket-link.ts'
import type { DisposableStore } from '#shared/lifecycle.ts'
import { CHROMIUM } from '../tests/support/chromium.ts'
import { until } from '../tests/support/station.ts'

const CLI = fileURLToPath(new URL('../src/cli/start.mjs', import.meta.url))
const VIEWPORT = { width: 1440, height: 900 }

export interface Served {
  readonly url: string
  readonly pid: number
  /** Adds nodes and resolves with their keys when sound flows. */
  connect(addresses: readonly string[]): Promise<number[]>
}

/** `folder`: data of before; one of its own otherwise. */
export async function serveWorkstation(store: DisposableStore, folder?: string): Promise<Served> {
  const data = folder ?? (await mkdtemp(join(tmpdir(), 'farfield-bench-')))
  if (folder === undefined) store.defer(() => rm(data, { recursive: true, force: true }))
  const child = spawn(process.execPath, [CLI, 'serve', '--port', '0', '--no-open', '--json', '--data', data], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  store.defer(async () => {
    child.kill('SIGTERM')
    await ended
  })
  const line = await Promise.race([once(createInterface(child.stdout), 'line'), ended])
  const ready: unknown = typeof line[0] === 'string' ? JSON.parse(line[0]) : undefined
  if (!isReady(ready)) throw new Error(`farfield serve did not start: ${String(line[0])}`)
  return { url: ready.url, pid: child.pid!, connect: (addresses) => connect(ready.url, addresses) }
}

function isReady(said: unknown): said is { url: string } {
  return typeof said === 'object' && said !== null && 'url' in said && typeof said.url === 'string'
}

/** Adds nodes to a workstation that is served and resolves with their keys when sound flows. */
export async function connect(url: string, addresses: readonly string[]): Promise<number[]> {
  const origin = url.slice(0, -1)
  const screen = openScreen(socketLink(new WebSocket(`${origin.replace('http', 'ws')}/link`, { origin })))
  const keys: number[] = []
  for (const address of addresses) {
    const added = await screen.call('node.add', { address })
    if (!added.ok) throw new Error(added.fault.message)
    keys.push(added.value.key)
  }
  await until(screen, () => {
    const live = new Set(screen.state!.nodes.filter((node) => node.presence === 'live').map((node) => node.key))
    return keys.every((key) => live.has(key))
  })
  screen.close()
  return keys
}

export async function openBrowser(store: DisposableStore): Promise<Browser> {
  const browser = await chromium.launch({
    ...CHROMIUM,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  })
  store.defer(() => browser.close())
  return browser
}

export type View = 'node' | 'overview'

/** The page with its first node and that node's meters, or with all nodes at a glance. `script` runs in it before the page's own. */
export async function openPage(browser: Browser, url: string, view: View, script?: () => void): Promise<Page> {
  const page = await browser.newPage({ viewport: VIEWPORT })
  if (script) await page.addInitScript(script)
  await page.goto(url)
  const nodes = page.getByRole('listbox', { name: 'Nodes' }).getByRole('option')
  await nodes.first().waitFor()
  const overview = await page.getByTestId('tile-figure').first().isVisible()
  if (overview && view === 'node') await nodes.first().click()
  if (!overview && view === 'overview') await page.keyboard.press('o')
  await page
    .getByTestId(view === 'node' ? 'level-rms-0' : 'tile-figure')
    .first()
    .waitFor()
  await page.waitForFunction(() => (window.__farfield?.draws ?? 0) > 10)
  return page
}
