/**
 * Starts the built desktop: in real Electron where its binary is found, else on the stand-in. Specs see the same thing
 * either way, a page and a function that runs in the main process.
 */
import { fork, type ChildProcess } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { _electron, chromium, type Page } from '@playwright/test'
import type * as Electron from 'electron'

export const ROOT = resolve(import.meta.dirname, '../..')

type InMain<A, R> = (electron: typeof Electron, arg: A) => R | Promise<R>

export interface Desktop {
  readonly page: Page
  readonly dataDir: string
  /** The page's address as the program knows it. */
  url(): Promise<string>
  /** Runs `work` in the main process; it sees its arguments and globals only. */
  inMain<R>(work: InMain<undefined, R>): Promise<R>
  inMain<A, R>(work: InMain<A, R>, arg: A): Promise<R>
  /** What the page's `window.open` came to. */
  tryOpen(url: string): Promise<'opened' | 'denied'>
  /** What main wrote to standard error so far; it reports there what fails in the page. */
  errors(): string
  /** Exit code. */
  readonly exited: Promise<number | null>
  /** Ends the program without asking, whatever state it is in, and removes what it wrote. */
  kill(): Promise<void>
}

export interface LaunchOptions {
  /** Folder with package.json and out/, or in real Electron an archive of them. */
  readonly root?: string
  readonly demo?: boolean
  /** Default: a new one. */
  readonly dataDir?: string
}

/** Undefined where there is none or, on Linux, no display to show it on; with FARFIELD_REQUIRE_ELECTRON that is an error. */
export function electronBinary(): string | undefined {
  const names = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' } as Record<string, string>
  const folder = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(ROOT, 'node_modules/electron/dist')
  const file = join(folder, names[process.platform] ?? 'electron')
  const display = process.platform !== 'linux' || process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']
  if (existsSync(file) && display) return file
  if (process.env['FARFIELD_REQUIRE_ELECTRON'])
    throw new Error(existsSync(file) ? 'There is no display for Electron.' : `Electron is not at ${file}.`)
  return undefined
}

export async function launchDesktop({
  root = ROOT,
  demo = false,
  dataDir: given,
}: LaunchOptions = {}): Promise<Desktop> {
  if (root === ROOT && !existsSync(join(ROOT, 'out/main/index.js')))
    throw new Error('The desktop is not built: run "npm run build" first.')
  const dataDir = given ?? (await mkdtemp(join(tmpdir(), 'farfield-desktop-')))
  const switches = [`--data=${dataDir}`, ...(demo ? ['--demo'] : [])]
  const binary = electronBinary()
  return binary ? inElectron(binary, root, dataDir, switches) : onStandIn(root, dataDir, switches)
}

/** A copy of the built app that a test may spoil. */
export async function plantedCopy(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'farfield-planted-'))
  await mkdir(root, { recursive: true })
  await cp(join(ROOT, 'out'), join(root, 'out'), { recursive: true })
  await cp(join(ROOT, 'package.json'), join(root, 'package.json'))
  await symlink(join(ROOT, 'node_modules'), join(root, 'node_modules'), 'junction')
  return root
}

async function inElectron(binary: string, root: string, dataDir: string, switches: string[]): Promise<Desktop> {
  const app = await _electron.launch({
    executablePath: binary,
    args: [root, ...switches, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
  })
  const child = app.process()
  const page = await app.firstWindow()
  return {
    page,
    ...common(child, dataDir),
    url: () => Promise.resolve(page.url()),
    inMain: (work: InMain<never, never>, arg?: unknown) => app.evaluate<never, never>(work as never, arg as never),
    tryOpen: async (url) => ((await page.evaluate((to) => window.open(to) === null, url)) ? 'denied' : 'opened'),
  }
}

async function onStandIn(root: string, dataDir: string, switches: string[]): Promise<Desktop> {
  const { NODE_OPTIONS: _loader, ...env } = process.env
  const child = fork(join(ROOT, 'tests/support/electron-stand-in/launch.ts'), [root, ...switches], {
    env,
    execArgv: [],
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  })
  const shared = common(child, dataDir)
  const address = await new Promise<string>((done, failed) => {
    child.once('message', (message: { browser: string }) => done(message.browser))
    child.once('exit', (code) => failed(new Error(`The desktop ended with ${code} at its start:\n${shared.errors()}`)))
  })
  const browser = await chromium.connectOverCDP(address)
  const page = browser.contexts()[0]!.pages()[0]!
  let last = 0
  const inMain = (work: InMain<never, never>, arg?: unknown): Promise<never> => {
    const id = ++last
    return new Promise((done, failed) => {
      const ended = (): void => failed(new Error(`The desktop ended before it answered:\n${shared.errors()}`))
      const hear = (answer: { id: number; value?: never; error?: string }): void => {
        if (answer.id !== id) return
        child.off('message', hear)
        child.off('exit', ended)
        if (answer.error === undefined) done(answer.value!)
        else failed(new Error(answer.error))
      }
      child.on('message', hear)
      child.once('exit', ended)
      // The exit tells of a failure to send.
      child.send({ id, source: work.toString(), arg }, () => undefined)
    })
  }
  const desktop: Desktop = {
    page,
    ...shared,
    inMain,
    url: () => desktop.inMain(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.webContents.getURL()),
    tryOpen: async (url) => {
      await desktop.inMain(({ BrowserWindow }) => {
        const { webContents } = BrowserWindow.getAllWindows()[0]!
        const decided = new Promise<string>((done) => {
          const hear = ({ action }: { action: string }): void => done(action)
          webContents.once('stand-in:window-open' as never, hear as never)
        })
        Object.assign(globalThis, { windowOpen: decided })
      })
      await page.evaluate((to) => void window.open(to), url)
      const action = await desktop.inMain(() => (globalThis as unknown as { windowOpen: Promise<string> }).windowOpen)
      return action === 'allow' ? 'opened' : 'denied'
    },
  }
  return desktop
}

function common(child: ChildProcess, dataDir: string): Pick<Desktop, 'dataDir' | 'errors' | 'exited' | 'kill'> {
  let errors = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text))
  const exited = new Promise<number | null>((done) => child.once('exit', (code) => done(code)))
  return {
    dataDir,
    errors: () => errors,
    exited,
    kill: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
      await exited
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
