/** How the sound comes: what the panel says is what the workstation measured, and it follows what is done to the link. */
import { openScreen, type Screen } from '#contract/open.ts'
import { socketLink } from '#contract/socket-link.ts'
import type { NodeView } from '#contract/state.ts'
import { WebSocket } from 'ws'
import type { Closing } from '../support/closing.ts'
import type { Desk } from '../support/desk.ts'
import { expect, test } from '../support/e2e.ts'
import { startTcpLink } from '../support/tcp-link.ts'

/** What a state says of a link, by the ids of its figures. */
const FIGURES: Readonly<Record<string, (node: NodeView) => number | undefined>> = {
  'link-latency': ({ link }) => link.health?.latencyMs,
  'link-latency-max': ({ link }) => link.health?.latencyMaxMs,
  'link-uncertainty': ({ link }) => link.health?.uncertaintyMs,
  'link-jitter': ({ link }) => link.health?.jitterMs,
  'link-rate': ({ link }) => link.health?.bitsPerSecond,
  'link-ring': ({ link }) => link.health?.ring?.heldSeconds,
  'link-round-trip': ({ roundTripMs }) => roundTripMs,
  'link-gaps': ({ link }) => link.gaps,
  'link-missing': ({ link }) => link.missingFrames,
  'link-repaired': ({ link }) => link.repairedFrames,
  'link-cpu': ({ capture }) => capture?.cpuPercent,
  'link-memory': ({ capture }) => capture?.memoryBytes,
  'link-uptime': ({ capture }) => capture?.uptimeSeconds,
}

/** A second screen of the same workstation, which hears what the first one hears. */
function listen(url: string, closing: Closing): Screen {
  const origin = url.slice(0, -1)
  // At once: what comes with the opening is heard too.
  const screen = openScreen(socketLink(new WebSocket(`${origin.replace('http', 'ws')}/link`, { origin })))
  closing.defer(() => screen.close())
  return screen
}

async function shown(desk: Desk, id: string): Promise<number> {
  return desk.number(id, desk.pane.getByRole('region', { name: 'Link', exact: true }))
}

test('figures of the link are those of the workstation, and follow an outage', async ({ closing, desk, start }) => {
  const node = await start.node('Far', 'tone:count')
  const link = await startTcpLink(node.port)
  closing.defer(() => link.close())
  const served = await start.serve()
  await desk.open(served.url)
  await desk.connect(link.url, 'Far')
  const screen = listen(served.url, closing)
  const said: NodeView[] = []
  screen.onState(() => said.push(...screen.state!.nodes))
  await expect.poll(() => shown(desk, 'link-latency')).toBeGreaterThanOrEqual(0)

  for (const [id, of] of Object.entries(FIGURES)) {
    // Either of the two may hear of a second before the other does.
    const seen = new Set<number | undefined>()
    const agree = async (): Promise<boolean> => {
      seen.add(await shown(desk, id))
      return said.some((node) => seen.has(of(node)))
    }
    await expect.poll(agree, { message: id }).toBe(true)
  }
  const panel = desk.pane.getByRole('region', { name: 'Link', exact: true })
  await expect(panel.getByTestId('link-workstation')).toHaveText(screen.state!.about.version)
  await expect(panel.getByTestId('link-software')).toHaveText(screen.state!.nodes[0]!.software!)
  const traces = panel.getByTestId('link-trace-latency')
  await traces.scrollIntoViewIfNeeded()
  await desk.expectDrawing(traces.locator('canvas'))

  await desk.record('Far')
  link.cut()
  await expect.poll(() => panel.getByTestId('link-latency').textContent()).toBe('–')
  expect(await shown(desk, 'link-rate')).toBe(0)
  await expect(panel.getByTestId('link-drift')).toHaveText('–')
  link.heal()
  await expect.poll(() => shown(desk, 'link-gaps')).toBe(1)
  await expect.poll(() => shown(desk, 'link-repaired')).toBeGreaterThan(48_000)
  await expect.poll(() => shown(desk, 'link-latency')).toBeGreaterThanOrEqual(0)
  // The bars of the last minute add up to what was missing once.
  const missing = panel.getByTestId('link-trace-missing')
  const repaired = await shown(desk, 'link-repaired')
  await expect
    .poll(async () => Math.abs(Number(await missing.getAttribute('data-value')) - repaired / 48))
    .toBeLessThan(1)
  await expect(panel.getByRole('list', { name: 'Losses' })).toContainText('Network to Far')

  // The past belongs to the workstation: a screen that is loaded anew has it again.
  const seconds = Number(await missing.getAttribute('data-seconds'))
  await desk.page.reload()
  await expect.poll(async () => Number(await missing.getAttribute('data-seconds'))).toBeGreaterThanOrEqual(seconds)
  await desk.tool('Stop').click()
  await expect(desk.take('Far')).toHaveAttribute('data-state', 'finished')
})

test('a longer way is a later sound, on the screen too', async ({ closing, desk, start }) => {
  const node = await start.node('Far', 'tone:count')
  const link = await startTcpLink(node.port)
  closing.defer(() => link.close())
  const served = await start.serve()
  await desk.open(served.url)
  await desk.connect(link.url, 'Far')
  await expect.poll(() => shown(desk, 'link-latency')).toBeLessThan(50)
  link.delay((direction) => (direction === 'from-node' ? 200 : 0))
  await expect.poll(() => shown(desk, 'link-latency')).toBeGreaterThan(190)
  await expect.poll(() => shown(desk, 'link-round-trip')).toBeGreaterThan(190)
  // The clocks are still known by what was quick before.
  expect(await shown(desk, 'link-uncertainty')).toBeLessThan(50)
})
