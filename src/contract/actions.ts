/** What a person can ask of the screen from anywhere: by a key, by the toolbar, and by the menu of the host. The screen does it. */
import type { Shortcut } from '#shared/shortcut.ts'

/** From the workstation's point of view, in the order in which they are shown. */
export const WORKSTATION_ACTIONS = [
  { action: 'scan', keys: ['f'], words: 'Scan for nodes' },
  { action: 'add', keys: ['a'], words: 'Add a node by address' },
  { action: 'overview', keys: ['o'], words: 'Show all nodes, or one' },
  { action: 'wall', keys: ['w'], words: 'The wall: all nodes on the whole screen' },
  { action: 'snapshot', keys: ['p'], words: 'Save what is seen: a picture and every figure' },
  { action: 'settings', keys: [','], words: 'Settings' },
  { action: 'shortcuts', keys: ['?'], words: 'Keyboard shortcuts' },
] as const satisfies readonly Shortcut[]

export const RECORDING_ACTIONS = [
  { action: 'record', keys: ['r'], words: 'Record every live node' },
  { action: 'choose', keys: ['c'], words: 'Choose what to record' },
  { action: 'stop', keys: ['s'], words: 'Stop every recording' },
  { action: 'mark', keys: ['m'], words: 'Set a marker in every recording' },
] as const satisfies readonly Shortcut[]

export const ACTIONS = [...WORKSTATION_ACTIONS, ...RECORDING_ACTIONS]
export type ActionName = (typeof ACTIONS)[number]['action']

/** Channel and type of the message by which a host's menu asks for an action; `action` beside it. */
export const ACTION_MESSAGE = 'farfield:action'

export function isAction(name: unknown): name is ActionName {
  return ACTIONS.some(({ action }) => action === name)
}
