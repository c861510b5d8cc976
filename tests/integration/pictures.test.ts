/** The command that takes the pictures, as far as no browser is needed. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { choicesOf, environmentOf, OUT, SIZES, THEMES } from '../../pictures/choices.ts'

const MAIN = fileURLToPath(new URL('../../pictures/main.ts', import.meta.url))

function pictures(...args: readonly string[]) {
  return spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8' })
}

test('says what it does, and names its scenes', () => {
  const help = pictures('--help')
  expect(help.status).toBe(0)
  for (const option of ['--only', '--list', '--theme', '--size', '--out', '--publish'])
    expect(help.stdout).toContain(option)
  const { status, stdout } = pictures('--list')
  expect(status).toBe(0)
  expect(stdout.trim().split('\n')).toEqual(expect.arrayContaining(['empty', 'live', 'lost', 'overview', 'walk']))
})

test.each([
  [['--only', 'nowhere'], 'there is no scene "nowhere"'],
  [['--theme', 'pink'], 'there is no theme "pink"'],
  [['--size', '1x1'], 'there is no size "1x1"'],
  [['--colour'], "Unknown option '--colour'"],
] as const)('%j is bad usage, in a sentence', (args, sentence) => {
  const { status, stderr } = pictures(...args)
  expect(status).toBe(2)
  expect(stderr).toContain(sentence)
  expect(stderr).not.toMatch(/^\s+at /m)
})

test('what was asked for comes to the scenes', () => {
  expect(choicesOf({})).toEqual({ out: OUT, themes: THEMES, sizes: SIZES })
  const some = { out: '/somewhere', themes: ['light'], sizes: [SIZES[1]!] } as const
  expect(choicesOf(environmentOf(some))).toEqual(some)
})
