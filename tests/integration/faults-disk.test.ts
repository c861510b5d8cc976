/** Places where nothing can be written, or nothing more. */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkCount } from '#producer/sources/tone/count.ts'
import { readWavHead } from '#shared/wav.ts'
import { expectSentence, jsonLines, runCli } from '../support/cli.ts'
import { startNodeProcess, type NodeProcess } from '../support/node-process.ts'
import { openStation, until } from '../support/station.ts'

const run = promisify(execFile)

let folder: string
let node: NodeProcess
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'farfield-disk-'))
  // 1.5 MB a second, so that a small disk is soon full.
  node = await startNodeProcess(['--source', 'tone:count', '--rate', '192000'])
})
afterAll(async () => {
  await node.stop()
  await rm(folder, { recursive: true, force: true })
})

const record = (out: string, ...more: string[]): string[] => [
  'record',
  node.url,
  '--out',
  out,
  '--duration',
  '10',
  ...more,
]

test('a folder below a file', async () => {
  await writeFile(join(folder, 'file'), '')
  const ended = await runCli(record(join(folder, 'file', 'takes')))
  expectSentence(
    ended,
    1,
    /Nothing can be written in .*\/file\/takes: part of it is a file, not a folder\. Choose another folder\./,
  )
  expect(ended.seconds).toBeLessThan(5)
})

test('a folder in which the system makes none', async () => {
  const ended = await runCli(record('/proc/takes/deep'))
  expectSentence(ended, 1, /Nothing can be written in \/proc\/takes\/deep: /)
  expect(ended.seconds).toBeLessThan(5)
})

test('a read-only disk', async () => {
  const out = join(folder, 'read-only')
  await mkdir(out)
  const shell = `mount -t tmpfs -o ro tmpfs '${out}' && exec "$@"`
  const ended = await runCli(record(out), { shell, ownMounts: true })
  expectSentence(ended, 1, /Nothing can be written in .*\/read-only: it is read-only\. Choose another folder\./)
})

test('a disk that becomes full: the take ends with whole frames and opens everywhere', async () => {
  const disk = join(folder, 'small')
  const kept = join(folder, 'kept')
  await mkdir(disk)
  await mkdir(kept)
  const shell = `mount -t tmpfs -o size=1m tmpfs '${disk}' && { "$@"; code=$?; cp '${disk}'/* '${kept}'; exit $code; }`
  const ended = await runCli(record(disk, '--json'), { shell, ownMounts: true })
  expect(ended.code).toBe(1)
  expect(ended.seconds).toBeLessThan(6)
  const faults = jsonLines(ended.stderr)
  expect(faults).toEqual([
    {
      event: 'fault',
      code: 'disk-full',
      message: expect.stringMatching(
        /^The disk that holds .*\/small is full\. Recording was stopped and what was written is kept\./,
      ) as string,
    },
  ])
  // The file and its certificate, and nothing half written.
  const files = (await readdir(kept)).filter((name) => !name.endsWith('.wav.json'))
  expect(await readdir(kept)).toEqual(files.flatMap((name) => [name, `${name}.json`]))
  const take = jsonLines(ended.stdout).at(-1)!
  expect(take).toMatchObject({ event: 'take', state: 'failed', files, gaps: 0, missingFrames: 0 })
  const path = join(kept, files[0]!)
  expect(path).toMatch(/\.wav$/)
  const bytes = await readFile(path)
  const head = readWavHead(bytes)
  if (!head.ok) throw new Error(head.fault.message)
  const samples = bytes.subarray(head.value.dataOffset, head.value.dataOffset + head.value.dataBytes!)
  expect(samples.length).toBe(head.value.dataBytes)
  expect(samples.length).toBe((take['frames'] as number) * 8)
  expect(samples.length).toBeGreaterThan(900_000)
  expect(checkCount(samples, head.value.format, BigInt(samples.readUInt32LE(0)))).toEqual({ wrong: 0 })
  expect((await run('ffmpeg', ['-v', 'warning', '-i', path, '-f', 'null', '-'])).stderr).toBe('')
  expect((await run('sox', ['-V2', path, '-n', 'trim', '0'])).stderr).toBe('')
  expect((await run('sndfile-info', [path])).stdout).not.toMatch(/\*\*|should be/)
})

test('a take ends by itself before the disk is full, with room for the rest of the system', async () => {
  const [disk, kept] = [join(folder, 'filling'), join(folder, 'filled')]
  await mkdir(disk)
  await mkdir(kept)
  const shell = `mount -t tmpfs -o size=8m tmpfs '${disk}' && { "$@"; code=$?; df --output=avail -B1 '${disk}' | tail -1 >&2; cp '${disk}'/* '${kept}'; exit $code; }`
  const ended = await runCli(record(disk, '--json'), { shell, ownMounts: true })
  expect(ended.code).toBe(1)
  const lines = ended.stderr.trim().split('\n')
  // A sixteenth of the disk is left.
  const left = Number(lines.at(-1))
  expect(left).toBeGreaterThan(0)
  expect(left).toBeLessThan(3e6)
  expect(jsonLines(ended.stderr.slice(0, ended.stderr.lastIndexOf('}') + 1)).map((line) => line['code'])).toEqual([
    'disk-full',
  ])
  const take = jsonLines(ended.stdout).at(-1)!
  expect(take).toMatchObject({ state: 'failed', missingFrames: 0, gaps: 0 })
  const name = (await readdir(kept)).find((file) => file.endsWith('.wav'))
  const bytes = await readFile(join(kept, name!))
  const head = readWavHead(bytes)
  if (!head.ok) throw new Error(head.fault.message)
  const samples = bytes.subarray(head.value.dataOffset, head.value.dataOffset + head.value.dataBytes!)
  expect(samples.length).toBe((take['frames'] as number) * 8)
  expect(checkCount(samples, head.value.format, BigInt(samples.readUInt32LE(0)))).toEqual({ wrong: 0 })
})

test('a folder that is removed while it is recorded to', async () => {
  const t = await openStation()
  try {
    const key = await t.connect(node.url)
    const out = join(folder, 'removed')
    const started = await t.screen.call('record.start', { nodes: [key], folder: out })
    if (!started.ok) throw new Error(started.fault.message)
    const [take] = started.value.takes
    await until(t.screen, () => t.take(take!).files.length > 0)
    await rm(out, { recursive: true })
    await t.screen.call('record.stop', { takes: [] })
    await until(t.screen, () => t.take(take!).state === 'failed')
    expect(t.take(take!).fault).toMatchObject({
      code: 'folder-unwritable',
      message: expect.stringContaining('it is gone') as string,
    })
    expect(t.node(key).presence).toBe('live')
  } finally {
    await t.close()
  }
})
