import { expect, test } from 'vitest'
import { COLUMNS, MOST_ROWS, readArrangement } from '#renderer/panels/arrangement.ts'
import { PRESETS } from '#renderer/panels/presets.ts'
import { PANELS } from '#renderer/panels/registry.tsx'

test('each panel is there once, and its usual size is one that it may have', () => {
  expect(new Set(PANELS.map(({ id }) => id)).size).toBe(PANELS.length)
  for (const { id, size, least } of PANELS) {
    expect(size.columns, id).toBeGreaterThanOrEqual(least.columns)
    expect(size.rows, id).toBeGreaterThanOrEqual(least.rows)
    expect(size.columns, id).toBeLessThanOrEqual(COLUMNS)
    expect(size.rows, id).toBeLessThanOrEqual(MOST_ROWS)
  }
})

test('presets have only panels that there are, in sizes that they may have', () => {
  for (const { name, panels } of PRESETS) expect(readArrangement(panels, PANELS), name).toEqual(panels)
})
