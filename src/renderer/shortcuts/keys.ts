/** Keys and the host's menu ask for actions; both do the same. */
import { useEffect } from 'react'
import { ACTION_MESSAGE, ACTIONS, isAction, type ActionName } from '#contract/actions.ts'
import { MODAL } from '#renderer/parts/dialog.tsx'
import { pressed, type Shortcut } from '#shared/shortcut.ts'

export type Doing = Readonly<Record<ActionName, () => void>>

/** Single keys, unless somebody types, a dialog or a menu is open, or what has the focus made use of the key. */
export function useShortcuts(doing: Doing): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!isFree(event)) return
      const action = pressed(ACTIONS, event)
      if (!action) return
      event.preventDefault()
      doing[action]()
    }
    // Only this window's own preload speaks for the menu.
    const onMenu = (event: MessageEvent): void => {
      const { type, action } = (event.data ?? {}) as { type?: unknown; action?: unknown }
      if (event.source !== window || type !== ACTION_MESSAGE || !isAction(action) || isModal()) return
      doing[action]()
    }
    window.addEventListener('keydown', onKey)
    window.addEventListener('message', onMenu)
    return () => {
      window.removeEventListener('keydown', onKey)
      window.removeEventListener('message', onMenu)
    }
  }, [doing])
}

/** Keys of a part of the screen, which are not in the host's menu. Keep both the same between renders. */
export function useKeys<Action extends string>(
  shortcuts: readonly Shortcut<Action>[],
  act: (action: Action) => void,
): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const action = isFree(event) ? pressed(shortcuts, event) : undefined
      if (action === undefined) return
      event.preventDefault()
      act(action)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [shortcuts, act])
}

function isFree(event: KeyboardEvent): boolean {
  return !event.repeat && !isUsed(event) && !isTyping(event.target) && !isModal()
}

function isModal(): boolean {
  return document.querySelector(MODAL) !== null
}

/** A tool that cannot be used now swallows every key, though it has no use for any. */
function isUsed({ defaultPrevented, target }: KeyboardEvent): boolean {
  return defaultPrevented && !(target instanceof HTMLElement && target.matches('[aria-disabled="true"]'))
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select, [role=combobox], [contenteditable]')
}
