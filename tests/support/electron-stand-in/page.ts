/** One page of Chromium as a window's content: the origin under the app's scheme, the preload's world, messages both ways. */
import { readFileSync } from 'node:fs'
import { Script } from 'node:vm'
import type { BrowserContext, CDPSession, Page, Route } from '@playwright/test'
import { BINDING, isolatedWorld, WORLD, type FromPage, type ToPage } from './isolated-world.ts'
import { fromChromium, toChromium } from './origin.ts'
import { Port } from './ports.ts'

/** What the page reports; `web-contents.ts` makes Electron events of it. */
export interface PageEvents {
  ipc(channel: string, args: readonly unknown[]): void
  preloadError(error: Error): void
  console(level: string, message: string): void
  /** True where the page may go there. */
  mayNavigate(url: string): boolean
  /** True where the new window may stay. */
  mayOpen(url: string): boolean
  loaded(): void
}

/** `name` as Chromium has it. */
export interface Permission {
  readonly name: string
  readonly granted: boolean
}

export type Fetch = (url: string, method: string, headers: Record<string, string>) => Promise<Response>

export class ChromiumPage {
  readonly page: Page
  readonly #cdp: CDPSession
  readonly #events: PageEvents
  readonly #ports = new Map<number, Port>()
  #world: number | undefined
  #lastPort = 0
  /** Where the program itself sends the page; any other address is the page's own wish. */
  #expected: string | undefined

  private constructor(page: Page, cdp: CDPSession, events: PageEvents) {
    this.page = page
    this.#cdp = cdp
    this.#events = events
  }

  static async open(
    context: BrowserContext,
    options: { readonly preload: string; readonly agent: string; readonly permissions: readonly Permission[] },
    fetch: Fetch,
    events: PageEvents,
  ): Promise<ChromiumPage> {
    const page = context.pages()[0] ?? (await context.newPage())
    const cdp = await context.newCDPSession(page)
    const self = new ChromiumPage(page, cdp, events)
    await page.route('**/*', (route) => self.#answer(route, fetch))
    // What a window that was opened asks for, before it is closed again.
    await context.route('**/*', (route) => route.abort('internetdisconnected'))
    let wanted = ''
    cdp.on('Page.windowOpen', ({ url }) => (wanted = url))
    context.on('page', (popup) => {
      if (!events.mayOpen(fromChromium(wanted))) void popup.close()
    })
    page.on('load', () => events.loaded())
    cdp.on('Runtime.bindingCalled', ({ name, payload, executionContextId }) => {
      if (name === BINDING) self.#hear(JSON.parse(payload) as FromPage, executionContextId)
    })
    cdp.on('Runtime.executionContextDestroyed', ({ executionContextId }) => self.#leave(executionContextId))
    cdp.on('Runtime.executionContextsCleared', () => self.#leave(self.#world))
    cdp.on('Runtime.consoleAPICalled', ({ type, args }) =>
      events.console(type, args.map((arg) => String(arg.value ?? arg.description)).join(' ')),
    )
    cdp.on('Runtime.exceptionThrown', ({ exceptionDetails: { text, exception } }) =>
      events.console('error', `${text} ${exception?.description ?? ''}`),
    )
    cdp.on('Log.entryAdded', ({ entry }) => events.console(entry.level, entry.text))
    await cdp.send('Runtime.enable')
    await cdp.send('Log.enable')
    await cdp.send('Page.enable')
    await cdp.send('Network.setUserAgentOverride', { userAgent: options.agent })
    for (const { name, granted } of options.permissions)
      await cdp.send('Browser.setPermission', { permission: { name }, setting: granted ? 'granted' : 'denied' })
    await cdp.send('Runtime.addBinding', { name: BINDING, executionContextName: WORLD })
    await cdp.send('Page.addScriptToEvaluateOnNewDocument', {
      source: worldSource(options.preload),
      worldName: WORLD,
    })
    return self
  }

  get url(): string {
    return fromChromium(this.page.url())
  }

  async load(url: string): Promise<void> {
    this.#expected = url
    await this.page.goto(toChromium(url))
  }

  async reload(): Promise<void> {
    this.#expected = this.url
    await this.page.reload()
  }

  send(channel: string, args: readonly unknown[], ports: readonly Port[]): void {
    const ids = ports.map((port) => this.#carry(port))
    this.#say({ t: 'ipc', channel, args, ports: ids.map(([id]) => id) })
    // The page must know the port before anything arrives for it.
    for (const [, transfer] of ids) transfer()
  }

  #carry(port: Port): [id: number, transfer: () => void] {
    const id = ++this.#lastPort
    this.#ports.set(id, port)
    const transfer = (): void =>
      port.transfer({
        post: (message) => this.#say({ t: 'port', port: id, message }),
        close: () => this.#say({ t: 'port-close', port: id }),
      })
    return [id, transfer]
  }

  #say(message: ToPage): void {
    if (this.#world === undefined) return
    const call = {
      functionDeclaration: 'function (message) { __electronDeliver(message) }',
      arguments: [{ value: message }],
      executionContextId: this.#world,
    }
    // A page that has just gone takes no messages, as under Electron.
    this.#cdp.send('Runtime.callFunctionOn', call).catch(() => undefined)
  }

  #hear(message: FromPage, world: number): void {
    if (world !== this.#world) {
      this.#leave(this.#world)
      this.#world = world
    }
    if (message.t === 'ipc') this.#events.ipc(message.channel, message.args)
    else if (message.t === 'port') this.#ports.get(message.port)?.fromPage(message.message)
    else if (message.t === 'port-closed') this.#closePort(message.port)
    else this.#events.preloadError(new Error(message.message))
  }

  /** The page went, and its ports with it. */
  #leave(world: number | undefined): void {
    if (world !== this.#world) return
    this.#world = undefined
    for (const id of this.#ports.keys()) this.#closePort(id)
  }

  #closePort(id: number): void {
    const port = this.#ports.get(id)
    this.#ports.delete(id)
    port?.close()
  }

  async #answer(route: Route, fetch: Fetch): Promise<void> {
    const request = route.request()
    const url = fromChromium(request.url())
    const main = request.isNavigationRequest() && request.frame() === this.page.mainFrame()
    if (main && url !== this.#expected && url !== this.url && !this.#events.mayNavigate(url))
      return route.abort('aborted')
    if (url === request.url()) {
      // Nothing leaves this machine. A page that got away is let go to an empty one, where the test sees it.
      return main
        ? route.fulfill({ status: 200, contentType: 'text/html', body: '' })
        : route.abort('internetdisconnected')
    }
    const response = await fetch(url, request.method(), await request.allHeaders())
    await route.fulfill({
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: Buffer.from(await response.arrayBuffer()),
    })
  }
}

/** The preload's text is set into a function, not evaluated at run time: the page's policy forbids that. */
function worldSource(preload: string): string {
  let code = 'undefined'
  let failure = ''
  try {
    const text = readFileSync(preload, 'utf8')
    code = `(function (require, module, exports) {\n${text}\n})`
    // Compiles without running: a syntax error (an ES module, say) would otherwise take the whole script along.
    void new Script(code)
  } catch (error) {
    code = 'undefined'
    failure = error instanceof Error ? error.message : String(error)
  }
  return `(${isolatedWorld.toString()})(${JSON.stringify(preload)}, ${code}, ${JSON.stringify(failure)})`
}
