/** The workstation in a browser as a person uses it: by roles, by names, by what stands there. */
import { expect, type Locator, type Page } from '@playwright/test'

export class Desk {
  readonly page: Page
  /** Errors of scripts, refusals of the content security policy, requests that failed: what a person never sees. */
  readonly #complaints: string[] = []
  #forgiven: RegExp | undefined

  constructor(page: Page) {
    this.page = page
    page.on('console', (message) => {
      if (message.type() === 'error') this.#complaints.push(message.text())
    })
    page.on('pageerror', (error) => this.#complaints.push(error.message))
    page.on('response', (response) => {
      if (response.status() >= 400) this.#complaints.push(`${response.status()} ${response.url()}`)
    })
  }

  async open(url: string): Promise<void> {
    await this.page.goto(url)
    await expect(this.page.getByRole('toolbar', { name: 'Workstation' })).toBeVisible()
  }

  /** What the browser may complain about in this test; everything else fails it. */
  forgive(pattern: RegExp): void {
    this.#forgiven = pattern
  }

  complaints(): string[] {
    return this.#complaints.filter((line) => !this.#forgiven?.test(line))
  }

  tool(name: string): Locator {
    return this.page.getByRole('toolbar', { name: 'Workstation' }).getByRole('button', { name, exact: true })
  }

  dialog(name: string): Locator {
    return this.page
      .getByRole('dialog', { name, exact: true })
      .or(this.page.getByRole('alertdialog', { name, exact: true }))
  }

  /** Adds a node through the toolbar and the dialog. */
  async add(address: string): Promise<void> {
    await this.tool('Add address').click()
    const dialog = this.dialog('Add a node')
    await dialog.getByLabel('Address').fill(address)
    await dialog.getByLabel('Address').press('Enter')
    await expect(dialog).toBeHidden()
  }

  /** Adds a node and waits until it is live under its own name. */
  async connect(address: string, name: string): Promise<void> {
    await this.add(address)
    await this.expectState(name, 'Live')
  }

  get nodes(): Locator {
    return this.page.getByRole('listbox', { name: 'Nodes' }).getByRole('option')
  }

  /** A node in the list. */
  node(name: string): Locator {
    return this.nodes.filter({ has: this.page.getByText(name, { exact: true }) })
  }

  /** Shows a node in the pane. */
  async choose(name: string): Promise<void> {
    await this.node(name).click()
    await expect(this.pane.getByRole('heading', { name, exact: true })).toBeVisible()
  }

  async expectState(name: string, state: string, timeout?: number): Promise<void> {
    await expect(this.node(name).getByTestId('node-state')).toHaveText(state, timeout === undefined ? {} : { timeout })
  }

  get pane(): Locator {
    return this.page.getByRole('main')
  }

  /** Why a node gives no sound, above its meters. */
  get trouble(): Locator {
    return this.pane.locator('.trouble')
  }

  get notices(): Locator {
    return this.page.getByTestId('notice')
  }

  /** A take, running or ended. */
  take(name: string): Locator {
    return this.page.locator('[data-take]').filter({ has: this.page.getByText(name, { exact: true }) })
  }

  /** The exact value behind a figure of the chosen node, or of what is given. */
  async value(id: string, within: Page | Locator = this.page): Promise<string> {
    return (await within.getByTestId(id).getAttribute('data-value')) ?? ''
  }

  async number(id: string, within: Page | Locator = this.page): Promise<number> {
    return Number((await this.value(id, within)) || Number.NaN)
  }

  /** Figures move only where they can be seen. */
  async look(id: string): Promise<void> {
    await this.page.getByTestId(id).scrollIntoViewIfNeeded()
  }

  /** Polls a figure until it is within `tolerance` of `expected`. */
  async expectNear(id: string, expected: number, tolerance: number): Promise<void> {
    await this.look(id)
    await expect
      .poll(async () => Math.abs((await this.number(id)) - expected), { message: `${id} near ${expected}` })
      .toBeLessThan(tolerance)
  }

  /** Waits until a figure has shown `different` values: it moves. */
  async expectMoving(id: string, different = 5, within: Page | Locator = this.page): Promise<void> {
    const seen = new Set<string>()
    await within.getByTestId(id).scrollIntoViewIfNeeded()
    const count = async (): Promise<number> => seen.add(await this.value(id, within)).size
    await expect.poll(count, { message: `${id} moves`, intervals: [100] }).toBeGreaterThanOrEqual(different)
  }

  /** Waits until a drawing has looked `different` ways: it moves, and something is on it. */
  async expectDrawing(canvas: Locator, different = 3): Promise<void> {
    const seen = new Set<string>()
    await canvas.scrollIntoViewIfNeeded()
    const count = async (): Promise<number> =>
      seen.add(await canvas.evaluate((element) => (element as HTMLCanvasElement).toDataURL())).size
    await expect.poll(count, { message: 'the drawing moves', intervals: [100] }).toBeGreaterThanOrEqual(different)
  }

  /** Chooses from the select of this title what is called `value`. */
  async pick(title: string, value: string, within: Page | Locator = this.page): Promise<void> {
    const select = within.getByRole('combobox', { name: title, exact: true })
    await select.click()
    await this.page.getByRole('option', { name: value, exact: true }).click()
    await expect(this.page.getByRole('listbox', { name: title })).toHaveCount(0)
    await expect(select).toHaveText(value)
  }

  /** Opens the settings of a panel with many choices. */
  async settings(panel: string): Promise<Locator> {
    await this.pane.getByTitle(`Settings of ${panel}`, { exact: true }).click()
    return this.page.getByRole('dialog', { name: `Settings of ${panel}`, exact: true })
  }

  /** Starts recording every live node and waits until sound is in each take. */
  async record(...names: string[]): Promise<void> {
    await this.tool('Record').click()
    for (const name of names) await this.expectTake(name, 0.1)
  }

  /** Waits until the take that is going on is longer than `seconds`; there may be ended ones of the node. */
  async expectTake(name: string, seconds: number): Promise<void> {
    const running = this.take(name).and(this.page.locator('li'))
    await expect
      .poll(() => this.number('take-seconds', running), { message: `take of ${name}`, intervals: [100] })
      .toBeGreaterThan(seconds)
  }
}
