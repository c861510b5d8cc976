/** Begins takes for a command, and goes on with those that were left unfinished. */
import { randomUUID } from 'node:crypto'
import { isAbsolute } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { CommandArgs } from '#contract/commands.ts'
import type { CalibrationView } from '#contract/state.ts'
import { frameBytes, type StreamFormat } from '#shared/pcm.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import { systemClock } from './clock.ts'
import type { ManagedNode } from './nodes.ts'
import { checkFolder, fullFault } from './recorder/disk-fault.ts'
import { checkPattern } from './recorder/names.ts'
import { roomOf, secondsIn } from './recorder/space.ts'
import { findUnfinished, type Unfinished } from './recorder/resume.ts'
import type { Session } from './session.ts'
import { RECORDING, type Workstation } from './workstation.ts'

/** Folders outside the one of the settings in which unfinished takes are looked for. */
const MAX_FOLDERS = 16
/** A node describes its ring each second. */
const MAPPED_MS = 1500
const MAPPED_LOOK_MS = 20

export async function startTakes(
  station: Workstation,
  args: CommandArgs<'record.start'>,
): Promise<Result<{ takes: readonly string[] }>> {
  const { nodes, folder, seconds, resume } = args
  const own = station.settings.value.recording ?? RECORDING
  const chosen = nodes.length > 0 ? nodes.map((key) => station.nodes.get(key)) : [...station.nodes.values()]
  const preRoll = args.preRoll ?? own.preRoll
  const sessions = chosen.flatMap((node) => (node?.session ? [node.session] : []))
  await Promise.all(sessions.map((session) => mapped(session, preRoll > 0)))
  // The moment of the click: what takes time comes after it.
  const at = { ns: systemClock.monotonicNs(), utc: Date.now(), group: randomUUID() }
  const target = folder ?? station.settings.value.recordingFolder
  if (!isAbsolute(target))
    return fail('bad-argument', `"${target}" is not a complete path. Write the folder from the root on.`)
  const choices = {
    preRoll,
    split: args.split === undefined ? own.split : args.split,
    namePattern: args.namePattern ?? own.namePattern,
    perNodeFolders: args.perNodeFolders ?? own.perNodeFolders,
  }
  const pattern = checkPattern(choices.namePattern)
  if (!pattern.ok) return pattern
  const live = chosen.filter((n): n is ManagedNode => n?.session?.presence().presence === 'live')
  const silent = chosen.find((n) => !live.includes(n!))
  if (live.length === 0 || (nodes.length > 0 && silent !== undefined))
    return fail(
      'not-connected',
      `${silent?.name ?? 'No node'} sends no sound now, so there is nothing to record. Connect a node first.`,
    )
  const folderIs = await checkFolder(target)
  if (!folderIs.ok) return folderIs
  const room = await roomOf(target)
  const pace = live.reduce((sum, { session }) => sum + bytesPerSecond(session?.streamFormat), 0)
  if (room && pace > 0 && secondsIn(room, pace) === 0) return { ok: false, fault: fullFault(target) }
  rememberFolder(station, target)
  if (resume) await resumeIn(station, target, live)
  const takes: string[] = []
  for (const node of live) {
    const format = node.session?.streamFormat
    if (!format) continue
    const { key, name, id } = node
    const software = node.session?.metadata?.software
    const calibration = calibrationLine(node.calibration.view)
    const recorded = {
      key,
      name,
      address: node.endpoint.pub,
      format,
      ...(id === undefined ? {} : { id }),
      ...(software === undefined ? {} : { software }),
      ...(calibration === undefined ? {} : { calibration }),
    }
    const started = await station.recorder.start(recorded, {
      ...at,
      folder: target,
      choices,
      ...(seconds === undefined ? {} : { seconds }),
    })
    if (!started.ok) return started
    takes.push(started.value)
  }
  return ok({ takes })
}

/**
 * Resolves when it is known which frame is captured at which moment and, for a `preRoll`, what the ring holds. A node that
 * was connected this moment tells that within milliseconds; without it a take begins with the next block.
 */
async function mapped(session: Session, preRoll: boolean): Promise<void> {
  const isKnown = (): boolean => {
    const at = session.positionAt(systemClock.monotonicNs())
    if (!at) return false
    const { ring, ringSeconds = 0 } = session.metadata ?? {}
    return !preRoll || ringSeconds === 0 || ring?.streams.some((s) => BigInt(`0x${s.id}`) === at.stream) === true
  }
  if (session.presence().presence !== 'live') return
  for (const until = Date.now() + MAPPED_MS; !isKnown() && Date.now() < until;) await setTimeout(MAPPED_LOOK_MS)
}

/** "7001234.txt, serial 7001234; 0 dBFS = 120.1 dB SPL (calibrator)": the samples themselves are as they were captured. */
function calibrationLine({ state, file, serial, spl }: CalibrationView): string | undefined {
  const filter =
    state === 'applied' && file !== undefined ? `${file}${serial === undefined ? '' : `, serial ${serial}`}` : undefined
  const level = spl && `0 dBFS = ${spl.offsetDb.toFixed(1)} dB SPL (${spl.provenance})`
  return [filter, level].filter((text) => text !== undefined).join('; ') || undefined
}

/** Goes on with every take that the last run of the program left, connecting to its node. */
export async function resumeAll(station: Workstation): Promise<void> {
  const { recordingFolder, takeFolders } = station.settings.value
  for (const folder of new Set([recordingFolder, ...(takeFolders ?? [])]))
    for (const found of await findUnfinished(folder)) {
      const node = nodeOf(station, found)
      await resumeOne(station, found, node)
      node?.connect()
    }
}

/** Unfinished takes of these nodes, which are connected. */
async function resumeIn(station: Workstation, folder: string, nodes: readonly ManagedNode[]): Promise<void> {
  for (const found of await findUnfinished(folder)) {
    const node = nodes.find((n) => isOf(found, n))
    if (node) await resumeOne(station, found, node)
  }
}

async function resumeOne(station: Workstation, found: Unfinished, node: ManagedNode | undefined): Promise<void> {
  try {
    await station.recorder.resume(found, node?.key ?? NO_NODE)
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? String(error)
    const message = `The unfinished recording ${found.path} could not be continued (${why}). Its files stay as they are.`
    station.notify({ code: 'folder-unwritable', message })
  }
}

/** Of a take whose node is not one to connect to, such as the demo's: it is finished with what there is. */
const NO_NODE = -1

/** The node of an unfinished take, put on the list if it is not there. */
function nodeOf(station: Workstation, found: Unfinished): ManagedNode | undefined {
  const known = [...station.nodes.values()].find((n) => isOf(found, n))
  const { address, id, name } = found.state.take.node
  if (known || !address.startsWith('tcp:')) return known
  const added = station.nodes.add({ address, name, connected: true, ...(id === undefined ? {} : { id }) })
  return added.ok ? added.value : undefined
}

function isOf({ state }: Unfinished, node: ManagedNode): boolean {
  const { id, address } = state.take.node
  return id !== undefined && node.id !== undefined ? id === node.id : address === node.endpoint.pub
}

function bytesPerSecond(format: StreamFormat | undefined): number {
  return format ? frameBytes(format) * format.rate : 0
}

function rememberFolder(station: Workstation, folder: string): void {
  const { recordingFolder, takeFolders = [] } = station.settings.value
  if (station.options.remember === false || folder === recordingFolder || takeFolders[0] === folder) return
  station.settings.set({ takeFolders: [folder, ...takeFolders.filter((f) => f !== folder)].slice(0, MAX_FOLDERS) })
}
