/** What somebody sees who starts Farfield for the first time, with nothing configured. */
import { expect, test } from '../support/e2e.ts'

test('nothing is there yet: three ways to begin, and the demo node plays at once', async ({ desk, start }) => {
  const served = await start.serve({ args: ['--host', '127.0.0.1'] })
  const { page } = desk
  await desk.open(served.url)
  await expect(page.getByLabel('Password'), 'this computer needs no password').toHaveCount(0)
  await expect(page.getByRole('heading', { name: 'No nodes yet' })).toBeVisible()
  const choices = desk.pane.getByRole('button')
  await expect(choices).toHaveText([/^Scan for nodes/, /^Add by address/, /^Start the demo node/])
  for (const name of ['Connect', 'Record', 'Stop']) await expect(desk.tool(name)).toBeDisabled()

  await choices.nth(1).click()
  await desk.dialog('Add a node').getByRole('button', { name: 'Cancel' }).click()
  await choices.nth(2).click()
  await desk.expectState('Demo', 'Live')
  await expect(desk.pane.getByText('Simulated', { exact: true }), 'made-up sound is called so').toBeVisible()
  await expect(desk.node('Demo').getByText('Simulated')).toBeVisible()
  for (const id of ['loudness-momentary', 'level-peak-0', 'level-rms-1']) await desk.expectMoving(id)
  await desk.expectDrawing(page.locator('.level-bars canvas'))
  await desk.expectDrawing(desk.pane.getByRole('region', { name: 'Spectrum' }).locator('canvas').first())
  await desk.expectDrawing(desk.pane.getByRole('region', { name: 'Last minute' }).locator('canvas').first())

  await desk.tool('Disconnect').click()
  await desk.expectState('Demo', 'Disconnected')
  await expect(desk.trouble).toHaveText('Not connected. Press Connect to hear this node.')
  await expect(page.getByTestId('loudness-momentary'), 'no figures of what is not heard').toHaveCount(0)
  await expect(desk.tool('Record')).toBeDisabled()
  await desk.tool('Connect').click()
  await desk.expectState('Demo', 'Live')
  await desk.expectMoving('loudness-momentary')

  await desk.pane.getByRole('button', { name: 'Remove Demo' }).click()
  await expect(page.getByRole('heading', { name: 'No nodes yet' })).toBeVisible()
})

test('with --demo the meters move within 10 s, without a click and without a foreign request', async ({
  desk,
  start,
}) => {
  const began = performance.now()
  const served = await start.serve({ args: ['--demo'] })
  const foreign: string[] = []
  desk.page.on('request', (request) => {
    if (!request.url().startsWith(served.url) && !request.url().startsWith('data:')) foreign.push(request.url())
  })
  await desk.open(served.url)
  await desk.expectMoving('loudness-momentary')
  expect(performance.now() - began).toBeLessThan(10_000)
  await expect(desk.pane.getByText('Simulated', { exact: true })).toBeVisible()
  expect(foreign).toEqual([])
})

test('a recording of the demo tells its time, size and folder, and what was saved', async ({ desk, start }) => {
  const served = await start.serve({ args: ['--demo'] })
  await desk.open(served.url)
  await desk.expectState('Demo', 'Live')
  await expect(desk.tool('Stop')).toBeDisabled()
  await desk.record('Demo')
  await expect(desk.tool('Record'), 'everything is being recorded').toBeDisabled()
  const running = desk.page.getByRole('list', { name: 'Running recordings' }).getByRole('listitem')
  await expect(running).toHaveCount(1)
  await expect(running).toContainText(`in ${served.recordings}`)
  await expect(running).toContainText(/\d\.\d (kB|MB)/)
  await expect(running).toContainText('No gaps, nothing missing')
  await expect(desk.node('Demo').getByTitle('Recording')).toBeVisible()
  await desk.expectTake('Demo', 0.5)

  await desk.tool('Disconnect').click()
  const question = desk.dialog('Stop recording Demo and disconnect it?')
  await expect(question.getByRole('button', { name: 'Keep recording' }), 'Enter does no harm').toBeFocused()
  await desk.page.keyboard.press('Enter')
  await expect(question).toBeHidden()
  await expect(running, 'a node that is recorded stays').toHaveCount(1)
  await desk.tool('Stop').click()
  await expect(desk.notices).toHaveText(
    /^Recording of Demo saved: 0:0\d, −\d\d\.\d\sLUFS\. No gaps, nothing missing\.Show$/,
  )
  await expect(desk.take('Demo')).toHaveAttribute('data-state', 'finished')
  await expect(running).toHaveCount(0)
  await expect(desk.tool('Record')).toBeEnabled()

  // The first recording is in the list still: what counts is that this one runs.
  await desk.tool('Record').click()
  await expect(running).toHaveCount(1)
  await desk.tool('Disconnect').click()
  await question.getByRole('button', { name: 'Stop and disconnect' }).click()
  await desk.expectState('Demo', 'Disconnected')
  await expect(desk.page.locator('[data-take][data-state="finished"]'), 'the recording is kept').toHaveCount(2)
})
