/** Keys that do something: what a handler listens to and what the list of shortcuts shows are the same lines. */

export interface Shortcut<Action extends string = string> {
  readonly action: Action
  /**
   * As a keyboard event names them, each alone doing the same. A letter counts with Shift and without; another key that
   * needs Shift is written `Shift+ArrowLeft`.
   */
  readonly keys: readonly string[]
  /** For the person: what it does. */
  readonly words: string
}

/** What of a keyboard event matters here. */
export interface KeyPress {
  readonly key: string
  readonly shiftKey: boolean
  readonly ctrlKey: boolean
  readonly altKey: boolean
  readonly metaKey: boolean
}

/** The action that a key press asks for. Keys held with Control, Alt or Meta belong to the browser and the system. */
export function pressed<Action extends string>(
  shortcuts: readonly Shortcut<Action>[],
  event: KeyPress,
): Action | undefined {
  if (event.ctrlKey || event.altKey || event.metaKey) return undefined
  const name = event.key.length === 1 ? event.key.toLowerCase() : event.shiftKey ? `Shift+${event.key}` : event.key
  return shortcuts.find(({ keys }) => keys.includes(name))?.action
}

const SIGNS: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
  ' ': 'Space',
  '-': '−',
}

/** A key as it stands on a keyboard: "R", "Shift ←", "Esc". */
export function keySign(key: string): string {
  const parts = key.startsWith('Shift+') ? ['Shift', key.slice('Shift+'.length)] : [key]
  return parts.map((part) => SIGNS[part] ?? (part.length === 1 ? part.toUpperCase() : part)).join(' ')
}
