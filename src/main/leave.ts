/** One way out, whoever asks: the window's close button, the menu, the system, a signal. */
import { app, dialog, type BrowserWindow } from 'electron'

export interface Running {
  recording(): boolean
  /** Finishes the files and closes the connections. */
  close(): Promise<void>
  readonly log: (line: string) => void
}

/** A disk that hangs must not keep the program from ending; the recording's journal makes the file finishable later. */
const CLOSE_LIMIT_MS = 10_000

export function guardLeaving(window: BrowserWindow, running: Running): void {
  let leaving = false

  const leave = async (ask: boolean): Promise<void> => {
    if (leaving) return
    leaving = true
    if (ask && running.recording() && !(await confirm(window))) {
      leaving = false
      return
    }
    try {
      await within(CLOSE_LIMIT_MS, running.close())
    } catch (error) {
      running.log(`not everything was closed: ${String(error)}`)
    }
    app.exit(0)
  }

  window.on('close', (event) => {
    event.preventDefault()
    void leave(true)
  })
  app.on('before-quit', (event) => {
    event.preventDefault()
    void leave(true)
  })
  // Nobody may be there to answer a question.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void leave(false))
}

async function confirm(window: BrowserWindow): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message: 'A recording is running. Stop it and quit?',
    detail: 'The file is finished and kept.',
    buttons: ['Stop and quit', 'Keep recording'],
    defaultId: 1,
    cancelId: 1,
  })
  return response === 0
}

function within(ms: number, work: Promise<void>): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`still busy after ${ms / 1000} s`)), ms)
  return Promise.race([work, promise]).finally(() => clearTimeout(timer))
}
