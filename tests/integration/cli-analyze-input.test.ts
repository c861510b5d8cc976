/** `farfield analyze` given what it cannot measure, and how it behaves among other programs. */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CliProcess, expectNoStack, expectSentence, jsonLines, runCli } from '../support/cli.ts'

const run = promisify(execFile)

let folder: string
const at = (name: string): string => join(folder, name)
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'farfield-analyze-input-'))
  const tone = ['synth', '10', 'sine', '997', 'gain', '-20']
  await run('sox', ['-n', '-r', '48000', '-c', '2', '-b', '24', at('tone.wav'), ...tone])
  await run('sox', ['-n', '-r', '48000', '-c', '2', '-b', '16', at('long.wav'), 'synth', '600', 'whitenoise'])
  await writeFile(at('empty.wav'), '')
  await writeFile(at('text.wav'), 'This is not sound.\n'.repeat(100))
  await writeFile(at('junk.txt'), Buffer.from([0x7f, 0x45, 1, 2, 3, 0, 0, 255, 254]))
  await writeFile(at('words.txt'), 'no numbers here\n')
  await mkdir(at('folder.wav'))
  const tones = await readFile(at('tone.wav'))
  await writeFile(at('head.wav'), tones.subarray(0, 20))
  await writeFile(at('no-sound.wav'), tones.subarray(0, tones.indexOf('data') + 8))
  await writeFile(at('cut.wav'), tones)
  await truncate(at('cut.wav'), tones.indexOf('data') + 8 + 4 * 48_000 * 6)
  await run('sox', [at('tone.wav'), '-e', 'a-law', at('alaw.wav')])
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('what cannot be measured is said in a sentence', () => {
  test.concurrent.each([
    ['missing.wav', /missing\.wav does not exist\. Name a WAV file/],
    ['tone.wav/inside.wav', /inside\.wav does not exist/],
    ['empty.wav', /empty\.wav is empty/],
    ['text.wav', /text\.wav: This is not a WAV file/],
    ['folder.wav', /folder\.wav is a folder/],
    ['head.wav', /head\.wav: The format part of this WAV file is cut short|head\.wav: This WAV file holds no sound/],
    ['no-sound.wav', /no-sound\.wav: This WAV file holds no sound/],
    ['alaw.wav', /alaw\.wav: This WAV file holds 8-bit samples of kind 6; use 16, 24 or 32-bit/],
  ])('%s', async (name, sentence) => {
    const ended = await runCli(['analyze', at(name)])
    expectSentence(ended, 1, sentence)
    expect(ended.stdout).toBe('')
  })

  test.concurrent.each([
    ['missing.txt', /missing\.txt does not exist\. Give the calibration file/],
    ['junk.txt', /junk\.txt: The calibration file cannot be used\. It is not a text file/],
    ['words.txt', /words\.txt: The calibration file cannot be used\. It has no rows/],
    ['tone.wav', /tone\.wav: The calibration file cannot be used|tone\.wav is not a calibration file/],
    ['folder.wav', /folder\.wav is not a calibration file/],
  ])('calibration %s', async (name, sentence) => {
    const ended = await runCli(['analyze', at('tone.wav'), '--calibration', at(name)])
    expectSentence(ended, 1, sentence)
    expect(ended.stdout).toBe('')
  })

  test.concurrent.each([
    ['nowhere/history.csv', 1, /nowhere\/history\.csv cannot be written: its folder does not exist/],
    ['folder.wav', 1, /folder\.wav cannot be written: it is a folder/],
    ['tone.wav', 2, /--csv would overwrite .*tone\.wav/],
  ] as const)('history to %s', async (name, code, sentence) => {
    const ended = await runCli(['analyze', at('tone.wav'), '--csv', at(name)])
    expectSentence(ended, code, sentence)
    expect(ended.stdout).toBe('')
  })

  test('history to a full disk', async () => {
    expectSentence(await runCli(['analyze', at('tone.wav'), '--csv', '/dev/full']), 1, /The disk is full: \/dev\/full/)
  })

  test.concurrent.each([
    [[], /It needs one WAV file/],
    [['a.wav', 'b.wav'], /It needs one WAV file/],
    [['a.wav', '--json', '--window', '1ms'], /--window needs a time from 10ms to 1h, not "1ms"/],
    [['a.wav', '--json', '--window', '2h'], /--window needs a time from 10ms to 1h, not "2h"/],
    [['a.wav', '--json', '--window', 'soon'], /--window needs a time such as .*, not "soon"/],
    [['a.wav', '--window', '1s'], /--window needs --csv FILE or --json/],
    [['a.wav', '--loud'], /Unknown option '--loud'/],
  ])('typed %j', async (args, sentence) => {
    expectSentence(await runCli(['analyze', ...args]), 2, sentence)
  })

  test('as JSON where JSON was asked for', async () => {
    const ended = await runCli(['analyze', at('missing.wav'), '--json'])
    expect(ended).toMatchObject({ code: 1, stdout: '' })
    expect(jsonLines(ended.stderr)).toEqual([
      { event: 'fault', code: 'file-missing', message: `${at('missing.wav')} does not exist. Name a WAV file.` },
    ])
  })
})

test('a file that was cut off is measured as far as it goes, and that is said', async () => {
  const ended = await runCli(['analyze', at('cut.wav')])
  expectSentence(
    ended,
    1,
    /cut\.wav is cut off: 6\.00 s that its head promises are missing\. The figures are of what is there/,
  )
  expect(ended.stdout).toMatch(/^.*cut\.wav: 48 kHz · 2 ch · s24, 4\.00 s$/m)
  expect(ended.stdout).toMatch(/^ {2}integrated +-20\.0 LUFS$/m)
  const json = await runCli(['analyze', at('cut.wav'), '--json'])
  expect(json.code).toBe(1)
  expect(jsonLines(json.stdout)[0]).toMatchObject({ seconds: 4, missingSeconds: 6 })
  expect(jsonLines(json.stderr)[0]).toMatchObject({ event: 'fault', code: 'bad-wav' })
})

test('prints a table with units for people', async () => {
  const { code, stdout, stderr } = await runCli(['analyze', at('tone.wav')])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  for (const line of [
    /^.*tone\.wav: 48 kHz · 2 ch · s24, 10\.00 s$/m,
    /^Calibration: none$/m,
    /^ {2}integrated +-20\.0 LUFS$/m,
    /^ {2}range +\d\.\d LU \(of less than 60 s: not stable\)$/m,
    /^ {2}true peak +-20\.0 +-20\.0 dBTP$/m,
    /^ {2}RMS +-23\.0 +-23\.0 dBFS$/m,
    /^ {2}clipped samples +0 +0$/m,
    /^ {2}LAeq +-23\.0 +-23\.0 dBFS$/m,
    /^ {2}LAFmax +-\d\d\.\d +-\d\d\.\d dBFS$/m,
    /^ {2}1000 Hz +-23\.0 +-23\.0 dBFS$/m,
  ])
    expect(stdout).toMatch(line)
  expect(stdout).not.toMatch(/NaN|undefined|null/)
})

test('shows how far it is on a terminal, and only there', async () => {
  const piped = await runCli(['analyze', at('long.wav'), '--json'])
  expect(piped).toMatchObject({ code: 0, stderr: '' })
  // `script` gives it a terminal for both its outputs.
  const shown = await runCli(['analyze', at('long.wav'), '--json'], { shell: 'exec script -qec "$*" /dev/null' })
  expect(shown.stdout).toMatch(/\r\[#*\.*\] +\d+ %/)
  const last = shown.stdout.trimEnd().split('\r').at(-1)!
  expect(JSON.parse(last)).toEqual(jsonLines(piped.stdout)[0])
})

test('ends at once when it is interrupted', async () => {
  const running = new CliProcess(['analyze', at('long.wav'), '--json', '--window', '10ms'])
  await running.says('"history":[{')
  const at0 = performance.now()
  const ended = await running.stop()
  expect(performance.now() - at0).toBeLessThan(1000)
  expect(ended.code).toBe(1)
  expect(jsonLines(ended.stderr)).toEqual([
    {
      event: 'fault',
      code: 'stopped',
      message: expect.stringMatching(/^Stopped after \d+ % of .*long\.wav\.$/) as string,
    },
  ])
})

test('ends without a word when its reader leaves', async () => {
  const history = ['analyze', at('long.wav'), '--json', '--window', '10ms']
  const left = await runCli(history, { shell: '"$@" | head -c 100' })
  expect(left.stdout).toHaveLength(100)
  expect(left.stderr).toBe('')
  const table = await runCli(['analyze', at('tone.wav')], { shell: '"$@" | head -n 1' })
  expect(table.stdout).toMatch(/tone\.wav: 48 kHz/)
  expect(table.stderr).toBe('')
  expectNoStack(left.stderr + table.stderr)
})
