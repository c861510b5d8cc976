/** `app`: paths, readiness and the way out. */
import { readFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { emitPreventable, onlyKnown, StrictEmitter } from './strict.ts'

const EVENTS = [
  'ready',
  'activate',
  'before-quit',
  'will-quit',
  'quit',
  'second-instance',
  'web-contents-created',
  'window-all-closed',
]

class App extends StrictEmitter {
  readonly isPackaged = false
  readonly #paths = new Map([
    ['userData', join(tmpdir(), `farfield-stand-in-${process.pid}`)],
    ['home', homedir()],
    ['downloads', join(homedir(), 'Downloads')],
  ])
  readonly #ready = Promise.withResolvers<void>()
  readonly #root: string
  #isReady = false
  /** Ends Chromium. */
  closeBrowser: () => Promise<void> = () => Promise.resolve()
  /** Closes all windows; false where one refused. */
  closeWindows: () => boolean = () => true

  constructor() {
    super('app', EVENTS)
    this.#root = process.argv[1]!
  }

  becomeReady(): void {
    this.#isReady = true
    this.emit('ready')
    this.#ready.resolve()
  }

  isReady(): boolean {
    return this.#isReady
  }

  whenReady(): Promise<void> {
    return this.#ready.promise
  }

  getPath(name: string): string {
    const path = this.#paths.get(name)
    if (path === undefined) throw new Error(`The Electron stand-in does not know the path "${name}".`)
    return path
  }

  setPath(name: string, path: string): void {
    this.getPath(name)
    this.#paths.set(name, path)
  }

  getVersion(): string {
    return (JSON.parse(readFileSync(join(this.#root, 'package.json'), 'utf8')) as { version: string }).version
  }

  /** The stand-in never finds another instance: the lock is Chromium's own. */
  requestSingleInstanceLock(): boolean {
    return true
  }

  setBadgeCount(count: number): boolean {
    if (!Number.isInteger(count) || count < 0) throw new Error('A badge counts.')
    return true
  }

  setAboutPanelOptions(options: object): void {
    onlyKnown('the about panel', options, ['applicationName', 'applicationVersion', 'copyright', 'website'])
  }

  quit(): void {
    if (!emitPreventable(this, 'before-quit')) return
    if (!this.closeWindows()) return
    if (emitPreventable(this, 'will-quit')) this.exit(0)
  }

  exit(code = 0): void {
    this.emit('quit', {}, code)
    void this.closeBrowser().finally(() => process.exit(code))
  }
}

export const app = new App()
