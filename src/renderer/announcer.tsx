/** Says for those who hear the screen what others see change: a node's state, a recording's beginning and end. */
import { useEffect, useRef, useState } from 'react'
import type { WorkstationState } from '#contract/state.ts'
import { PRESENCE_WORDS } from './format.ts'
import { isRunning } from './takes.ts'

export function Announcer({ state }: { readonly state: WorkstationState }) {
  const before = useRef<WorkstationState>(undefined)
  const [text, setText] = useState('')
  useEffect(() => {
    const news = before.current ? changes(before.current, state) : []
    before.current = state
    if (news.length > 0) setText(news.join(' '))
  }, [state])
  return (
    <p className="unseen" role="status">
      {text}
    </p>
  )
}

function changes(before: WorkstationState, now: WorkstationState): string[] {
  const news: string[] = []
  for (const node of now.nodes) {
    const old = before.nodes.find((n) => n.key === node.key)
    if (old?.presence !== node.presence) news.push(`${node.name}: ${PRESENCE_WORDS[node.presence]}.`)
  }
  for (const take of now.takes) {
    const old = before.takes.find((t) => t.id === take.id)
    if (isRunning(take) && !old) news.push(`Recording ${take.name}.`)
    if (!isRunning(take) && old && isRunning(old))
      news.push(take.state === 'failed' ? `Recording of ${take.name} failed.` : `Recording of ${take.name} finished.`)
  }
  return news
}
