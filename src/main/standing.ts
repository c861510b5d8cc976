/** What the system is told of the workstation: not to sleep while it records, and how many nodes are lost. */
import { app, powerSaveBlocker } from 'electron'
import type { WorkstationState } from '#contract/state.ts'
import type { Disposable } from '#shared/lifecycle.ts'

export interface Watched {
  recording(): boolean
  state(): WorkstationState
  onState(listener: () => void): Disposable
}

export function tellTheSystem(workstation: Watched): void {
  let blocker: number | undefined
  let lost = 0
  const look = (): void => {
    const recording = workstation.recording()
    if (recording && blocker === undefined) blocker = powerSaveBlocker.start('prevent-app-suspension')
    else if (!recording && blocker !== undefined) {
      powerSaveBlocker.stop(blocker)
      blocker = undefined
    }
    const now = workstation.state().nodes.filter(({ presence }) => presence === 'lost').length
    if (now !== lost) app.setBadgeCount(now)
    lost = now
  }
  workstation.onState(look)
  look()
}
