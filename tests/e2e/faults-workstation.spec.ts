/** The workstation behind the page goes away and comes back. */
import { expect, readTake, test } from '../support/e2e.ts'
import { complaints } from '../support/outside.ts'

test('the workstation is killed: the page says so, and recovers by itself when it is back', async ({
  desk,
  folder,
  start,
}) => {
  // The browser itself reports each try that fails.
  desk.forgive(/^(WebSocket connection to 'ws:.*|Failed to load resource: net::)ERR_CONNECTION_REFUSED/)
  const node = await start.node('Stayer', 'tone:pink')
  const served = await start.serve({ folder })
  const { port } = new URL(served.url)
  await desk.open(served.url)
  await desk.connect(node.url, 'Stayer')
  await desk.expectMoving('loudness-momentary')
  process.kill(served.pid, 'SIGKILL')
  const banner = desk.page.getByText('Connection to the workstation lost, trying again. What you see is from before.')
  await expect(banner).toBeVisible()
  for (const name of ['Scan', 'Add address', 'Disconnect', 'Record', 'Stop'])
    await expect(desk.tool(name)).toBeDisabled()
  await expect(desk.page.getByTestId('loudness-momentary')).toHaveText('–')
  // What the keyboard asks for meanwhile is answered too.
  await desk.tool('Settings').click()
  await desk.dialog('Settings').getByRole('button', { name: 'Save' }).click()
  await expect(desk.dialog('Settings').getByRole('alert')).toHaveText(
    'There is no connection to the workstation now. Try again when it is back.',
  )
  await desk.page.keyboard.press('Escape')
  await served.stop()

  await start.serve({ folder, args: ['--port', port] })
  await expect(banner).toBeHidden()
  await desk.expectState('Stayer', 'Live')
  await desk.expectMoving('loudness-momentary')
  await desk.record('Stayer')
  await desk.tool('Stop').click()
  await expect(desk.take('Stayer')).toHaveAttribute('data-state', 'finished')
})

test('ended properly while it records: the take is finished on disk', async ({ desk, folder, start }) => {
  desk.forgive(/^(WebSocket connection to 'ws:.*|Failed to load resource: net::)ERR_CONNECTION_REFUSED/)
  const node = await start.node('Last words', 'tone:pink')
  const served = await start.serve({ folder })
  await desk.open(served.url)
  await desk.connect(node.url, 'Last words')
  await desk.record('Last words')
  // A take counts its sound before its file has been made.
  await expect.poll(() => desk.value('take-file', desk.take('Last words'))).not.toBe('')
  const file = await desk.value('take-file', desk.take('Last words'))
  expect(await served.stop()).toBe(0)
  await expect(desk.page.getByText('Connection to the workstation lost')).toBeVisible()
  expect(await complaints(file)).toBe('')
  const { samples } = await readTake(file)
  expect(samples.length / 8).toBeGreaterThan(4800)
})
