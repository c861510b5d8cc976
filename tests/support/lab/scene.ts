/** A node on another computer, a workstation on this one, and a take of the counting signal over the link between them. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TakeView } from '#contract/state.ts'
import type { Certificate } from '#engine/recorder/certificate.ts'
import type { Closing } from '../closing.ts'
import { readCountFile, tally, type CountFile } from '../count-file.ts'
import { startNodeProcess, type NodeProcess } from '../node-process.ts'
import { openRemote, type Remote } from '../remote.ts'
import { until } from '../station.ts'
import { openComputer, type Computer } from './lab.ts'
import type { LinkSettings } from './link.ts'

/** Frames a second, and bits a second of sound (s32, 2 channels), of every node of the lab. */
export const RATE = 48_000
export const BITRATE = RATE * 2 * 32

export interface Place {
  readonly computer: Computer
  /** The one that runs now. */
  readonly node: NodeProcess
  readonly key: number
  /** Where the meters of this node are, as a screen sees them. */
  readonly heard: Heard
  /** Starts the node again, after it ended, and resolves when it is ready. */
  restart(): Promise<void>
}

export interface Heard {
  /** Of the newest frame metered: position, and ms since 1970 at which it was captured. */
  readonly position: number
  readonly capturedAt: number
  /** By how much the meters were behind the capture when their last reading came, ms; both clocks are this computer's. */
  readonly behindMs: number
}

export interface Scene {
  readonly remote: Remote
  readonly places: readonly Place[]
  /** Resolves when the meters show sound that was captured after `utcMs`. */
  hears(place: Place, utcMs: number, ms?: number): Promise<void>
  /** Of each place, while it is recorded. */
  takeOf(place: Place): TakeView
  /** Starts one take over all places and resolves when sound is in every file. */
  record(): Promise<void>
  /** Stops it and resolves with the files, in the order of the places, when nothing more is done to them. */
  finish(ms?: number): Promise<readonly Recorded[]>
}

export interface Recorded {
  readonly take: TakeView
  readonly paths: readonly string[]
  readonly files: readonly CountFile[]
  /** Frames of all files: the source's, silent ones in place of others, and ones that the source did not make there. */
  readonly frames: number
  readonly silent: number
  readonly wrong: number
  /** The certificates name exactly the silent frames as lost, each in its place. */
  readonly told: boolean
  /** What they say of each gap. */
  readonly gaps: readonly string[]
}

export interface SceneOptions {
  readonly folder: string
  readonly closing: Closing
  /** Default one. */
  readonly places?: number
  /** In force before anything connects. */
  readonly link?: LinkSettings
  readonly nodeArgs?: readonly string[]
}

/** Name and id of a place's node. */
export function placeId(place: number): string {
  return `place-${place}`
}

export async function openScene(options: SceneOptions): Promise<Scene> {
  const { closing, folder, link = {}, nodeArgs = [] } = options
  const remote = await openRemote({ folder })
  closing.defer(() => remote.served.stop())
  const { screen } = remote
  const places: Place[] = []
  for (let i = 0; i < (options.places ?? 1); i++) {
    const computer = await openComputer()
    closing.defer(() => computer.close())
    await computer.link.set(link)
    const netns = { name: computer.name, host: computer.address }
    const args = ['--source', 'tone:count', '--name', placeId(i), '--id', placeId(i), ...nodeArgs]
    const start = (): Promise<NodeProcess> => startNodeProcess(args, { port: 5555, netns })
    let node = await start()
    closing.defer(() => node.stop())
    const heard = { position: 0, capturedAt: 0, behindMs: 0 }
    const added = await screen.call('node.add', { address: node.url })
    if (!added.ok) throw new Error(added.fault.message)
    const { key } = added.value
    screen.onFrame((frame) => {
      const told = frame.nodes.find((n) => n.key === key)
      if (!told) return
      heard.position = told.position
      heard.capturedAt = told.capturedAt
      heard.behindMs = Date.now() - told.capturedAt
    })
    places.push({
      computer,
      key,
      heard,
      get node() {
        return node
      },
      async restart() {
        node = await start()
      },
    })
  }
  const isThere = ({ key }: Place): boolean => remote.node(key).presence === 'live' && remote.node(key).id !== undefined
  await until(screen, () => places.every(isThere), 15_000)
  let ids: readonly string[] = []
  const takeOf = (place: Place): TakeView => remote.take(ids[places.indexOf(place)]!)
  return {
    remote,
    places,
    takeOf,
    hears: ({ heard, node }, utcMs, ms = 60_000) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`no sound of ${node.url} within ${ms} ms`)), ms)
        const frames = screen.onFrame(() => {
          if (heard.capturedAt <= utcMs) return
          clearTimeout(timer)
          void frames.dispose()
          resolve()
        })
      }),
    async record() {
      const started = await screen.call('record.start', { nodes: places.map((p) => p.key) })
      if (!started.ok) throw new Error(started.fault.message)
      ids = places.map(({ key }) => started.value.takes.find((id) => remote.take(id).node === key)!)
      await until(screen, () => places.every((p) => takeOf(p).seconds > 0.2))
    },
    async finish(ms = 30_000) {
      await screen.call('record.stop', { takes: [] })
      await until(screen, () => places.every((p) => ['finished', 'failed'].includes(takeOf(p).state)), ms)
      return Promise.all(places.map((p) => recorded(takeOf(p))))
    },
  }
}

async function recorded(take: TakeView): Promise<Recorded> {
  const paths = take.files.map((name) => join(take.folder, name))
  const files = await Promise.all(paths.map((path) => readCountFile(path)))
  const sum = (of: (file: CountFile) => number): number => files.reduce((total, file) => total + of(file), 0)
  const certificates = await Promise.all(paths.map(certificateOf))
  return {
    take,
    paths,
    files,
    frames: sum((file) => file.frames),
    silent: sum((file) => tally(file).silent),
    wrong: sum((file) => tally(file).other),
    told: certificates.every((certificate, i) => isTold(certificate, files[i]!)),
    gaps: certificates.flatMap((certificate) => certificate.gaps.map((gap) => gap.sentence)),
  }
}

async function certificateOf(path: string): Promise<Certificate> {
  return JSON.parse(await readFile(`${path}.json`, 'utf8')) as Certificate
}

function isTold({ gaps }: Certificate, file: CountFile): boolean {
  // Lost in one place for two reasons are two gaps, and one silence.
  const told: { at: number; frames: number }[] = []
  for (const { frame, frames } of gaps) {
    const last = told.at(-1)
    if (last && last.at + last.frames === frame) last.frames += frames
    else told.push({ at: frame, frames })
  }
  const silent = file.wrong.filter((run) => run.kind === 'silence')
  return (
    told.length === silent.length &&
    silent.every(({ at, frames }, i) => told[i]!.at === at && told[i]!.frames === frames)
  )
}

/** A take that goes on for so long. */
export function pass(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000))
}
