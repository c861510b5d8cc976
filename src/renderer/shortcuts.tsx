import { useEffect } from 'react'
import { Dialog, MODAL } from './dialog.tsx'

const LIST: readonly (readonly [keys: string, what: string])[] = [
  ['R', 'Record every live node'],
  ['S', 'Stop every recording'],
  ['M', 'Set a marker in every recording'],
  ['F', 'Scan for nodes'],
  ['A', 'Add a node by address'],
  ['O', 'All nodes, or one'],
  ['W', 'The wall: all nodes on the whole screen'],
  ['↑ ↓', 'Choose a node in the list'],
  ['Enter', 'Open the chosen node of the overview'],
  ['Delete', 'Remove the chosen node of the list'],
  [',', 'Settings'],
  ['?', 'This list'],
  ['Esc', 'Close a dialog'],
]

/** Single keys, unless somebody types, a dialog is open, or a modifier makes the key the browser's. */
export function useShortcuts(keys: Readonly<Record<string, () => void>>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented) return
      if (isTyping(event.target) || document.querySelector(MODAL)) return
      const action = keys[event.key.toLowerCase()]
      if (!action) return
      event.preventDefault()
      action()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [keys])
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select, [role=combobox], [contenteditable]')
}

export function ShortcutsDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
      <dl className="dialog-body shortcuts">
        {LIST.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
