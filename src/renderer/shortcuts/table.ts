/** Every key there is, by where it works. Handlers take their lines from here, and the list of shortcuts shows them. */
import { ACTIONS, RECORDING_ACTIONS, WORKSTATION_ACTIONS, type ActionName } from '#contract/actions.ts'
import { CURSOR_KEYS, ZOOM_KEYS } from '#meters/draw/keys.ts'
import { keySign, type Shortcut } from '#shared/shortcut.ts'

export const NODE_LIST_KEYS = [
  { action: 'next', keys: ['ArrowDown'], words: 'Next node' },
  { action: 'previous', keys: ['ArrowUp'], words: 'Previous node' },
  { action: 'first', keys: ['Home'], words: 'First node' },
  { action: 'last', keys: ['End'], words: 'Last node' },
  { action: 'remove', keys: ['Delete'], words: 'Remove the chosen node' },
] as const satisfies readonly Shortcut[]

export const OVERVIEW_KEYS = [
  { action: 'open', keys: ['Enter'], words: 'Open the chosen node' },
  { action: 'left', keys: ['ArrowLeft'], words: 'Node to the left' },
  { action: 'right', keys: ['ArrowRight'], words: 'Node to the right' },
  { action: 'up', keys: ['ArrowUp'], words: 'Node above' },
  { action: 'down', keys: ['ArrowDown'], words: 'Node below' },
  { action: 'first', keys: ['Home'], words: 'First node' },
  { action: 'last', keys: ['End'], words: 'Last node' },
  { action: 'remove', keys: ['Delete'], words: 'Remove the chosen node' },
] as const satisfies readonly Shortcut[]

export const HISTORY_KEYS = [
  { action: 'earlier', keys: ['ArrowLeft'], words: 'Earlier' },
  { action: 'later', keys: ['ArrowRight'], words: 'Later' },
  { action: 'zoom-in', keys: ['+', '='], words: 'Zoom in' },
  { action: 'zoom-out', keys: ['-'], words: 'Zoom out' },
  { action: 'point-left', keys: ['Shift+ArrowLeft'], words: 'Point at the previous reading' },
  { action: 'point-right', keys: ['Shift+ArrowRight'], words: 'Point at the next reading' },
  { action: 'live', keys: ['Home'], words: 'Live: follow the sound' },
] as const satisfies readonly Shortcut[]

/** The first arrangements: presets, then the person's own. */
export const ARRANGEMENT_KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'].map((key, i) => ({
  action: `arrangement-${i}`,
  keys: [key],
  words: `Arrangement ${key}`,
})) satisfies readonly Shortcut[]

/** Of the button that opens a panel's menu. */
export const PANEL_KEYS = [
  { action: 'earlier', keys: ['ArrowLeft'], words: 'Move the panel earlier' },
  { action: 'later', keys: ['ArrowRight'], words: 'Move the panel later' },
  { action: 'narrower', keys: ['Shift+ArrowLeft'], words: 'Narrower' },
  { action: 'wider', keys: ['Shift+ArrowRight'], words: 'Wider' },
  { action: 'shorter', keys: ['Shift+ArrowUp'], words: 'Shorter' },
  { action: 'taller', keys: ['Shift+ArrowDown'], words: 'Taller' },
  { action: 'remove', keys: ['Delete'], words: 'Remove the panel' },
] as const satisfies readonly Shortcut[]

/** Where the place in a recording has the focus. */
export const PLAYER_KEYS = [
  { action: 'play', keys: [' '], words: 'Play, pause' },
  { action: 'back', keys: ['ArrowLeft'], words: 'A second back' },
  { action: 'forward', keys: ['ArrowRight'], words: 'A second forward' },
  { action: 'long-back', keys: ['Shift+ArrowLeft', 'PageDown'], words: 'Ten seconds back' },
  { action: 'long-forward', keys: ['Shift+ArrowRight', 'PageUp'], words: 'Ten seconds forward' },
] as const satisfies readonly Shortcut[]

export type PanelAction = (typeof PANEL_KEYS)[number]['action']

/** Kept by the component library, which every dialog, menu, toolbar and notice is made of. */
const EVERYWHERE = [
  { action: 'close', keys: ['Escape'], words: 'Close a dialog or a menu, leave the wall' },
  { action: 'tools', keys: ['ArrowLeft', 'ArrowRight', 'Home', 'End'], words: 'Walk through the toolbar' },
  { action: 'notices', keys: ['F6'], words: 'Go to the notices, and back' },
] as const satisfies readonly Shortcut[]

export interface ShortcutGroup {
  readonly title: string
  readonly shortcuts: readonly Shortcut[]
}

export const SHORTCUT_GROUPS: readonly ShortcutGroup[] = [
  { title: 'Workstation', shortcuts: WORKSTATION_ACTIONS },
  { title: 'Recording', shortcuts: RECORDING_ACTIONS },
  { title: 'Node list', shortcuts: NODE_LIST_KEYS },
  { title: 'All nodes, wall', shortcuts: OVERVIEW_KEYS },
  {
    title: 'Panels of a node',
    shortcuts: [
      {
        action: 'arrangement',
        keys: ARRANGEMENT_KEYS.flatMap(({ keys }) => keys),
        words: 'Arrangement 1 to 9',
      },
      ...PANEL_KEYS,
    ],
  },
  { title: 'Spectrum, spectrogram, bands', shortcuts: [...CURSOR_KEYS, ...ZOOM_KEYS] },
  { title: 'History', shortcuts: HISTORY_KEYS },
  { title: 'Player', shortcuts: PLAYER_KEYS },
  { title: 'Everywhere', shortcuts: EVERYWHERE },
]

/** The key of an action, as it stands on the keyboard. */
export function keyOf(name: ActionName): string {
  return keySign(lineOf(name).keys[0])
}

export function wordsOf(name: ActionName): string {
  return lineOf(name).words
}

function lineOf(name: ActionName): (typeof ACTIONS)[number] {
  return ACTIONS.find(({ action }) => action === name)!
}
