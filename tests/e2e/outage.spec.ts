/** A link that goes and comes back, as the person at the screen sees it: what is refilled, what is lost, and why. */
import { open } from 'node:fs/promises'
import { expect, test } from '../support/e2e.ts'
import { freePortPair } from '../support/node-process.ts'
import { relay, type Relay } from '../support/relay.ts'
import type { Closing } from '../support/closing.ts'

interface Cable {
  readonly url: string
  cut(): void
  mend(): void
}

/** Between workstation and node, for sound and for control. */
async function cable(closing: Closing, nodePort: number): Promise<Cable> {
  const port = await freePortPair()
  const wires: Relay[] = [await relay(port, nodePort), await relay(port + 1, nodePort + 1)]
  closing.defer(() => wires.forEach((wire) => wire.close()))
  return {
    url: `tcp://127.0.0.1:${port}`,
    cut: () => wires.forEach((wire) => wire.cut()),
    mend: () => wires.forEach((wire) => wire.mend()),
  }
}

test('an outage within the ring is refilled, and screen and certificate say so', async ({ closing, desk, start }) => {
  const node = await start.node('Attic', 'tone:sine:1000:-20')
  const link = await cable(closing, node.port)
  const served = await start.serve()
  const { page } = desk
  await desk.open(served.url)
  await desk.connect(link.url, 'Attic')
  await desk.record('Attic')
  await expect(page.getByTestId('disk-room')).toContainText('Disk full in')
  await page.keyboard.press('m')
  await expect(desk.notices).toHaveText('Marker 1 set in 1 recording.')
  await desk.notices.getByRole('button', { name: 'Dismiss' }).click()
  link.cut()
  await desk.expectState('Attic', 'Lost')
  link.mend()
  await desk.expectState('Attic', 'Live')
  await expect.poll(() => desk.number('link-pending')).toBe(0)
  expect(await desk.number('link-repaired')).toBeGreaterThan(48_000)
  await expect(desk.pane.getByRole('list', { name: 'Losses' }).getByRole('listitem').first()).toContainText(
    /Attic.* missing, refilled/,
  )
  await desk.tool('Stop').click()
  const take = desk.take('Attic')
  await expect(take).toHaveAttribute('data-state', 'finished')
  expect(await desk.value('take-missing', take)).toBe('0')
  await expect(take.getByTestId('take-refilled')).toHaveText(/^, \d+\.\d\d s refilled$/)
  await expect(take.getByTestId('take-certificate')).toHaveText('Whole')
  await take.getByRole('button', { name: 'Details of Attic' }).click()
  const details = page.locator('.take-details')
  await expect(details.getByTestId('take-verdict')).not.toHaveText('')
  await expect(details.getByRole('list', { name: 'Gaps' }).getByRole('listitem').first()).toContainText(
    /at 0:0\d\.\d{3} came late and is in its place\./,
  )
  await expect(details.getByRole('list', { name: 'Markers' })).toHaveText(/^0:0\d Marker 1$/)

  // What the disk has now is what was recorded, until somebody changes a sample.
  await take.getByRole('button', { name: 'Verify Attic' }).click()
  await expect(details.getByTestId('verified')).toHaveClass(/good/)
  const file = await open(await desk.value('take-file', take), 'r+')
  closing.defer(() => file.close())
  await file.write(Buffer.from([1, 2, 3]), 0, 3, 96_000)
  await take.getByRole('button', { name: 'Verify Attic' }).click()
  await expect(details.getByTestId('verified')).toHaveClass(/bad/)
  await expect(details.getByTestId('verified')).toContainText('is not what was recorded')
})

test('an outage beyond the ring is warned of, and what it cost is said with its cause', async ({
  closing,
  desk,
  start,
}) => {
  const node = await start.node('Cellar', 'tone:sine:1000:-20', ['--ring', '4s'])
  const link = await cable(closing, node.port)
  const served = await start.serve()
  const { page } = desk
  await desk.open(served.url)
  await desk.connect(link.url, 'Cellar')
  await desk.record('Cellar')
  await desk.expectTake('Cellar', 1)
  link.cut()
  await expect(desk.pane.locator('[data-warning="ring-ends"]')).toContainText('then it is lost for good')
  await desk.expectState('Cellar', 'Lost')
  await desk.tool('Stop').click()
  const take = desk.take('Cellar')
  await expect(take).toHaveAttribute('data-state', 'repairing')
  await expect(take.getByTestId('take-waiting')).toContainText('that may still come')
  await take.getByRole('button', { name: 'Finish now: Cellar' }).click()
  await expect(take).toHaveAttribute('data-state', 'finished')
  link.mend()
  await desk.expectState('Cellar', 'Live')

  await desk.record('Cellar')
  const second = page.locator('[data-take][data-state="recording"]')
  await expect.poll(() => desk.number('take-seconds', second)).toBeGreaterThan(1)
  link.cut()
  await desk.expectState('Cellar', 'Lost')
  // Longer than the ring: counted by the workstation itself.
  await expect(desk.trouble.first()).toContainText(/not been heard for (8|9|1\d) s/)
  link.mend()
  await desk.expectState('Cellar', 'Live')
  await desk.tool('Stop').click()
  await expect(page.locator('[data-take][data-state="finished"]')).toHaveCount(2)
  const newest = page.locator('[data-take]').first()
  expect(await desk.number('take-missing', newest)).toBeGreaterThan(48_000)
  await expect(newest.getByTestId('take-certificate')).toHaveText('Incomplete')
  await newest.getByRole('button', { name: 'Details of Cellar' }).click()
  await expect(page.getByRole('list', { name: 'Gaps' }).locator('[data-state="lost"]').first()).toContainText(
    'is lost and stays silent: the node kept it for too short a time to be asked again.',
  )
  await expect(desk.pane.getByRole('list', { name: 'Losses' }).locator('[data-state="lost"]').first()).toContainText(
    'Cellar',
  )
})
