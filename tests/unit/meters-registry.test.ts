import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readingLength, slotAt } from '#meters/meter.ts'
import { METERS, meterIndex } from '#meters/registry.ts'

const folder = fileURLToPath(new URL('../../src/meters/', import.meta.url))
const foldersWith = (file: string) =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(`${folder}${entry.name}/${file}`))
    .map((entry) => entry.name)
    .sort()

describe('registry', () => {
  it('lists every folder that holds a meter, by the name of its folder', () => {
    expect(METERS.map((meter) => meter.id).sort()).toEqual(foldersWith('meter.ts'))
  })

  it('keeps the places that frames are numbered by', () => {
    expect(METERS.slice(0, 3).map((meter) => meter.id)).toEqual(['level', 'loudness', 'spectrum'])
    expect(meterIndex('spectrum')).toBe(2)
    expect(() => meterIndex('nothing')).toThrow()
  })

  it('has the view of every folder that holds one in views.ts', () => {
    const imported = [...readFileSync(`${folder}views.ts`, 'utf8').matchAll(/from '\.\/([\w-]+)\/view\.tsx'/g)]
    expect(imported.map((match) => match[1]!).sort()).toEqual(foldersWith('view.tsx'))
  })
})

describe.each(METERS.map((meter) => [meter.id, meter] as const))('%s', (_, definition) => {
  it.each([1, 2, 3, 6, 64])('declares what it writes for %i channels', (channels) => {
    for (const rate of [8000, 44_100, 384_000]) {
      const shape = { rate, channels }
      const layout = definition.layout(shape)
      expect(new Set(layout.map((slot) => slot.name)).size).toBe(layout.length)
      const length = readingLength(layout)
      const out = new Float32Array(length + 1).fill(Number.NaN)
      const meter = definition.create(shape)
      meter.process(
        Array.from({ length: channels }, () => new Float32Array(1)),
        1,
      )
      meter.read(out.subarray(0, length))
      expect(out.subarray(0, length).some((value) => Number.isNaN(value))).toBe(false)
      const last = layout.at(-1)!
      expect(slotAt(layout, last.name).at + last.length).toBe(length)
    }
  })
})
