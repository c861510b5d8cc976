import { describe, expect, test } from 'vitest'
import { COLUMNS, placesOf, type Limits } from '#renderer/panels/arrangement.ts'
import {
  back,
  bringBack,
  change,
  choicesOf,
  forget,
  LONGEST_NAME,
  MOST_OWN,
  named,
  readKept,
  rename,
  saveAs,
  shownOf,
  type Kept,
} from '#renderer/panels/kept.ts'
import { PRESETS, type Preset } from '#renderer/panels/presets.ts'

const KNOWN: readonly Limits[] = ['a', 'b', 'c'].map((id) => ({
  id,
  size: { columns: 12, rows: 4 },
  least: { columns: 8, rows: 3 },
}))
const A = { id: 'a', columns: 12, rows: 4 }
const B = { id: 'b', columns: 8, rows: 3 }
const ALL: readonly Preset[] = [
  { id: 'everything', name: 'Everything', panels: [A, B] },
  { id: 'loudness', name: 'Loudness', panels: [A] },
]
const FRESH = readKept(null, KNOWN, ALL)
const shown = (kept: Kept) => shownOf(kept, ALL)
const at = (kept: Kept, id: string): Kept => ({ ...kept, shown: id })

test('at first there are the presets, and the first is shown', () => {
  expect(choicesOf(FRESH, ALL).map(({ name, changed, own }) => [name, changed, own])).toEqual([
    ['Everything', false, false],
    ['Loudness', false, false],
  ])
  expect(shown(FRESH).panels).toEqual([A, B])
})

test('a preset that was changed keeps the change until it goes back, whatever is shown meanwhile', () => {
  const changed = change(at(FRESH, 'loudness'), choicesOf(FRESH, ALL)[1]!, [B])
  expect(shown(changed)).toMatchObject({ name: 'Loudness', panels: [B], base: [A], changed: true })
  const elsewhere = at(changed, 'everything')
  expect(shown(elsewhere).changed).toBe(false)
  expect(shown(at(elsewhere, 'loudness')).panels).toEqual([B])
  const was = back(changed, 'loudness')
  expect(shown(was)).toMatchObject({ panels: [A], changed: false })
  expect(bringBack(was, 'loudness', changed)).toEqual(changed)
})

test('what was changed to be as it was counts as never changed', () => {
  const changed = change(FRESH, shown(FRESH), [B])
  expect(change(changed, shown(changed), [A, B])).toEqual(FRESH)
})

describe('an own arrangement', () => {
  const changed = change(at(FRESH, 'loudness'), choicesOf(FRESH, ALL)[1]!, [B])
  const saved = saveAs(changed, shown(changed), 'Night watch')

  test('is saved from what is shown, and the preset is as it was', () => {
    expect(shown(saved)).toMatchObject({ name: 'Night watch', panels: [B], own: true, changed: false })
    expect(shown(at(saved, 'loudness')).changed).toBe(false)
    expect(named(saved, 'NIGHT watch')?.id).toBe(saved.shown)
  })

  test('is changed, and saved again under its name', () => {
    const more = change(saved, shown(saved), [A])
    expect(shown(more)).toMatchObject({ changed: true, base: [B] })
    const again = saveAs(more, shown(more), 'Night watch')
    expect(again.own).toHaveLength(1)
    expect(shown(again)).toMatchObject({ panels: [A], changed: false })
  })

  test('is renamed, deleted, and brought back to its place', () => {
    const second = saveAs(saved, shown(saved), 'Day watch')
    expect(new Set(second.own.map(({ id }) => id)).size).toBe(2)
    expect(choicesOf(rename(second, saved.shown, 'Dawn'), ALL).map(({ name }) => name)).toEqual([
      'Everything',
      'Loudness',
      'Dawn',
      'Day watch',
    ])
    const gone = forget(at(second, saved.shown), saved.shown, 'everything')
    expect(gone.shown).toBe('everything')
    expect(gone.own.map(({ name }) => name)).toEqual(['Day watch'])
    expect(forget(second, saved.shown, 'everything').shown, 'another one stays on screen').toBe(second.shown)
    expect(bringBack(gone, saved.shown, second).own).toEqual(second.own)
    expect(bringBack(second, saved.shown, second).own, 'once').toEqual(second.own)
  })
})

describe('what was kept', () => {
  const full: Kept = {
    shown: 'own-1',
    changed: { loudness: [B], 'own-1': [A, B] },
    own: [{ id: 'own-1', name: 'Night watch', panels: [B] }],
  }

  test('is read as it was written', () => {
    expect(readKept(JSON.stringify(full), KNOWN, ALL)).toEqual(full)
  })

  test.each([
    null,
    '',
    '{',
    'null',
    '[]',
    '7',
    '"everything"',
    '{"shown":3,"changed":[],"own":{}}',
    '{"shown":"gone","changed":{"gone":[]},"own":[null,{},{"id":"x"},{"id":"x","name":" ","panels":[]}]}',
    '{"own":[{"id":"everything","name":"Mine","panels":[]}]}',
    '{"changed":{"loudness":"a","everything":null},"own":"own"}',
    '{"__proto__":{"shown":"loudness"}}',
  ])('%s is as if nothing was', (text) => {
    expect(readKept(text, KNOWN, ALL)).toEqual(FRESH)
  })

  test('loses panels that there are no more, and nothing else', () => {
    const old = { ...full, changed: { loudness: [{ id: 'gone', columns: 9, rows: 9 }, B] } }
    expect(readKept(JSON.stringify(old), KNOWN, ALL).changed).toEqual({ loudness: [B] })
  })

  test('is bounded', () => {
    const own = Array.from({ length: 500 }, (_, i) => ({ id: `own-${i % 400}`, name: 'n'.repeat(999), panels: [B] }))
    const read = readKept(JSON.stringify({ ...full, own }), KNOWN, ALL)
    expect(read.own).toHaveLength(MOST_OWN)
    expect(read.own[0]!.name).toHaveLength(LONGEST_NAME)
  })
})

test('each preset fills nine rows without a hole', () => {
  for (const { name, panels } of PRESETS) {
    const places = placesOf(panels)
    const area = places.reduce((sum, { columns, rows }) => sum + columns * rows, 0)
    expect(area, name).toBe(COLUMNS * 9)
    expect(Math.max(...places.map(({ row, rows }) => row + rows)), name).toBe(9)
  }
})
