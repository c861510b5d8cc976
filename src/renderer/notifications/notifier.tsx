import { useEffect, useRef } from 'react'
import type { WorkstationState } from '#contract/state.ts'
import { isTold, newsOf } from './news.ts'
import { permission, useWanted } from './permission.ts'

export interface NotifierProps {
  readonly state: WorkstationState
  readonly onShow: (node: number) => void
}

/** Shows notifications of the system while the person looks elsewhere. */
export function Notifier({ state, onShow }: NotifierProps) {
  const before = useRef<WorkstationState>(undefined)
  const [lost] = useWanted('lost')
  const [finished] = useWanted('finished')
  const [disk] = useWanted('disk')
  useEffect(() => {
    const news = before.current ? newsOf(before.current, state) : []
    before.current = state
    if (permission() !== 'granted') return
    const looking = !document.hidden && document.hasFocus()
    for (const one of news) {
      if (!isTold(one, { lost, finished, disk }, looking)) continue
      // Of two pages of the same browser one is enough.
      const shown = new Notification(one.title, { body: one.body, tag: `farfield ${one.kind} ${one.title}` })
      shown.addEventListener('click', () => {
        window.focus()
        if (one.node !== undefined) onShow(one.node)
        shown.close()
      })
    }
  }, [state, lost, finished, disk, onShow])
  return null
}
