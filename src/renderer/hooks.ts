/** How components reach the workstation. */
import { createContext, useContext, useEffect, useMemo, useSyncExternalStore } from 'react'
import type { CommandArgs, CommandName, CommandValue } from '#contract/commands.ts'
import type { NodeView, Presence } from '#contract/state.ts'
import type { DrawSource, Feed } from '#meters/draw/view.ts'
import type { StreamShape } from '#meters/meter.ts'
import { METERS } from '#meters/registry.ts'
import type { Fault, Result } from '#shared/result.ts'
import { PRESENCE_WORDS } from './format.ts'
import type { Snapshot, Workstation } from './workstation.ts'

export const WorkstationContext = createContext<Workstation | undefined>(undefined)

export function useWorkstation(): Workstation {
  const workstation = useContext(WorkstationContext)
  if (!workstation) throw new Error('no workstation above this component')
  return workstation
}

export function useSnapshot(): Snapshot {
  const workstation = useWorkstation()
  return useSyncExternalStore(workstation.subscribe, workstation.snapshot)
}

/** Shows a message to the person: what went wrong, or what was done. */
export interface Teller {
  fault(fault: Fault): void
  /** `lines`: more about it, each on a line of its own. */
  done(message: string, offer?: Offer, lines?: readonly string[]): void
  /** Done, and not all is well. */
  loss(message: string, offer?: Offer, lines?: readonly string[]): void
}

/** What can be done next: the way back, or a look at it. */
export interface Offer {
  /** What it is about: a later notice about the same takes the place of this one, whose way back has ended. */
  readonly of: string
  /** On the button: "Undo" where absent. */
  readonly words?: string
  readonly act: () => void
}

export const TellerContext = createContext<Teller>({ fault: () => {}, done: () => {}, loss: () => {} })

/** Runs a command and shows its fault as a notice. Resolves to the value, or undefined for a fault. */
export type Run = <N extends CommandName>(name: N, args: CommandArgs<N>) => Promise<CommandValue<N> | undefined>

export function useRun(): Run {
  const workstation = useWorkstation()
  const teller = useContext(TellerContext)
  return useMemo(
    () => async (name, args) => {
      const result: Result<CommandValue<typeof name>> = await workstation.call(name, args)
      if (result.ok) return result.value
      teller.fault(result.fault)
      return undefined
    },
    [workstation, teller],
  )
}

/** The way back from the last change of a node's calibration. */
export function useCalibrationUndo(node: number): Offer {
  const run = useRun()
  return useMemo(() => ({ of: `calibration ${node}`, act: () => void run('calibration.undo', { node }) }), [run, node])
}

/** What a node's presence is called; nobody knows it while there is no workstation. */
export function usePresenceWord(presence: Presence): string {
  const { subscribe, snapshot } = useWorkstation()
  const lost = useSyncExternalStore(subscribe, () => snapshot().connection === 'lost')
  return lost ? 'Not known' : PRESENCE_WORDS[presence]
}

export function useSource(node: number): DrawSource {
  const { painter } = useWorkstation()
  return useMemo(() => painter.source(node), [painter, node])
}

/** The feed stays the same object while node, meter, shape and offset do. */
export function useFeed(node: NodeView, meter: string, { rate, channels }: StreamShape): Feed {
  const { painter } = useWorkstation()
  const { key } = node
  const { offsetDb: splOffset, estimate: splEstimate } = node.calibration.spl ?? {}
  const shape = useMemo(() => ({ rate, channels }), [rate, channels])
  return useMemo(
    () => painter.feed(key, METERS, meter, shape, { splOffset, splEstimate }),
    [painter, key, meter, shape, splOffset, splEstimate],
  )
}

/** Has the node's pictures of the moment computed while this is on screen: those of `meters`, the same list while it holds the same. */
export function useWatched(node: number, meters: readonly string[]): void {
  const workstation = useWorkstation()
  useEffect(() => {
    workstation.watch({ node, meters })
    return () => workstation.watch(undefined)
  }, [workstation, node, meters])
}
