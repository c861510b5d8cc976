/** A label for the marker that was just set: it stands already, at the moment of the key; here it only gets its name. */
import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react'
import type { MarkName } from '#contract/commands.ts'
import type { TakeView } from '#contract/state.ts'
import type { Marked } from '#renderer/actions.ts'
import { formatDuration } from '#renderer/format.ts'
import { useRun } from '#renderer/hooks.ts'
import { MarkerIcon } from '#renderer/parts/icons.tsx'

/** Of `record.label`. */
const MAX_LABEL = 200

export interface MarkerLabelProps {
  readonly marked: Marked
  readonly takes: readonly TakeView[]
  readonly onDone: () => void
}

export function MarkerLabel({ marked: { marks, label }, takes, onDone }: MarkerLabelProps) {
  const run = useRun()
  const [text, setText] = useState('')
  const field = useRef<HTMLInputElement>(null)
  const before = useRef<Element>(null)
  const done = useRef(false)
  // Before the next key comes.
  useLayoutEffect(() => {
    before.current = document.activeElement
    field.current?.focus()
  }, [])
  const [first, setFirst] = useState<MarkName>()
  useEffect(() => {
    let away = false
    void marks.then((set) => {
      if (away) return
      if (set === undefined) onDone()
      else setFirst(set[0])
    })
    return () => {
      away = true
    }
  }, [marks, onDone])
  const take = takes.find(({ id }) => id === first?.take)
  const at = take?.markers.find(({ number }) => number === first?.number)?.atSeconds

  const finish = (keep: boolean, back: boolean): void => {
    if (done.current) return
    done.current = true
    const wanted = text.trim()
    if (keep && wanted !== '') void marks.then((set) => set && run('record.label', { marks: set, label: wanted }))
    if (back && before.current instanceof HTMLElement) before.current.focus()
    onDone()
  }
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' && event.key !== 'Escape') return
    event.preventDefault()
    event.stopPropagation()
    finish(event.key === 'Enter', true)
  }
  const where = at === undefined ? label : `${label} at ${formatDuration(at)}`
  return (
    <div className="marker-label" data-testid="marker-label">
      <MarkerIcon />
      <label className="marker-label-name" htmlFor="marker-label">
        {where}
      </label>
      <input
        ref={field}
        id="marker-label"
        className="input"
        value={text}
        placeholder="What is heard here?"
        maxLength={MAX_LABEL}
        autoComplete="off"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKey}
        // Whoever goes elsewhere has said what there is to say.
        onBlur={() => finish(true, false)}
      />
      <span className="muted marker-label-keys">
        <kbd>Enter</kbd> keeps it, <kbd>Esc</kbd> leaves “{label}”
      </span>
    </div>
  )
}
