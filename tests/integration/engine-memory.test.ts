import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const SCRIPT = join(import.meta.dirname, '../support/young.ts')

test('the room for new objects stays small while many survive', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT])
  // V8 left to itself takes 33 to 67 MB.
  expect(Number(stdout)).toBeLessThan(17_000_000)
})
