/** The title of the window or tab says what matters where the screen itself is not seen. */
import { useEffect } from 'react'
import type { WorkstationState } from '#contract/state.ts'
import { isRunning } from './takes/words.ts'

const NAME = 'Farfield'

/** "1 lost, ● 2 recording – Farfield": what is worst goes first, because titles are cut off. */
export function windowTitle(state: WorkstationState | undefined, connected: boolean): string {
  if (!state) return NAME
  if (!connected) return `No connection – ${NAME}`
  const lost = state.nodes.filter(({ presence }) => presence === 'lost').length
  const recording = state.takes.filter(isRunning).length
  const said = [...(lost > 0 ? [`${lost} lost`] : []), ...(recording > 0 ? [`● ${recording} recording`] : [])]
  return said.length > 0 ? `${said.join(', ')} – ${NAME}` : NAME
}

export function useWindowTitle(state: WorkstationState | undefined, connected: boolean): void {
  const title = windowTitle(state, connected)
  useEffect(() => {
    document.title = title
  }, [title])
}
