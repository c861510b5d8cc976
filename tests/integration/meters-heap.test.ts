import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { METERS } from '#meters/registry.ts'

const SCRIPT = join(import.meta.dirname, '../support/meter-heap.ts')

interface Heap {
  readonly grown: number
  readonly garbage: Readonly<Record<string, number>>
}

// The reference is slow: three minutes of it show what each block leaves as well.
it.each([
  ['reference', 3],
  ['kernels', 10],
])(
  'all meters (%s) leave the heap as it was after %d minutes, and little to collect',
  async (by, minutes) => {
    const args = ['--expose-gc', '--max-semi-space-size=64', SCRIPT, String(minutes), '2', by]
    const { stdout } = await promisify(execFile)(process.execPath, args)
    const { grown, garbage } = JSON.parse(stdout) as Heap
    process.stderr.write(
      `heap, ${by}: ${grown} B more after ${minutes} min; garbage a minute: ${JSON.stringify(garbage)}\n`,
    )
    expect(grown).toBeLessThan(100_000)
    // A block of planes alone, if it were made anew each time, would be 23 MB a minute.
    for (const { id } of METERS) expect(garbage[id], id).toBeLessThan(10_000_000)
  },
  180_000,
)
