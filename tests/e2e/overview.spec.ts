/** All nodes at a glance: by pointer, by key, and on a wall. */
import { expect, test } from '../support/e2e.ts'

/** Layout Instability API, "LayoutShift". */
interface Shift {
  readonly sources: readonly {
    readonly node: Node | null
    readonly previousRect: DOMRect
    readonly currentRect: DOMRect
  }[]
}

test('the overview shows of each node what a person looks for, as tiles and as rows', async ({ desk, start }) => {
  const near = await start.node('Near', 'tone:sine:1000:-20')
  const far = await start.node('Far', 'tone:sine:1000:-35')
  const served = await start.serve()
  const { page } = desk
  await desk.open(served.url)
  await desk.connect(near.url, 'Near')
  await desk.connect(far.url, 'Far')
  await page.getByRole('button', { name: 'All nodes' }).click()
  await expect(page.getByRole('heading', { name: 'All nodes' })).toBeVisible()
  await expect(page.getByText('2 nodes, 2 live')).toBeVisible()
  for (const [name, level] of [
    ['Near', -20],
    ['Far', -35],
  ] as const) {
    const tile = desk.node(name)
    await expect.poll(() => desk.number('tile-figure', tile)).toBeCloseTo(level, 1)
    await expect(tile.getByTestId('tile-figure')).toHaveText(`−${-level}.0`)
    await expect(tile.getByTestId('tile-loss')).toHaveText('No loss')
    await expect(tile).toContainText('Uncalibrated')
    await desk.expectDrawing(tile.locator('canvas'))
  }
  await desk.record('Near', 'Far')
  await expect(desk.node('Far').getByTitle('Recording')).toContainText(/0:0\d/)
  await desk.tool('Stop').click()
  await expect(page.locator('[data-take][data-state="finished"]')).toHaveCount(2)

  await page.getByRole('button', { name: 'View' }).click()
  await page.getByRole('menuitemradio', { name: 'Rows' }).click()
  const [first, second] = [await desk.node('Near').boundingBox(), await desk.node('Far').boundingBox()]
  expect(first!.x).toBe(second!.x)
  expect(first!.width).toBeGreaterThan(1000)
  await page.reload()
  await expect(page.locator('.tiles-rows'), 'several nodes are seen at a glance, as before').toBeVisible()
  await desk.node('Far').click()
  await expect(desk.pane.getByRole('heading', { name: 'Far', exact: true })).toBeVisible()
})

test('nothing jumps and nothing is built anew while figures move', async ({ desk, start }) => {
  const nodes = await Promise.all(['A', 'B', 'C'].map((name) => start.node(name, 'tone:demo')))
  const served = await start.serve()
  const { page } = desk
  await desk.open(served.url)
  for (const [i, node] of nodes.entries()) await desk.connect(node.url, 'ABC'[i]!)
  for (const look of ['All nodes', 'Node']) {
    if (look === 'All nodes') await page.keyboard.press('o')
    else await desk.node('B').click()
    if (look === 'Node') await desk.expectMoving('loudness-momentary', 3)
    else await desk.expectMoving('tile-figure', 3, desk.node('B'))
    const seen = await page.evaluate(async () => {
      const built: string[] = []
      const mutations = new MutationObserver((list) =>
        built.push(...list.map((one) => (one.target as Element).className || one.target.nodeName)),
      )
      mutations.observe(document.body, { childList: true, subtree: true })
      const moved: string[] = []
      const shifts = new PerformanceObserver((list) => {
        // A figure that grows to the left within its own box is no shift; whatever stands elsewhere afterwards is.
        for (const { sources } of list.getEntries() as unknown as Shift[])
          for (const { node, previousRect: was, currentRect: is } of sources)
            if (was.x !== is.x || was.y !== is.y) moved.push(node?.parentElement?.className ?? 'gone')
      })
      shifts.observe({ type: 'layout-shift' })
      const draws = window.__farfield!.draws
      await new Promise<void>((resolve) => {
        const drawn = window.__farfield!.onDrawn(({ draws: now }) => {
          if (now < draws + 60) return
          void drawn.dispose()
          resolve()
        })
      })
      mutations.disconnect()
      shifts.disconnect()
      return { built, moved }
    })
    expect(seen, look).toEqual({ built: [], moved: [] })
  }
})

test('by key: to the overview, over its tiles, into a node, onto the wall and back', async ({ desk, start }) => {
  const names = ['One', 'Two', 'Three', 'Four', 'Five']
  const nodes = await Promise.all(names.map((name) => start.node(name, 'tone:sine:1000:-20')))
  const served = await start.serve()
  const { page } = desk
  const { keyboard } = page
  await desk.open(served.url)
  for (const [i, node] of nodes.entries()) await desk.connect(node.url, names[i]!)
  const list = page.getByRole('listbox', { name: 'Nodes' })
  const selected = list.getByRole('option', { selected: true })
  await keyboard.press('o')
  await expect(list).toBeFocused()
  for (const [key, name] of [
    ['Home', 'One'],
    ['ArrowRight', 'Two'],
    ['ArrowDown', 'Five'],
    ['End', 'Five'],
    ['ArrowUp', 'Two'],
    ['ArrowDown', 'Five'],
    ['ArrowLeft', 'Four'],
  ] as const) {
    await keyboard.press(key)
    await expect(selected, key).toContainText(name)
  }
  await keyboard.press('Enter')
  await expect(desk.pane.getByRole('heading', { name: 'Four', exact: true })).toBeVisible()
  await expect(list, 'the list beside the node').toBeFocused()

  await keyboard.press('w')
  await expect(page.getByRole('toolbar', { name: 'Workstation' })).toBeHidden()
  await expect(list).toBeFocused()
  await expect(selected).toContainText('Four')
  for (const name of names) {
    const box = (await desk.node(name).getByTestId('tile-figure').boundingBox())!
    expect(box.height, 'legible from three metres').toBeGreaterThan(70)
    await expect(desk.node(name)).toBeInViewport({ ratio: 1 })
  }
  await nodes[4]!.stop()
  await expect(desk.node('Five').getByTestId('node-state')).toHaveText('Lost')
  await expect(desk.node('Five').getByTestId('node-state')).toBeVisible()
  await expect(desk.node('One').getByTestId('node-state'), 'the figure says that it is live').toBeHidden()
  await keyboard.press('Escape')
  await expect(page.getByRole('toolbar', { name: 'Workstation' })).toBeVisible()
  await expect(desk.pane.getByRole('heading', { name: 'Four', exact: true })).toBeVisible()
})
