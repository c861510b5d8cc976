/**
 * Panels taken in the hand: by the head to move, by the grip at the corner to resize. The panel follows the pointer outside
 * React; React renders where everything would stand only when that changes. Escape lets go with nothing changed.
 */
import { useLayoutEffect, useMemo, useRef, useState, type PointerEvent, type RefObject } from 'react'
import { COLUMNS, move, nearest, placesOf, resize, type Arrangement } from './arrangement.ts'
import { definitionOf, type Arranger } from './arranger.ts'

/** A shorter way is a click with an unsteady hand, CSS px. */
const LEAST_WAY = 4
/** So near the edge the panels scroll, CSS px, by so much a frame. */
const EDGE = 48
const SCROLL = 14
const CONTROLS = 'button, a, input, select, textarea, [role], label'

export interface Held {
  readonly id: string
  readonly kind: 'move' | 'size'
  /** As it would be if it were let go now. */
  readonly panels: Arrangement
}

export interface Hands {
  readonly take: (id: string, event: PointerEvent<HTMLElement>) => void
  readonly stretch: (id: string, event: PointerEvent<HTMLElement>) => void
}

/** `panels`: those in sight, with the widths they have there; where the window is `narrow` no hand changes them. */
export function useHands(
  grid: RefObject<HTMLElement | null>,
  panels: Arrangement,
  narrow: boolean,
  arranger: Arranger,
): { readonly held: Held | undefined; readonly hands: Hands } {
  const [held, setHeld] = useState<Held>()
  const now = useRef(panels)
  useLayoutEffect(() => void (now.current = panels))
  const hands = useMemo<Hands>(() => {
    const begin = (id: string, event: PointerEvent<HTMLElement>, kind: Held['kind']): void => {
      if (event.button !== 0 || !event.isPrimary || !grid.current) return
      follow({
        id,
        kind,
        grid: grid.current,
        handle: event.currentTarget,
        panels: now.current,
        narrow,
        from: event,
        setHeld,
        arranger,
      })
    }
    return {
      take: (id, event) => {
        if (!(event.target as Element).closest(CONTROLS)) begin(id, event, 'move')
      },
      stretch: (id, event) => begin(id, event, 'size'),
    }
  }, [grid, narrow, arranger])
  return { held, hands }
}

interface Grasp {
  readonly id: string
  readonly kind: Held['kind']
  readonly grid: HTMLElement
  readonly handle: HTMLElement
  readonly panels: Arrangement
  readonly narrow: boolean
  readonly from: { readonly clientX: number; readonly clientY: number; readonly pointerId: number }
  readonly setHeld: (held: Held | undefined) => void
  readonly arranger: Arranger
}

function follow({ id, kind, grid, handle, panels, narrow, from, setHeld, arranger }: Grasp): void {
  const cell = grid.querySelector<HTMLElement>(`[data-panel="${id}"]`)!
  const scroller = grid.parentElement!
  const at = panels.findIndex((one) => one.id === id)
  const place = placesOf(panels)[at]!
  const gap = Number.parseFloat(getComputedStyle(grid).columnGap)
  const pitch = { x: (grid.clientWidth + gap) / COLUMNS, y: (cell.offsetHeight + gap) / place.rows }
  const start = { left: cell.offsetLeft, top: cell.offsetTop, scroll: scroller.scrollTop }
  const ended = new AbortController()
  const options = { signal: ended.signal }
  let pointer = { x: from.clientX, y: from.clientY }
  let begun = false
  let before = panels[at + 1]?.id
  let preview = panels

  const update = (): void => {
    const x = pointer.x - from.clientX
    const y = pointer.y - from.clientY + scroller.scrollTop - start.scroll
    if (kind === 'move') {
      cell.style.transform = `translate(${x}px, ${y}px)`
      const corner = { column: (start.left + x) / pitch.x, row: (start.top + y) / pitch.y }
      before = nearest(panels, id, corner, pitch.y / pitch.x)
      show(move(panels, id, before))
    } else {
      const [wider, higher] = [narrow ? 0 : Math.round(x / pitch.x), Math.round(y / pitch.y)]
      const columns = Math.min(place.columns + wider, COLUMNS - place.column)
      show(resize(panels, definitionOf(id), { columns, rows: place.rows + higher }))
    }
  }
  const show = (next: Arrangement): void => {
    if (begun && next.every((one, i) => preview[i] === one)) return
    begun = true
    preview = next
    setHeld({ id, kind, panels: next })
  }
  const scroll = (): void => {
    if (ended.signal.aborted) return
    const { top, bottom } = scroller.getBoundingClientRect()
    const by = pointer.y < top + EDGE ? -SCROLL : pointer.y > bottom - EDGE ? SCROLL : 0
    const was = scroller.scrollTop
    scroller.scrollTop += by
    if (scroller.scrollTop !== was) update()
    requestAnimationFrame(scroll)
  }
  const letGo = (): void => {
    ended.abort()
    cell.style.transform = ''
    setHeld(undefined)
  }

  handle.setPointerCapture(from.pointerId)
  handle.addEventListener(
    'pointermove',
    ({ clientX, clientY }) => {
      pointer = { x: clientX, y: clientY }
      if (!begun) {
        if (Math.hypot(clientX - from.clientX, clientY - from.clientY) < LEAST_WAY) return
        requestAnimationFrame(scroll)
      }
      update()
    },
    options,
  )
  handle.addEventListener(
    'pointerup',
    () => {
      letGo()
      if (!begun || preview === panels) return
      if (kind === 'move') arranger.place(id, before)
      else arranger.grow(id, preview[at]!.columns - place.columns, preview[at]!.rows - place.rows)
    },
    options,
  )
  handle.addEventListener('pointercancel', letGo, options)
  handle.addEventListener('lostpointercapture', letGo, options)
  window.addEventListener(
    'keydown',
    (event) => {
      if (event.key !== 'Escape' || !begun) return
      event.preventDefault()
      event.stopPropagation()
      letGo()
    },
    { ...options, capture: true },
  )
}
