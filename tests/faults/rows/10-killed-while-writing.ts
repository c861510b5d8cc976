import { execFile } from 'node:child_process'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import { CliProcess, jsonLines, runCli } from '../../support/cli.ts'
import { readCountFile, tally } from '../../support/count-file.ts'
import { startNodeProcess } from '../../support/node-process.ts'
import { NodeSubscriber } from '../../support/node-subscriber.ts'
import type { FaultRow } from '../row.ts'
import { verdict } from '../verdict.ts'

const RATE = 48_000
/** s32, mono: a sample that tells its position in four bytes. */
const FRAME_BYTES = 4
const LANES = 4
/** Each take is killed so often, then ended as a person ends it. */
const KILLS_A_TAKE = 5
const KILLS = 100
const QUICK = { lanes: 2, killsATake: 3 }
/** Every so many kills one comes at any moment from the start of the program on: while it starts, or takes up the take. */
const EARLY_EVERY = 5
const EARLY_MS = 1500
/** Written and flushed in between, at any moment of it. */
const WRITING_MS = 1100
const CATCH_UP_MS = 30_000

const run = promisify(execFile)

interface Kill {
  readonly opened: boolean
  /** What the file lacked of the newest sound at the kill, s; undefined when it was killed before it wrote. */
  readonly missing: number | undefined
}

interface Ended {
  readonly kills: readonly Kill[]
  readonly files: number
  readonly wrong: number
  readonly verified: boolean
}

export const row: FaultRow = {
  number: 10,
  fault: `kill -9 while writing, ${KILLS} times at random moments`,
  expected: 'every file opens in sox, ffmpeg and libsndfile; at most 1 s missing before repair, 0 after',
  quick: true,
  limitSeconds: 600,
  async run({ folder, closing, quick }) {
    const { lanes, killsATake } = quick ? QUICK : { lanes: LANES, killsATake: KILLS_A_TAKE }
    const takes = quick ? lanes : KILLS / KILLS_A_TAKE
    const node = await startNodeProcess(['--source', 'tone:count', '--channels', '1', '--ring', '120s'])
    closing.defer(() => node.stop())
    const heard = new NodeSubscriber(node.url)
    closing.defer(() => heard.close())
    const newest = (): number => {
      const { header } = heard.blocks.at(-1)!
      return Number(header.firstFrame) + header.frames
    }
    await heard.until((seen) => seen.blocks.length > 0)

    const ended: Ended[] = []
    let next = 0
    const lane = async (): Promise<void> => {
      while (next < takes) ended.push(await take(node.url, join(folder, `take-${next++}`), killsATake, newest))
    }
    await Promise.all(Array.from({ length: lanes }, lane))

    const kills = ended.flatMap((e) => e.kills)
    const writing = kills.flatMap(({ missing }) => (missing === undefined ? [] : [missing]))
    const opened = kills.filter((kill) => kill.opened).length
    const wrong = ended.reduce((sum, e) => sum + e.wrong, 0)
    const whole = ended.filter((e) => e.files === 1 && e.verified).length
    return verdict(
      `${opened} of ${kills.length} files opened; at most ${Math.max(0, ...writing).toFixed(2)} s missing at the ${writing.length} kills while ` +
        `writing; after repair ${whole} of ${ended.length} takes one whole verified file, ${wrong} frames wrong`,
      {
        'every file opens': opened === kills.length && kills.length === takes * killsATake,
        'at most 1 s missing before repair': writing.length > 0 && writing.every((seconds) => seconds <= 1),
        'nothing missing after it': wrong === 0 && whole === ended.length,
      },
    )
  },
}

/** One take that outlives `count` kills. */
async function take(url: string, folder: string, count: number, newest: () => number): Promise<Ended> {
  const kills: Kill[] = []
  while (kills.length < count) {
    const recorder = new CliProcess(['record', url, '--out', folder, '--json'])
    // The first run has to have made a file before there is anything to open.
    const early = kills.length > 0 && kills.length % EARLY_EVERY === EARLY_EVERY - 1
    if (early) await setTimeout(Math.random() * EARLY_MS)
    else {
      await caughtUp(recorder, folder, newest)
      await setTimeout(Math.random() * WRITING_MS)
    }
    const at = newest()
    await recorder.stop('SIGKILL')
    const path = join(folder, (await partOf(folder))!)
    const [opened, file] = await Promise.all([opens(path), readCountFile(path)])
    const missing = at - file.first - file.frames + tally(file).silent
    kills.push({ opened: opened && tally(file).other === 0, missing: early ? undefined : missing / RATE })
  }
  const last = new CliProcess(['record', url, '--out', folder, '--json'])
  await caughtUp(last, folder, newest)
  const { code } = await last.stop('SIGINT')
  const names = (await readdir(folder)).filter((name) => name.endsWith('.wav'))
  const wrong = await Promise.all(names.map((name) => readCountFile(join(folder, name))))
  const verified = await runCli(['verify', folder, '--json'])
  return {
    kills,
    files: names.length,
    wrong: wrong.reduce((sum, file) => sum + tally(file).silent + tally(file).other, 0),
    verified: code === 0 && verified.code === 0 && jsonLines(verified.stdout).every((line) => line['state'] === 'good'),
  }
}

/** Resolves when the recorder writes the newest sound, and what the kill before it made is repaired. */
async function caughtUp(recorder: CliProcess, folder: string, newest: () => number): Promise<void> {
  const deadline = performance.now() + CATCH_UP_MS
  const begun = newest()
  for (;;) {
    const name = await partOf(folder)
    if (name !== undefined) {
      const file = await readCountFile(join(folder, name)).catch(() => undefined)
      const end = file ? file.first + file.frames : 0
      if (file && end > begun && newest() - end < RATE / 2 && tally(file).silent === 0) return
    }
    if (recorder.child.exitCode !== null) throw new Error(`farfield record ended: ${recorder.stderr}`)
    if (performance.now() > deadline) throw new Error(`${folder} has not caught up in ${CATCH_UP_MS} ms`)
    await setTimeout(50)
  }
}

/** The file that is not finished and holds sound. */
async function partOf(folder: string): Promise<string | undefined> {
  const names = await readdir(folder).catch(() => [])
  for (const name of names.filter((n) => n.endsWith('.wav.part')))
    if ((await stat(join(folder, name))).size > FRAME_BYTES * RATE * 0.01) return name
  return undefined
}

/** Whether three programs read the file to its end without an error. */
async function opens(path: string): Promise<boolean> {
  const all = await Promise.all([
    run('sox', ['-t', 'wav', path, '-n', 'stat']),
    run('ffmpeg', ['-v', 'error', '-i', path, '-f', 'null', '-']),
    run('sndfile-info', [path]),
  ]).catch(() => undefined)
  if (!all) return false
  const [, ffmpeg, sndfile] = all
  return ffmpeg.stderr === '' && /Frames\s*: [1-9]/.test(sndfile.stdout)
}
