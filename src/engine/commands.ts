/** What each command of the contract does. Arguments were checked by the contract; here is only what can go wrong in doing. */
import { isAbsolute } from 'node:path'
import type { CommandHandlers } from '#contract/commands.ts'
import type { FoundNode } from '#contract/state.ts'
import { parseCalibration } from '#dsp/calibration-file.ts'
import { fail, ok, type Fault, type Result } from '#shared/result.ts'
import { scan } from './discovery.ts'
import { checkFolder } from './recorder/take.ts'
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
      const node = station.addNode({ address, connected: true })
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
        if (station.recorder.takeOf(node)) return recordingFault(n)
        n.disconnect()
        station.remembered()
        return ok(null)
      }),

    'node.remove': ({ node }) =>
      withNode(node, (n) => {
        if (station.recorder.takeOf(node)) return recordingFault(n)
        station.removeNode(node)
        return ok(null)
      }),

    'demo.start': async () => {
      const endpoint = await station.demo()
      if (!endpoint.ok) return endpoint
      const node = station.addNode({ address: endpoint.value, name: 'Demo', connected: true })
      if (!node.ok) return node
      node.value.connect()
      station.changed()
      return ok({ key: node.value.key })
    },

    'record.start': async ({ nodes, folder, seconds }) => {
      const target = folder ?? station.settings.value.recordingFolder
      if (!isAbsolute(target))
        return fail('bad-argument', `"${target}" is not a complete path. Write the folder from the root on.`)
      const chosen = nodes.length > 0 ? nodes.map((key) => station.nodes.get(key)) : [...station.nodes.values()]
      const live = chosen.filter((n): n is ManagedNode => n?.session?.presence().presence === 'live')
      const silent = chosen.find((n) => !live.includes(n!))
      if (live.length === 0 || (nodes.length > 0 && silent !== undefined))
        return fail(
          'not-connected',
          `${silent?.name ?? 'No node'} sends no sound now, so there is nothing to record. Connect a node first.`,
        )
      const folderIs = await checkFolder(target)
      if (!folderIs.ok) return folderIs
      // In one turn of the loop, so that the takes begin together.
      const takes = live.flatMap((n) => {
        const format = n.session?.streamFormat
        return format ? [station.recorder.start(n.key, n.name, format, target, seconds)] : []
      })
      return ok({ takes })
    },

    'record.stop': async ({ takes }) => {
      await station.recorder.stop(takes)
      return ok(null)
    },

    'record.finish': async () => ok(null),

    'record.mark': async () => fail('not-found', 'Nothing is being recorded, so there is nothing to mark.'),

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

    'meters.reset': ({ node }) =>
      withNode(node, (n) => {
        n.metering.reset()
        return ok(null)
      }),

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

    'settings.set': async (change) => {
      const { recordingFolder } = change
      if (recordingFolder !== undefined && !isAbsolute(recordingFolder))
        return fail('bad-argument', `"${recordingFolder}" is not a complete path. Write the folder from the root on.`)
      station.settings.set(change)
      station.changed()
      return ok(null)
    },

    'notice.dismiss': async ({ id }) => {
      station.dismiss(id)
      return ok(null)
    },
  }
}

function recordingFault(node: ManagedNode): Result<null> {
  return fail('busy', `${node.name} is being recorded. Stop the recording first.`)
}
