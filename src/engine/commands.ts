/** What each command of the contract does. Arguments were checked by the contract; here is only what can go wrong in doing. */
import { access } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import type { CommandHandlers } from '#contract/commands.ts'
import type { FoundNode } from '#contract/state.ts'
import { parseCalibration } from '#dsp/calibration-file.ts'
import { fail, ok, type Fault, type Result } from '#shared/result.ts'
import { scan } from './discovery.ts'
import { checkPattern } from './recorder/names.ts'
import { startTakes } from './recording.ts'
import type { ManagedNode } from './nodes.ts'
import type { Workstation } from './workstation.ts'

export function createHandlers(station: Workstation): CommandHandlers {
  const withNode = async (
    key: number,
    act: (node: ManagedNode) => Result<null> | Promise<Result<null>>,
  ): Promise<Result<null>> => {
    const node = station.nodes.get(key)
    return node ? act(node) : fail('not-found', 'This node is not in the list any more.')
  }

  return {
    scan: async ({ seconds }) => {
      if (station.scanView.running) return fail('busy', 'A search is running already.')
      const found = new Map<string, FoundNode>()
      const show = (running: boolean, fault?: Fault): void => {
        station.showScan({
          running,
          found: [...found.values()],
          ...(running ? {} : { endedAt: Date.now() }),
          ...(fault ? { fault } : {}),
        })
      }
      show(true)
      const result = await scan(seconds, station.options.scanInterfaces ?? [], (node) => {
        // A node answers on each of its networks; the first answer came by the shortest way.
        if (found.has(node.id)) return
        found.set(node.id, node)
        station.adopt(node)
        show(true)
      })
      show(false, result.ok ? undefined : result.fault)
      return result
    },

    'node.add': async ({ address }) => {
      const node = station.nodes.add({ address, connected: true })
      if (!node.ok) return node
      node.value.connect()
      station.remembered()
      return ok({ key: node.value.key })
    },

    'node.connect': ({ node }) =>
      withNode(node, (n) => {
        n.connect()
        station.remembered()
        return ok(null)
      }),

    'node.disconnect': ({ node }) =>
      withNode(node, (n) => {
        const busy = recordingFault(station, n)
        if (busy) return busy
        n.disconnect()
        station.remembered()
        return ok(null)
      }),

    'node.remove': ({ node }) =>
      withNode(node, (n) => {
        const busy = recordingFault(station, n)
        if (busy) return busy
        station.nodes.remove(node)
        station.remembered()
        return ok(null)
      }),

    'node.restore': async ({ node }) => {
      const back = station.nodes.restore(node)
      if (back.ok) station.remembered()
      return back
    },

    'demo.start': async () => {
      const endpoint = await station.demo()
      if (!endpoint.ok) return endpoint
      const node = station.nodes.add({ address: endpoint.value, name: 'Demo', connected: true })
      if (!node.ok) return node
      node.value.connect()
      station.changed()
      return ok({ key: node.value.key })
    },

    'record.start': (args) => startTakes(station, args),

    'record.stop': async ({ takes }) => {
      await station.recorder.stop(takes)
      return ok(null)
    },

    'record.finish': async ({ takes }) => {
      await station.recorder.finish(takes)
      return ok(null)
    },

    'record.mark': async ({ takes, label }) => {
      const marks = station.recorder.mark(takes, label)
      return marks.length > 0
        ? ok({ marks })
        : fail('not-found', 'Nothing is being recorded, so there is nothing to mark.')
    },

    'record.label': async ({ marks, label }) =>
      station.recorder.label(marks, label) > 0
        ? ok(null)
        : fail('not-found', 'The recording is finished, and its markers are in its file with the labels they had.'),

    'take.verify': async ({ take }) => {
      const verified = await station.recorder.ended.verify(take)
      return verified.ok ? ok({ files: verified.value }) : verified
    },

    'take.remove': async ({ takes }) => station.recorder.ended.list(takes, false),
    'take.restore': async ({ takes }) => station.recorder.ended.list(takes, true),

    'take.reveal': async ({ take, file }) => {
      const path = station.recorder.ended.pathOf(take, file)
      if (!path.ok) return path
      const { reveal } = station.options
      if (!reveal) return fail('bad-command', 'Only the desktop program shows files in their folder.')
      if (await isMissing(path.value))
        return fail('file-missing', `${path.value} is not there any more. It was moved, renamed or deleted.`)
      reveal(path.value)
      return ok(null)
    },

    'calibration.load': ({ node, file, text }) =>
      withNode(node, (n) => {
        const parsed = parseCalibration(text)
        if (!parsed.ok) return fail('bad-calibration', `${file}: ${parsed.fault.message}`)
        n.calibrate({ file, text })
        station.remembered()
        return ok(null)
      }),

    'calibration.clear': ({ node }) =>
      withNode(node, (n) => {
        n.calibrate(undefined)
        station.remembered()
        return ok(null)
      }),

    'calibration.curves': async ({ node }) => {
      const known = station.nodes.get(node)
      if (!known) return fail('not-found', 'This node is not in the list any more.')
      const { curves } = known.calibration
      return curves ? ok(curves) : fail('not-found', `The microphone of ${known.name} is not corrected.`)
    },

    'calibration.undo': ({ node }) =>
      withNode(node, (n) => {
        const undone = n.calibration.undo()
        if (undone.ok) station.remembered()
        return undone
      }),

    'spl.convention': ({ node, convention }) => withNode(node, (n) => station.shown(n.calibration.choose(convention))),

    'spl.offset': ({ node, db }) => withNode(node, (n) => station.shown(n.calibration.type(db))),

    'spl.clear': ({ node }) => withNode(node, (n) => station.shown(n.calibration.forget())),

    'calibrator.start': ({ node, level }) =>
      withNode(node, (n) => {
        if (n.session?.presence().presence !== 'live')
          return fail('not-connected', `${n.name} sends no sound now, so there is nothing to hear. Connect it first.`)
        n.calibration.startCheck(level)
        return station.shown(ok(null))
      }),

    'calibrator.use': ({ node }) => withNode(node, (n) => station.shown(n.calibration.useCheck())),

    'calibrator.cancel': ({ node }) =>
      withNode(node, (n) => {
        n.calibration.endCheck()
        return station.shown(ok(null))
      }),

    'meters.reset': ({ node, meter }) => withNode(node, (n) => n.metering.reset(meter)),

    'meters.pause': ({ node, paused }) =>
      withNode(node, (n) => {
        n.metering.pause(paused)
        station.changed()
        return ok(null)
      }),

    'meters.choose': ({ node, meter, settings }) =>
      withNode(node, (n) => {
        const chosen = n.metering.choose(meter, settings)
        if (chosen.ok) station.remembered()
        return chosen
      }),

    'history.query': async ({ node, ...query }) => {
      const known = station.nodes.get(node)
      if (!known) return fail('not-found', 'This node is not in the list any more.')
      return ok(await station.histories.query(known.id, query))
    },

    'link.history': async ({ node, since }) => {
      const known = station.nodes.get(node)
      return known ? ok(known.linkHistory(since)) : fail('not-found', 'This node is not in the list any more.')
    },

    'settings.set': async (change) => {
      const { recordingFolder, recording } = change
      if (recordingFolder !== undefined && !isAbsolute(recordingFolder))
        return fail('bad-argument', `"${recordingFolder}" is not a complete path. Write the folder from the root on.`)
      const pattern = checkPattern(recording?.namePattern ?? '')
      if (!pattern.ok) return pattern
      station.settings.set(change)
      station.recorder.watchRoom(station.settings.value.recordingFolder)
      station.changed()
      return ok(null)
    },

    'folder.choose': async ({ from }) => {
      const { chooseFolder } = station.options
      if (!chooseFolder) return fail('bad-command', 'Only the desktop program has a dialog for folders.')
      const folder = await chooseFolder(from)
      return ok(folder === undefined ? {} : { folder })
    },

    'notice.dismiss': async ({ id }) => {
      station.dismiss(id)
      return ok(null)
    },
  }
}

function recordingFault(station: Workstation, node: ManagedNode): Result<null> | undefined {
  if (station.recorder.takeOf(node.key))
    return fail('busy', `${node.name} is being recorded. Stop the recording first.`)
  if (station.recorder.repairing(node.key))
    return fail('busy', `A recording of ${node.name} waits for sound that is missing. Finish it first.`)
  return undefined
}

async function isMissing(path: string): Promise<boolean> {
  return access(path).then(
    () => false,
    () => true,
  )
}
