/** What toolbar, empty state and keyboard can do: one place, so that each way to ask does the same. */
import { useContext, useMemo } from 'react'
import type { MarkName } from '#contract/commands.ts'
import type { NodeView, TakeView, WorkstationState } from '#contract/state.ts'
import { takeSnapshot } from './export/snapshot.ts'
import { plural } from './format.ts'
import { TellerContext, useRun, useWorkstation } from './hooks.ts'
import type { Doing } from './shortcuts/keys.ts'
import { isRunning, stopLines, stopSummary } from './takes/words.ts'

/** What is asked about first while the node is being recorded. */
export type Leaving = 'disconnect' | 'remove'
export type DialogName = 'scan' | 'add' | 'record' | 'settings' | 'shortcuts' | Leaving

/** A marker that was asked for at a moment (ms since 1970), in one take or several, under a label of the program. */
export interface Marked {
  /** When it is set; undefined where it could not be. */
  readonly marks: Promise<readonly MarkName[] | undefined>
  readonly label: string
  readonly at: number
}

export interface Actions {
  readonly open: (dialog: DialogName) => void
  /** All nodes at a glance, or one. */
  readonly toggleOverview: () => void
  readonly toggleWall: () => void
  readonly startDemo: () => void
  readonly connect: (node: NodeView) => void
  /** At once, with a way back; but a node that is being recorded is asked about. */
  readonly leave: (node: NodeView, leaving: Leaving) => void
  /** After the answer: its recording is stopped, and then it is left. */
  readonly stopAndLeave: (node: NodeView, leaving: Leaving) => void
  /** Empty: every live node. */
  readonly record: (nodes: readonly number[]) => void
  /** Empty: every running take. */
  readonly stop: (takes: readonly string[]) => void
  /** Takes that wait for missing sound are finished without it. */
  readonly finish: (takes: readonly string[]) => void
  /** A marker in every running take. */
  readonly mark: () => void
  /** Takes ended takes off the list, with a way back. */
  readonly removeTakes: (takes: readonly TakeView[]) => void
  /** What keys and the menu of the host ask for. */
  readonly doing: Doing
}

export function canRecord(state: WorkstationState): boolean {
  return state.nodes.some((node) => node.presence === 'live' && !node.take)
}

export function canStop(state: WorkstationState): boolean {
  return state.takes.some(isRunning)
}

export interface Places extends Pick<Actions, 'open' | 'toggleOverview' | 'toggleWall'> {
  readonly select: (key: number) => void
  /** The marker may get a label of the person. */
  readonly marked: (marked: Marked) => void
  /** The details of a take, or the list of takes. */
  readonly showTake: (take: string | undefined) => void
}

export function useActions({ select, marked, showTake, open, toggleOverview, toggleWall }: Places): Actions {
  const run = useRun()
  const workstation = useWorkstation()
  const teller = useContext(TellerContext)
  return useMemo(() => {
    const takes = (): WorkstationState['takes'] => workstation.snapshot().state?.takes ?? []
    const may = (allowed: (state: WorkstationState) => boolean): boolean => {
      const { state } = workstation.snapshot()
      return state !== undefined && allowed(state)
    }
    const record = (nodes: readonly number[]): void => void run('record.start', { nodes })
    const stop = async (wanted: readonly string[]): Promise<void> => {
      const ids = new Set(
        takes()
          .filter((take) => isRunning(take) && (wanted.length === 0 || wanted.includes(take.id)))
          .map((take) => take.id),
      )
      const done = await run('record.stop', { takes: wanted })
      const ended = takes().filter((take) => ids.has(take.id))
      if (done === undefined || ended.length === 0) return
      const [only] = ended.length === 1 ? ended : []
      const act = (): void => showTake(only?.id)
      const how = ended.some((take) => take.state === 'failed' || take.missingFrames > 0) ? 'loss' : 'done'
      teller[how](stopSummary(ended), { of: 'stop', words: 'Show', act }, stopLines(ended))
    }
    const mark = async (): Promise<void> => {
      const running = takes().filter(isRunning)
      const number = 1 + Math.max(0, ...running.map((take) => take.markers.length))
      const label = `Marker ${number}`
      const marks = run('record.mark', { takes: [], label }).then((done) => done?.marks)
      // At once: what is typed next is its label.
      marked({ marks, label, at: Date.now() })
      const done = await marks
      if (done !== undefined) teller.done(`${label} set in ${plural(done.length, 'recording')}.`)
    }
    const removeTakes = async (ended: readonly TakeView[]): Promise<void> => {
      const ids = ended.map(({ id }) => id)
      const done = await run('take.remove', { takes: ids })
      if (done === undefined) return
      const what = ended.length === 1 ? `The recording of ${ended[0]!.name}` : plural(ended.length, 'recording')
      const sentence = `${what} is off the list. ${ended.length === 1 ? 'Its' : 'Their'} files stay where they are.`
      teller.done(sentence, { of: `takes ${ids.join()}`, act: () => void run('take.restore', { takes: ids }) })
    }
    const startDemo = async (): Promise<void> => {
      const added = await run('demo.start', {})
      if (added) select(added.key)
    }
    const leave = async ({ key, name }: NodeView, leaving: Leaving): Promise<void> => {
      if (leaving === 'disconnect') return void (await run('node.disconnect', { node: key }))
      const restore = async (): Promise<void> => {
        if ((await run('node.restore', { node: key })) !== undefined) select(key)
      }
      if ((await run('node.remove', { node: key })) !== undefined)
        teller.done(`${name} is removed. The node itself goes on.`, { of: `node ${key}`, act: () => void restore() })
    }
    const stopAndLeave = async (node: NodeView, leaving: Leaving): Promise<void> => {
      if (node.take !== undefined) await stop([node.take])
      await leave(node, leaving)
    }
    return {
      open,
      toggleOverview,
      toggleWall,
      record,
      startDemo: () => void startDemo(),
      connect: ({ key }) => void run('node.connect', { node: key }),
      leave: (node, leaving) => (node.take === undefined ? void leave(node, leaving) : open(leaving)),
      stopAndLeave: (node, leaving) => void stopAndLeave(node, leaving),
      stop: (wanted) => void stop(wanted),
      finish: (wanted) => void run('record.finish', { takes: wanted }),
      mark: () => void mark(),
      removeTakes: (ended) => void removeTakes(ended),
      doing: {
        record: () => void (may(canRecord) && record([])),
        choose: () => void (may(canRecord) && open('record')),
        stop: () => void (may(canStop) && stop([])),
        mark: () => void (may(canStop) && void mark()),
        scan: () => open('scan'),
        add: () => open('add'),
        overview: toggleOverview,
        wall: toggleWall,
        snapshot: () => void takeSnapshot(workstation, teller),
        settings: () => open('settings'),
        shortcuts: () => open('shortcuts'),
      },
    }
  }, [run, workstation, teller, select, marked, showTake, open, toggleOverview, toggleWall])
}
