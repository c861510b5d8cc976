import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { mkdir, readdir, readFile, statfs } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { TakeView } from '#contract/state.ts'
import type { Closing } from '../../support/closing.ts'
import { readCountFile } from '../../support/count-file.ts'
import { startNodeProcess } from '../../support/node-process.ts'
import { complaints } from '../../support/outside.ts'
import { preload } from '../../support/preload.ts'
import { openRemote, type Remote } from '../../support/remote.ts'
import { until } from '../../support/station.ts'
import type { FaultRow } from '../row.ts'
import { since, verdict } from '../verdict.ts'

const FLUSH_SECONDS = 5
const QUICK_FLUSH_SECONDS = 2
const ALARM_S = 1
/** For what is called full to be so: what the file system still has then holds no more sound. */
const DISK = '4m'

export const row: FaultRow = {
  number: 11,
  fault: 'disk full, folder removed, disk read-only, each flush takes 5 s',
  expected: 'whole frames, a finished file, told within 1 s, no crash; the slow disk costs nothing',
  quick: true,
  async run({ folder, closing, quick }) {
    const flush = quick ? QUICK_FLUSH_SECONDS : FLUSH_SECONDS
    // 1.5 MB a second.
    const node = await startNodeProcess(['--source', 'tone:count', '--channels', '8'])
    closing.defer(() => node.stop())
    const [full, gone, readOnly, slow] = await Promise.all([
      diskFull(node.url, join(folder, 'full'), closing),
      folderGone(node.url, join(folder, 'gone'), closing),
      diskReadOnly(node.url, join(folder, 'read-only'), closing),
      diskSlow(node.url, join(folder, 'slow'), flush, closing),
    ])
    return verdict(
      `full: "${full.code}" ${full.seconds.toFixed(1)} s after the last byte fitted, ${full.files} finished file of ${full.frames} frames, ${full.wrong} wrong; ` +
        `removed: "${gone.code}" after ${gone.seconds.toFixed(1)} s; read-only: "${readOnly.code}" after ${readOnly.seconds.toFixed(1)} s; ` +
        `${slow.flushes} flushes of ${flush} s: ${slow.frames} frames, ${slow.wrong} wrong`,
      {
        'full: told': full.code === 'disk-full' || full.code === 'disk-low',
        'full: in time': full.seconds < ALARM_S,
        'full: a finished file that opens everywhere': full.files === 1 && full.opens,
        'full: whole frames, each right': full.wrong === 0 && full.frames > 48_000,
        'removed: told': gone.code === 'folder-unwritable' && gone.seconds < ALARM_S,
        'read-only: told': readOnly.code === 'folder-unwritable' && readOnly.seconds < ALARM_S,
        'no crash': [full, gone, readOnly].every(({ live }) => live),
        'slow: it was slow': slow.flushes > 0,
        'slow: nothing lost': slow.wrong === 0 && slow.take.missingFrames === 0 && slow.take.state === 'finished',
      },
    )
  },
}

interface Failed {
  readonly code: string | undefined
  readonly seconds: number
  /** The node is still listened to. */
  readonly live: boolean
}

interface Begun {
  readonly remote: Remote
  readonly key: number
  readonly id: string
}

async function begin(url: string, data: string, recordings: string, closing: Closing): Promise<Begun> {
  const remote = await openRemote({ folder: data })
  closing.defer(() => remote.served.stop())
  const key = await remote.connect(url)
  const started = await remote.screen.call('record.start', { nodes: [key], folder: recordings })
  if (!started.ok) throw new Error(started.fault.message)
  const id = started.value.takes[0]!
  await until(remote.screen, () => remote.take(id).seconds > 0.5)
  return { remote, key, id }
}

async function failure({ remote, key, id }: Begun, from: number): Promise<Failed> {
  await until(remote.screen, () => remote.take(id).fault !== undefined, 20_000)
  const seconds = since(from)
  const { code } = remote.take(id).fault!
  return { code, seconds, live: remote.node(key).presence === 'live' }
}

async function diskFull(
  url: string,
  data: string,
  closing: Closing,
): Promise<Failed & { files: number; frames: number; wrong: number; opens: boolean }> {
  const disk = await mounted(join(data, 'disk'), closing)
  const begun = await begin(url, data, disk, closing)
  const { remote, id } = begun
  let fullAt = performance.now()
  let free = Infinity
  // The last moment at which the disk still took something.
  const watch = setInterval(() => {
    void statfs(disk).then(({ bavail, bsize }) => {
      if (bavail * bsize < free) fullAt = performance.now()
      free = bavail * bsize
    })
  }, 20)
  closing.defer(() => clearInterval(watch))
  await until(remote.screen, () => remote.take(id).fault !== undefined, 20_000)
  clearInterval(watch)
  const failed = await failure(begun, fullAt)
  await until(remote.screen, () => ['failed', 'finished'].includes(remote.take(id).state), 10_000)
  const files = (await readdir(disk)).filter((name) => name.endsWith('.wav'))
  const path = join(disk, files[0] ?? 'none')
  const file = await readCountFile(path)
  return {
    ...failed,
    files: files.length,
    frames: file.frames,
    wrong: file.wrong.length,
    opens: (await complaints(path)) === '',
  }
}

async function folderGone(url: string, data: string, closing: Closing): Promise<Failed> {
  const folder = join(data, 'recordings')
  const begun = await begin(url, data, folder, closing)
  // At once: a busy machine takes its time over what is done by and by, and that is not the workstation's.
  const from = performance.now()
  rmSync(folder, { recursive: true })
  return failure(begun, from)
}

async function diskReadOnly(url: string, data: string, closing: Closing): Promise<Failed> {
  const disk = await mounted(join(data, 'disk'), closing)
  const begun = await begin(url, data, disk, closing)
  // A file system with a file open for writing is not made read-only; after an error the kernel does it all the same.
  const { remote, id } = begun
  await remote.screen.call('record.stop', { takes: [] })
  await until(remote.screen, () => remote.take(id).state === 'finished')
  execFileSync('mount', ['-o', 'remount,ro', disk])
  const from = performance.now()
  const again = await remote.screen.call('record.start', { nodes: [begun.key], folder: disk })
  return {
    code: again.ok ? undefined : again.fault.code,
    seconds: since(from),
    live: remote.node(begun.key).presence === 'live',
  }
}

async function diskSlow(
  url: string,
  data: string,
  seconds: number,
  closing: Closing,
): Promise<{ flushes: number; frames: number; wrong: number; take: TakeView }> {
  await mkdir(data, { recursive: true })
  const log = join(data, 'flushes')
  const env = preload('slow-sync', data, { FARFIELD_SYNC_SECONDS: `${seconds}`, FARFIELD_SYNC_LOG: log })
  const remote = await openRemote({ folder: data, env })
  closing.defer(() => remote.served.stop())
  const { screen } = remote
  const id = await remote.record(await remote.connect(url))
  await until(screen, () => remote.take(id).seconds > seconds + 2, 20_000)
  await screen.call('record.stop', { takes: [] })
  // Sealing flushes once more, after what is under way.
  await until(screen, () => remote.take(id).state === 'finished', 40_000)
  const take = remote.take(id)
  const file = await readCountFile(join(take.folder, basename(take.files[0]!)))
  const flushes = (await readFile(log, 'utf8')).split('\n').length - 1
  return { flushes, frames: file.frames, wrong: file.wrong.length, take }
}

/** A small file system of its own. */
async function mounted(at: string, closing: Closing): Promise<string> {
  await mkdir(at, { recursive: true })
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK}`, 'farfield-test', at])
  closing.defer(() => execFileSync('umount', ['--lazy', at]))
  return at
}
