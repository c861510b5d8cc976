/** Whether the browser lets this page show notifications, and which the person wants. */
import { useState, useSyncExternalStore } from 'react'
import { useRemembered } from '#meters/draw/remembered.ts'
import { Emitter } from '#shared/lifecycle.ts'
import type { NewsKind } from './news.ts'

/** `default`: nobody was asked yet. `absent`: the browser has none, or none for a page that came over plain http. */
export type Permission = NotificationPermission | 'absent'

const asked = new Emitter<void>()

function subscribe(listener: () => void): () => void {
  const entry = asked.on(listener)
  return () => void entry.dispose()
}

export function permission(): Permission {
  return 'Notification' in window && window.isSecureContext ? Notification.permission : 'absent'
}

/** The permission, and the question for it: to be asked on a person's own click only. */
export function usePermission(): readonly [permission: Permission, ask: () => void, asking: boolean] {
  const now = useSyncExternalStore(subscribe, permission)
  const [asking, setAsking] = useState(false)
  const ask = async (): Promise<void> => {
    setAsking(true)
    await Notification.requestPermission()
    setAsking(false)
    asked.emit()
  }
  return [now, () => void ask(), asking]
}

const ON_OFF = ['on', 'off'] as const

/** On until somebody switches it off; of no effect without the permission. */
export function useWanted(kind: NewsKind): readonly [boolean, (wanted: boolean) => void] {
  const [value, set] = useRemembered(`notify.${kind}`, ON_OFF)
  return [value === 'on', (wanted) => set(wanted ? 'on' : 'off')]
}
