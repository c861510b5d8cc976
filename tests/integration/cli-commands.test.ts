/** The commands that scripts build on, each as a process of its own. */
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkCount } from '#producer/sources/tone/count.ts'
import { readWavHead } from '#shared/wav.ts'
import { calibrationFile } from '../support/calibration-file.ts'
import { CliProcess, expectNoStack, expectSentence, jsonLines, runCli } from '../support/cli.ts'
import { startNodeProcess, type NodeProcess } from '../support/node-process.ts'

let folder: string
let count: NodeProcess
let sine: NodeProcess
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'farfield-cli-'))
  count = await startNodeProcess(['--source', 'tone:count', '--name', 'counter', '--id', 'counter'], {
    advertise: true,
  })
  // BS.1770: a sine of 997 Hz at -20 dBFS peak in both channels has -20 LUFS (0.691 dB of K at 997 Hz included).
  sine = await startNodeProcess(['--source', 'tone:sine:997:-20', '--name', 'sine'])
})
afterAll(async () => {
  await count.stop()
  await sine.stop()
  await rm(folder, { recursive: true, force: true })
})

interface TakeLine {
  readonly event: string
  readonly node: string
  readonly state: string
  readonly folder: string
  readonly files: readonly string[]
  readonly frames: number
}

async function countedFrames({ folder, files }: TakeLine): Promise<number> {
  const bytes = await readFile(join(folder, files[0]!))
  const head = readWavHead(bytes)
  if (!head.ok) throw new Error(head.fault.message)
  const samples = bytes.subarray(head.value.dataOffset, head.value.dataOffset + head.value.dataBytes!)
  expect(samples.length).toBe(head.value.dataBytes)
  expect(checkCount(samples, head.value.format, BigInt(samples.readUInt32LE(0)))).toEqual({ wrong: 0 })
  return samples.length / 8
}

function takesOf(stdout: string): TakeLine[] {
  return (jsonLines(stdout) as unknown as TakeLine[]).filter((line) => line.event === 'take')
}

describe('help', () => {
  test.concurrent.each(['serve', 'scan', 'meter', 'record', 'analyze', 'password'])(
    '%s --help tells usage and options',
    async (name) => {
      const { code, stdout, stderr } = await runCli([name, '--help'])
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(stdout).toMatch(new RegExp(`^Usage: farfield ${name} `))
      expect(stdout).toMatch(/\n {2}--\w+/)
    },
  )

  test.concurrent('of all, the version, and nothing at all', async () => {
    const help = await runCli(['--help'])
    expect(help).toMatchObject({ code: 0, stderr: '' })
    for (const name of ['serve', 'scan', 'meter', 'record', 'analyze', 'password'])
      expect(help.stdout).toMatch(new RegExp(`^ {2}${name} `, 'm'))
    const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as {
      version: string
    }
    expect(await runCli(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' })
    expect(await runCli([])).toMatchObject({ code: 2, stdout: help.stdout })
  })
})

describe('meter', () => {
  test('--json prints one object a line', async () => {
    const [ended, help] = await Promise.all([
      runCli(['meter', sine.url, '--duration', '3', '--json']),
      runCli(['meter', '--help']),
    ])
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    const lines = jsonLines(ended.stdout)
    expect(lines.length).toBeGreaterThan(20)
    expect(lines.length).toBeLessThan(40)
    const last = lines.at(-1)!
    expect(last).toMatchObject({
      node: 'sine',
      id: expect.stringMatching(/^[a-z0-9-]+$/) as string,
      address: sine.url,
      gaps: 0,
      missingFrames: 0,
      clips: [0, 0],
      calibrated: false,
      overloaded: false,
      coverage: 1,
      unit: 'dBFS',
      splOffset: null,
      splProvenance: null,
    })
    for (const name of ['laf', 'las', 'laeq', 'laeq1s', 'lafMax'])
      for (const db of last[name] as number[]) expect(db).toBeCloseTo(-23.01, 1)
    expect(last['momentary']).toBeCloseTo(-20, 1)
    expect(last['integrated']).toBeCloseTo(-20, 1)
    for (const name of ['peak', 'peakMax']) for (const db of last[name] as number[]) expect(db).toBeCloseTo(-20, 1)
    for (const db of last['rmsTotal'] as number[]) expect(db).toBeCloseTo(-23.01, 1)
    for (const name of ['truePeak', 'truePeakMax'])
      for (const db of last[name] as number[]) expect(db).toBeCloseTo(-20, 1)
    for (const name of ['l10', 'l50']) for (const db of last[name] as number[]) expect(db).toBeCloseTo(-23, 0)
    for (const name of ['lceq', 'lzeq']) for (const db of last[name] as number[]) expect(db).toBeCloseTo(-23.01, 1)
    for (const db of last['lcPeak'] as number[]) expect(db).toBeCloseTo(-20, 0)
    for (const db of last['crest'] as number[]) expect(db).toBeCloseTo(3.01, 1)
    for (const share of last['dc'] as number[]) expect(Math.abs(share)).toBeLessThan(1e-4)
    expect(last['correlation']).toBeCloseTo(1, 3)
    expect(last['plr']).toBeCloseTo(0, 1)
    expect(last['lraStable']).toBe(false)
    expect(last['heard']).toBeGreaterThan(1)
    expect(last['coverage1s']).toBe(1)
    expect(last['coverage1h']).toBeCloseTo((last['heard'] as number) / 3600, 3)
    expect(Object.keys(last).filter((name) => !help.stdout.includes(name.replace(/(Max|Min)$/, '')))).toEqual([])
    const positions = lines.map((line) => line['position'] as number)
    expect(positions).toEqual([...new Set(positions)].sort((a, b) => a - b))
    expect(Math.abs((last['time'] as number) - Date.now())).toBeLessThan(5000)
  })

  test('--json tells sound pressure as estimated from the calibration file, and an overload', async () => {
    const file = join(folder, '7103946.txt')
    await writeFile(
      file,
      calibrationFile('7103946', () => 0),
    )
    const loud = await startNodeProcess(['--source', 'tone:sine:1000:0', '--calibration', file])
    try {
      const ended = await runCli(['meter', loud.url, '--duration', '2', '--json'])
      const last = jsonLines(ended.stdout).at(-1)!
      expect(last).toMatchObject({
        unit: 'dB SPL est.',
        splProvenance: 'estimate',
        calibrated: true,
        overloaded: true,
        gaps: 0,
      })
      expect(last['splOffset']).toBe(125.378)
      for (const db of last['laf'] as number[]) expect(db).toBeCloseTo(125.378 - 3.01, 1)
      for (const db of last['rms'] as number[]) expect(db).toBeCloseTo(-3.01, 1)
    } finally {
      await loud.stop()
    }
  })

  test('prints a line for people each second, for each node', async () => {
    const ended = await runCli(['meter', sine.url, count.url, '--duration', '2.2s'])
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    expect(
      ended.stdout.match(/^sine  M .* LUFS  peak  -20\.0  -20\.0  RMS  -23\.0  -23\.0 dBFS$/gm)?.length,
    ).toBeGreaterThanOrEqual(2)
    expect(ended.stdout.match(/^counter  M /gm)?.length).toBeGreaterThanOrEqual(2)
  })

  test('ends when it is interrupted, also before sound came', async () => {
    const running = new CliProcess(['meter', sine.url, '--json'])
    await running.says('\n')
    expect(await running.stop()).toMatchObject({ code: 0, stderr: '' })
    const waiting = new CliProcess(['meter', '127.0.0.1:1', '--timeout', '60'])
    await new Promise((resolve) => setTimeout(resolve, 1500))
    expectSentence(await waiting.stop(), 1, /Stopped before sound came/)
  })

  test('ends without a word when its reader leaves', async () => {
    const ended = await runCli(['meter', sine.url, '--duration', '30', '--json'], { shell: '"$@" | head -n 2' })
    expect(jsonLines(ended.stdout)).toHaveLength(2)
    expect(ended.stderr).toBe('')
    expect(ended.seconds).toBeLessThan(8)
    const scan = ['scan', '--interface', '127.0.0.1', '--timeout', '1', '--json']
    expect(await runCli(scan, { shell: '"$@" | true' })).toMatchObject({ stdout: '', stderr: '' })
  })
})

describe('record', () => {
  const withCertificates = (files: readonly string[]): string[] => files.flatMap((name) => [name, `${name}.json`])

  test('--duration is exact to the frame, for two nodes in one call', async () => {
    const out = join(folder, 'new', 'two')
    const ended = await runCli(['record', count.url, sine.url, '--out', out, '--duration', '1.2345', '--json'])
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    const takes = takesOf(ended.stdout)
    expect(takes.map((t) => t.node).sort()).toEqual(['counter', 'sine'])
    for (const take of takes)
      expect(take).toMatchObject({ state: 'finished', folder: out, frames: 59_256, gaps: 0, missingFrames: 0 })
    expect((await readdir(out)).sort()).toEqual(takes.flatMap((t) => withCertificates(t.files)).sort())
    expect(await countedFrames(takes.find((t) => t.node === 'counter')!)).toBe(59_256)
    const steady = takes.find((t) => t.node === 'sine') as unknown as { integrated: number; rms: number[] }
    expect(steady.integrated).toBeCloseTo(-20, 1)
    expect(steady.rms[0]).toBeCloseTo(-23.01, 1)
  })

  test('says for people what was written', async () => {
    const ended = await runCli(['record', count.url, '--out', join(folder, 'words'), '--duration', '500ms'])
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    expect(ended.stdout).toMatch(/^\/.*\/words\/counter_.*\.wav: 0\.50 s, .*, nothing missing\n$/)
  })

  test.each(['SIGINT', 'SIGTERM'] as const)('%s finishes the file and ends with 0', async (signal) => {
    const out = join(folder, signal)
    const running = new CliProcess(['record', count.url, '--out', out, '--json'])
    await running.says('"progress"')
    const ended = await running.stop(signal)
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    const [take] = takesOf(ended.stdout)
    expect(take!.state).toBe('finished')
    expect((await readdir(out)).sort()).toEqual(withCertificates(take!.files))
    const frames = await countedFrames(take!)
    expect(frames).toBe(take!.frames)
    expect(frames).toBeGreaterThan(20_000)
  })

  test('a node that falls silent before the end is a failure, and its file is kept', async () => {
    // It is waited for as long as it would have remembered what is missing.
    const short = await startNodeProcess(['--source', 'tone:count', '--name', 'short', '--ring', '3s'])
    const out = join(folder, 'short')
    const running = new CliProcess(['record', short.url, '--out', out, '--json', '--duration', '2'])
    await running.says('"progress"')
    await short.stop('SIGKILL')
    const ended = await running.ended
    expect(ended.code).toBe(1)
    expect(jsonLines(ended.stderr).at(-1)).toMatchObject({
      code: 'connection-lost',
      message: expect.stringMatching(/^short fell silent: \d\.\d\d of 2 s were recorded\.$/) as string,
    })
    expect(await countedFrames(takesOf(ended.stdout)[0]!)).toBeLessThan(96_000)
  }, 60_000)
})

describe('scan', () => {
  test('--json finds a node on loopback', async () => {
    const ended = await runCli(['scan', '--interface', '127.0.0.1', '--timeout', '1.5', '--json'])
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    const found = jsonLines(ended.stdout).filter((line) => line['address'] === count.url)
    expect(found).toEqual([
      {
        id: 'counter',
        name: expect.stringContaining('counter') as string,
        address: count.url,
        software: expect.stringMatching(/^farfield-node \d/) as string,
      },
    ])
  })

  test('for people', async () => {
    const ended = await runCli(['scan', '--interface', '127.0.0.1', '--timeout', '1.5'])
    expect(ended.code).toBe(0)
    expect(ended.stdout).toMatch(new RegExp(`^${count.url} +counter.*id counter\\)$`, 'm'))
  })
})

describe('password', () => {
  test('is set, refused when short, and removed', async () => {
    const data = join(folder, 'data')
    const kept = async (): Promise<string> => readFile(join(data, 'settings.json'), 'utf8')
    const set = await runCli(['password', '--data', data], { input: 'correct horse battery\n' })
    expect(set).toMatchObject({ code: 0, stdout: 'The password was set.\n', stderr: '' })
    expect(await kept()).toMatch(/"password"/)
    expect(await kept()).not.toMatch(/correct horse/)
    expect((await stat(join(data, 'settings.json'))).mode & 0o077).toBe(0)
    const before = await kept()
    expectSentence(await runCli(['password', '--data', data], { input: 'short\n' }), 2, /./)
    expectSentence(await runCli(['password', '--data', data]), 2, /./)
    expect(await kept()).toBe(before)
    expect(await runCli(['password', '--remove', '--data', data])).toMatchObject({
      code: 0,
      stdout: 'The password was removed.\n',
    })
    expect(await kept()).not.toMatch(/password/)
  })

  test('that cannot be kept is not said to be set', async () => {
    const ended = await runCli(['password', '--data', '/proc/nowhere'], { input: 'correct horse battery\n' })
    expectSentence(ended, 1, /could not be saved in \/proc\/nowhere/)
    expect(ended.stdout).toBe('')
  })
})

test('serve takes a free port, says where it is and ends with 0', async () => {
  const served = new CliProcess([
    'serve',
    '--no-open',
    '--port',
    '0',
    '--demo',
    '--json',
    '--data',
    join(folder, 'served'),
  ])
  await served.says('\n')
  const [ready] = jsonLines(served.stdout)
  expect(ready).toMatchObject({ event: 'ready', url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\//) as string })
  expect((await fetch(ready!['url'] as string)).status).toBe(200)
  const ended = await served.stop('SIGTERM')
  expectNoStack(ended.stderr)
  expect(ended.code).toBe(0)
})
