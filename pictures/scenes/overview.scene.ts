/** All nodes at a glance: as tiles, as rows, on a wall, from one to thirty-two. */
import { connect } from '../../bench/screen.ts'
import { startCrowd } from '../crowd.ts'
import { expect, scene } from '../gallery.ts'
import { heard } from '../hands.ts'
import { cable, leakyLink } from '../places.ts'
import type { Desk } from '../../tests/support/desk.ts'
import type { Gallery } from '../gallery.ts'

const COUNTS = [1, 4, 8, 16, 32]
const HEARD_SECONDS = 12

async function arrange(desk: Desk, as: 'Tiles' | 'Rows'): Promise<void> {
  await desk.page.getByRole('button', { name: 'View' }).click()
  await desk.page.getByRole('menuitemradio', { name: as }).click()
  await expect(desk.page.getByRole('menu')).toHaveCount(0)
}

/** The three ways to look at what is there. */
async function eachWay(desk: Desk, gallery: Gallery, name: (way: string) => string): Promise<void> {
  const { page } = desk
  await arrange(desk, 'Rows')
  await gallery.take(name('rows'))
  await arrange(desk, 'Tiles')
  await gallery.take(name('tiles'))
  await page.keyboard.press('w')
  await expect(page.getByRole('toolbar', { name: 'Workstation' })).toBeHidden()
  await gallery.take(name('wall'))
  await page.keyboard.press('Escape')
  await expect(page.getByRole('toolbar', { name: 'Workstation' })).toBeVisible()
}

scene('overview', async ({ closing, desk, gallery, start }) => {
  const grow = startCrowd(closing)
  const served = await start.serve()
  const { page } = desk
  await desk.open(served.url)
  let there = 0
  for (const count of COUNTS) {
    const addresses = await grow(count)
    await connect(served.url, addresses.slice(there))
    there = count
    await expect(page.locator('[data-testid="node-state"]').filter({ hasText: 'Live' })).toHaveCount(count)
    if (count === 1) await page.keyboard.press('o')
    await expect(page.getByRole('heading', { name: 'All nodes' })).toBeVisible()
    await heard(desk, HEARD_SECONDS)
    await eachWay(desk, gallery, (way) => `${way}-${count}`)
  }
})

scene('overview-states', async ({ closing, desk, gallery, start }) => {
  const names = ['Attic', 'Boiler house', 'Courtyard', 'Loading bay', 'Server room', 'Stage left']
  const nodes = await Promise.all(
    names.map((name, i) => start.node(name, name === 'Stage left' ? 'tone:sine:1000:0' : `tone:pink:-${20 + 4 * i}`)),
  )
  const [, boiler, courtyard] = nodes
  const lost = await cable(closing, boiler!.port)
  const leaky = await leakyLink(closing, courtyard!.port, false)
  const urls = [nodes[0]!.url, lost.url, leaky.url, ...nodes.slice(3).map((node) => node.url)]
  const served = await start.serve()
  const { page } = desk
  await desk.open(served.url)
  await connect(served.url, urls)
  await expect(page.getByRole('heading', { name: 'All nodes' })).toBeVisible()
  await heard(desk, HEARD_SECONDS)
  leaky.leaks = true
  await expect(desk.node('Courtyard').getByTestId('tile-loss')).toContainText('gap')
  leaky.leaks = false
  await desk.record(...names)
  lost.cut()
  await desk.expectState('Boiler house', 'Lost')
  await nodes[4]!.stop('SIGKILL')
  await desk.expectState('Server room', 'Lost')
  lost.mend()
  await desk.expectState('Boiler house', 'Live')
  lost.cut()
  await desk.expectState('Boiler house', 'Lost')
  await eachWay(desk, gallery, (way) => `${way}-states`)
})
