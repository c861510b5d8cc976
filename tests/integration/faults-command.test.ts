/** `npm run faults` and `npm run bench:soak` as a person types them; what they do is in the rows themselves. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { faultRows } from '../faults/registry.ts'

const PROGRAMS = {
  faults: fileURLToPath(new URL('../faults/main.ts', import.meta.url)),
  soak: fileURLToPath(new URL('../../bench/soak.ts', import.meta.url)),
}

function run(name: keyof typeof PROGRAMS, ...args: string[]): { code: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAMS[name], ...args], { encoding: 'utf8' })
  return { code: status, stdout, stderr }
}

describe('bad usage is one sentence and exit code 2', () => {
  test.each([
    ['faults', ['99'], /^faults: there is no row "99"\. There are 1, 2, .+\.\n$/],
    ['faults', ['nonsense'], /^faults: there is no row "nonsense"\./],
    ['faults', ['--fast'], /^faults: Unknown option '--fast'\. See --help\.\n$/],
    ['faults', ['--quick', '--write'], /^faults: --write goes with whole runs, not with --quick\.\n$/],
    ['faults', ['--quick', '3'], /^faults: there is no quick run of 3\. Leave --quick out\.\n$/],
    ['soak', ['--minutes', 'x'], /^soak: --minutes must be more than 0/],
    ['soak', ['--fast'], /^soak: Unknown option '--fast'\. See --help\.\n$/],
  ] as const)('%s %j', (name, args, sentence) => {
    const { code, stdout, stderr } = run(name, ...args)
    expect(stderr).toMatch(sentence)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  })
})

test.each(['faults', 'soak'] as const)('%s --help says how', (name) => {
  expect(run(name, '--help')).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^Usage: npm run/) })
})

test('--list names every row, --quick those that have a quick run', async () => {
  const rows = await faultRows()
  const listed = (...args: string[]): number[] =>
    run('faults', '--list', '--json', ...args)
      .stdout.trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { number: number }).number)
  expect(listed()).toEqual(rows.map((row) => row.number))
  expect(listed('--quick')).toEqual(rows.filter((row) => row.quick).map((row) => row.number))
  expect(listed('2', '7')).toEqual([2, 7])
})
