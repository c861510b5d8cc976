import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { METERS } from '#meters/registry.ts'
import { VIEWS } from '#meters/views.ts'

const FOLDER = join(import.meta.dirname, '../../src/meters')

test('each view draws a meter that there is, once', () => {
  const meters = new Set(METERS.map((meter) => meter.id))
  const views = VIEWS.map((view) => view.id)
  expect(views.filter((id) => !meters.has(id))).toEqual([])
  expect(new Set(views).size).toBe(views.length)
})

test('each folder with a view is registered', () => {
  const drawn = readdirSync(FOLDER).filter((name) => existsSync(join(FOLDER, name, 'view.tsx')))
  expect(drawn.toSorted((a, b) => a.localeCompare(b))).toEqual(
    VIEWS.map((view) => view.id).toSorted((a, b) => a.localeCompare(b)),
  )
})
