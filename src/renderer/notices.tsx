/** What went wrong or was done, at the corner of the screen: the workstation's notices and this screen's own. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { Notice } from '#contract/state.ts'
import { useRun, type Teller } from './hooks.ts'
import { CloseIcon } from './icons.tsx'

export interface Told {
  readonly id: number
  readonly kind: 'fault' | 'done'
  readonly message: string
}

/** Older ones give way. */
const MAX_TOLD = 5
/** A message that something was done goes by itself; a fault stays until it is dismissed. */
const DONE_MS = 10_000

export function useTeller(): { teller: Teller; told: readonly Told[]; forget: (id: number) => void } {
  const [told, setTold] = useState<readonly Told[]>([])
  const lastId = useRef(0)
  const forget = useCallback((id: number) => setTold((list) => list.filter((t) => t.id !== id)), [])
  const teller = useMemo<Teller>(() => {
    const tell = (kind: Told['kind'], message: string): void => {
      const id = ++lastId.current
      // The same message again takes the place of the first.
      setTold((list) => [...list.filter((t) => t.message !== message), { id, kind, message }].slice(-MAX_TOLD))
    }
    return { fault: (fault) => tell('fault', fault.message), done: (message) => tell('done', message) }
  }, [])
  return { teller, told, forget }
}

export interface NoticesProps {
  readonly notices: readonly Notice[]
  readonly told: readonly Told[]
  readonly onForget: (id: number) => void
}

export function Notices({ notices, told, onForget }: NoticesProps) {
  const run = useRun()
  return (
    <section className="notices-place" aria-label="Notices">
      <div className="notices" aria-live="polite" aria-relevant="additions">
        {notices.map((notice) => (
          <Toast
            key={`n${notice.id}`}
            kind="fault"
            message={notice.fault.message}
            onDismiss={() => void run('notice.dismiss', { id: notice.id })}
          />
        ))}
        {told.map((t) => (
          <Toast key={`t${t.id}`} kind={t.kind} message={t.message} onDismiss={() => onForget(t.id)} />
        ))}
      </div>
    </section>
  )
}

interface ToastProps {
  readonly kind: Told['kind']
  readonly message: string
  readonly onDismiss: () => void
}

function Toast({ kind, message, onDismiss }: ToastProps) {
  const dismiss = useRef(onDismiss)
  useEffect(() => {
    dismiss.current = onDismiss
  })
  useEffect(() => {
    if (kind !== 'done') return undefined
    const timer = setTimeout(() => dismiss.current(), DONE_MS)
    return () => clearTimeout(timer)
  }, [kind])
  return (
    <div className={`notice notice-${kind}`} data-testid="notice">
      <p>{message}</p>
      <button type="button" className="button button-quiet button-icon" aria-label="Dismiss" onClick={onDismiss}>
        <CloseIcon />
      </button>
    </div>
  )
}
