/** The first minute with Farfield, from `npm start` to a recording that is known to be whole. The README tells it. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from '../support/e2e.ts'
import { walk } from '../support/walk.ts'

const CLI = fileURLToPath(new URL('../../src/cli/start.mjs', import.meta.url))

test('from npm start to a finished, verified recording in under a minute, by what stands on the screen', async ({
  desk,
  start,
}) => {
  const began = performance.now()
  const served = await start.serve({ npmStart: true })
  await desk.page.goto(served.url)
  await walk(desk.page)
  const seconds = (performance.now() - began) / 1000
  test.info().annotations.push({ type: 'took', description: `${seconds.toFixed(1)} s` })
  console.log(`from npm start to a verified recording: ${seconds.toFixed(1)} s`)
  expect(seconds).toBeLessThan(60)
  // Somebody else reads the file as well.
  const { stdout } = await promisify(execFile)(process.execPath, [CLI, 'verify', served.recordings])
  expect(stdout).toContain('Demo')
})
