import { expect, test } from 'vitest'
import { ACTIONS, isAction } from '#contract/actions.ts'
import { SHORTCUT_GROUPS, keyOf, wordsOf } from '#renderer/shortcuts/table.ts'
import { keySign, pressed, type KeyPress } from '#shared/shortcut.ts'

const press = (key: string, held: Partial<KeyPress> = {}): KeyPress => ({
  key,
  shiftKey: false,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  ...held,
})

test.each(SHORTCUT_GROUPS)('$title: every line has a key of its own and words', ({ shortcuts }) => {
  const keys = shortcuts.flatMap((shortcut) => shortcut.keys)
  expect(new Set(keys).size).toBe(keys.length)
  expect(new Set(shortcuts.map(({ action }) => action)).size).toBe(shortcuts.length)
  for (const { keys: own, words } of shortcuts) {
    expect(own.length).toBeGreaterThan(0)
    expect(words).toMatch(/^[A-Z].*[^.\s]$/)
  }
})

test('every action from anywhere has a line in the list, with a key that no other has', () => {
  const listed = SHORTCUT_GROUPS.flatMap(({ shortcuts }) => shortcuts)
  for (const action of ACTIONS) {
    expect(listed).toContain(action)
    expect(keyOf(action.action)).not.toBe('')
    expect(wordsOf(action.action)).toBe(action.words)
    expect(isAction(action.action)).toBe(true)
    expect(pressed(ACTIONS, press(action.keys[0])), action.words).toBe(action.action)
  }
  expect(isAction('format the disk')).toBe(false)
})

test('a letter counts with Shift and without; a sign as it is typed; other keys as they are held', () => {
  const list = [
    { action: 'letter', keys: ['r'], words: 'Letter' },
    { action: 'sign', keys: ['?'], words: 'Sign' },
    { action: 'plain', keys: ['ArrowLeft'], words: 'Plain' },
    { action: 'shifted', keys: ['Shift+ArrowLeft'], words: 'Shifted' },
  ] as const
  expect(pressed(list, press('r'))).toBe('letter')
  expect(pressed(list, press('R', { shiftKey: true }))).toBe('letter')
  expect(pressed(list, press('?', { shiftKey: true }))).toBe('sign')
  expect(pressed(list, press('ArrowLeft'))).toBe('plain')
  expect(pressed(list, press('ArrowLeft', { shiftKey: true }))).toBe('shifted')
  expect(pressed(list, press('ArrowRight'))).toBeUndefined()
})

test.each(['ctrlKey', 'altKey', 'metaKey'] as const)('a key held with %s is the browser’s', (held) => {
  expect(pressed(ACTIONS, press('r', { [held]: true }))).toBeUndefined()
})

test.each([
  ['r', 'R'],
  ['?', '?'],
  ['ArrowUp', '↑'],
  ['Shift+ArrowLeft', 'Shift ←'],
  ['Escape', 'Esc'],
  ['-', '−'],
  ['F6', 'F6'],
])('%s stands on the keyboard as %s', (key, sign) => {
  expect(keySign(key)).toBe(sign)
})
