import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { serve } from '../support/served.ts'

const SCRIPT = join(import.meta.dirname, '../support/young.ts')

test('the room for new objects stays small while many survive', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT])
  // V8 left to itself takes 33 to 67 MB.
  expect(Number(stdout)).toBeLessThan(17_000_000)
})

test('all threads share two arenas of malloc, under the pid that was started', async () => {
  const served = await serve({ args: ['--demo'] })
  try {
    // Left to itself: one a thread.
    expect(arenas(await readFile(`/proc/${served.pid}/maps`, 'utf8'))).toBeLessThanOrEqual(1)
  } finally {
    await served.stop()
  }
})

test('what somebody has told malloc stays', async () => {
  const served = await serve({ args: ['--demo'], env: { MALLOC_ARENA_MAX: '8' } })
  try {
    expect(arenas(await readFile(`/proc/${served.pid}/maps`, 'utf8'))).toBeGreaterThan(1)
  } finally {
    await served.stop()
  }
})

const ARENA = 64 * 2 ** 20

/** Arenas beside the first: 64 MiB on a multiple of that, what is used of it and what is not yet. */
function arenas(maps: string): number {
  const pairs = [...maps.matchAll(/^([0-9a-f]+)-([0-9a-f]+) rw-p [^/\n]*\n\2-([0-9a-f]+) ---p/gm)]
  const isArena = (from: number, to: number): boolean => from % ARENA === 0 && to - from === ARENA
  return pairs.filter(([, from, , to]) => isArena(parseInt(from!, 16), parseInt(to!, 16))).length
}
