/** Says for those who hear the screen what others see change: a node's state, what endangers its sound, a recording's beginning and end. */
import { useEffect, useRef, useState } from 'react'
import type { WorkstationState } from '#contract/state.ts'
import { PRESENCE_WORDS } from './format.ts'
import { isRunning } from './takes/words.ts'

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
    for (const { code, message } of node.link.warnings)
      if (!old?.link.warnings.some((warning) => warning.code === code)) news.push(message)
  }
  for (const take of now.takes) {
    const old = before.takes.find((t) => t.id === take.id)
    if (isRunning(take) && !old) news.push(`Recording ${take.name}.`)
    if (!old || old.state === take.state) continue
    if (take.state === 'repairing') news.push(`Recording of ${take.name} stopped; it waits for missing sound.`)
    if (take.state === 'failed') news.push(`Recording of ${take.name} failed.`)
    if (take.state === 'finished')
      news.push(`Recording of ${take.name} finished. ${take.verdict?.sentence ?? ''}`.trim())
  }
  return news
}
