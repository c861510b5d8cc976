/** A scene brings a state about with the real workstation and real nodes; the gallery takes its pictures and looks at each. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { axeFindings } from '../tests/support/axe.ts'
import { test, expect } from '../tests/support/e2e.ts'
import { flawsOf } from './flaws.ts'
import { choicesOf, type Choices, type Size } from './choices.ts'

/** Drawings that are slow on purpose, such as a line of a minute, have been drawn by then. */
const DRAWS = 25

export class Gallery {
  readonly #page: Page
  readonly #choices: Choices

  constructor(page: Page, choices: Choices) {
    this.#page = page
    this.#choices = choices
  }

  /** Pictures of the whole window, in every theme and size that was asked for; fails for flaws, but goes on. */
  async take(name: string): Promise<void> {
    await this.#each(name, async (file, size) => {
      await drawn(this.#page)
      await this.#page.screenshot({ path: file })
      expect.soft(await this.#page.evaluate(flawsOf), `flaws of ${name} at ${size.name}`).toEqual([])
    })
  }

  /** One picture of what does not wait for more: in the first theme, at the first size. */
  async takeOne(name: string): Promise<void> {
    const [theme, size] = [this.#choices.themes[0]!, this.#choices.sizes[0]!]
    await this.#dress(theme, size)
    await drawn(this.#page)
    await this.#page.screenshot({ path: await this.#file(`${name}-${theme}-${size.name}`) })
    expect.soft(await this.#page.evaluate(flawsOf), `flaws of ${name} at ${size.name}`).toEqual([])
  }

  /** A picture of one thing in each theme, at the first size. */
  async takePart(name: string, part: Locator): Promise<void> {
    for (const theme of this.#choices.themes) {
      await this.#dress(theme, this.#choices.sizes[0]!)
      await part.scrollIntoViewIfNeeded()
      await drawn(this.#page)
      await part.screenshot({ path: await this.#file(`${name}-${theme}`) })
      expect.soft(await this.#page.evaluate(flawsOf), `flaws around ${name}, ${theme}`).toEqual([])
    }
  }

  async #each(name: string, shoot: (file: string, size: Size) => Promise<void>): Promise<void> {
    for (const theme of this.#choices.themes) {
      for (const size of this.#choices.sizes) {
        await this.#dress(theme, size)
        await shoot(await this.#file(`${name}-${theme}-${size.name}`), size)
      }
      expect.soft(await axeFindings(this.#page), `what axe finds in ${name}, ${theme}`).toEqual([])
    }
  }

  async #dress(theme: 'dark' | 'light', { width, height }: Size): Promise<void> {
    await this.#page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    await this.#page.setViewportSize({ width, height })
    // Nothing looks different because a pointer lies on it.
    await this.#page.mouse.move(0, 0)
    await expect(this.#page.locator('html')).toHaveAttribute('data-theme', theme)
  }

  async #file(name: string): Promise<string> {
    await mkdir(this.#choices.out, { recursive: true })
    return join(this.#choices.out, `${name}.png`)
  }
}

/** Resolves when what moves was drawn after the last change; at once where nothing moves. */
async function drawn(page: Page): Promise<void> {
  await page.evaluate(async (draws) => {
    await document.fonts.ready
    const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve))
    await frame()
    await frame()
    const probe = window.__farfield
    const moves =
      document.querySelector('[data-presence="live"], .presence-live') && !document.querySelector('.desk-stale')
    if (!probe || !moves) return
    const until = probe.draws + draws
    while (probe.draws < until) await frame()
  }, DRAWS)
}

/** `scene('name', ...)`: what `--only` and `--list` name. */
export const scene = test.extend<{ readonly gallery: Gallery }>({
  gallery: async ({ page }, use) => {
    // The window's theme follows the system's, which the gallery sets: no menu has to be opened for it.
    await page.addInitScript(() => localStorage.setItem('farfield.theme', 'system'))
    await use(new Gallery(page, choicesOf(process.env)))
  },
})

export { expect }
