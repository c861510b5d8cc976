/** The panels of the node view and their arrangements, as a person finds them. */
import { expect, type Locator, type Page } from '@playwright/test'
import type { Desk } from './desk.ts'

export function panel(desk: Desk, title: string): Locator {
  return desk.pane.getByRole('region', { name: title, exact: true })
}

export function menuButton(desk: Desk, title: string): Locator {
  return desk.pane.getByRole('button', { name: `Panel ${title}`, exact: true })
}

/** Titles of the panels in their order. */
export async function order(desk: Desk): Promise<string[]> {
  return desk.pane.locator('[data-panel] h2').allInnerTexts()
}

export async function choose(desk: Desk, title: string, item: string): Promise<void> {
  await menuButton(desk, title).click()
  await desk.page.getByRole('menuitem', { name: item }).click()
  await expect(desk.page.getByRole('menu')).toHaveCount(0)
}

export function arrangement(desk: Desk, name: string): Locator {
  return desk.pane.getByRole('group', { name: 'Arrangement' }).getByRole('button', { name, exact: true })
}

export async function expectShown(desk: Desk, name: string): Promise<void> {
  await expect(arrangement(desk, name)).toHaveAttribute('aria-pressed', 'true')
}

export const said = (desk: Desk): Locator => desk.page.getByTestId('arranged')

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export async function boxes(page: Page): Promise<Box[]> {
  return page.locator('[data-panel]').evaluateAll((cells) =>
    cells.map((cell) => {
      const { x, y, width, height } = cell.getBoundingClientRect()
      return { x, y, width, height }
    }),
  )
}

export async function boxOf(locator: Locator): Promise<Box> {
  await locator.scrollIntoViewIfNeeded()
  return (await locator.boundingBox())!
}

/** No panel lies over another one, and none sticks out of the page. */
export async function expectApart(page: Page): Promise<void> {
  const all = await boxes(page)
  const width = page.viewportSize()!.width
  for (const [i, a] of all.entries()) {
    expect(a.x + a.width).toBeLessThanOrEqual(width)
    for (const b of all.slice(i + 1)) {
      const apart = a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y
      expect(apart, `${JSON.stringify(a)} and ${JSON.stringify(b)}`).toBe(true)
    }
  }
}
