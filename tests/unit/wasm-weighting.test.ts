import { beforeAll, describe, expect, it } from 'vitest'
import { type Kernels, REFERENCE } from '#dsp/kernels.ts'
import { loadKernels } from '#dsp/wasm/kernels.ts'
import { compileKernels } from '../../config/kernels.ts'
import { noise, random, tone } from '../support/signals.ts'

let kernels: Kernels
beforeAll(async () => {
  kernels = loadKernels(await compileKernels())()
})

/** Largest difference of the energies and of the peak, relative, over random cuts. */
function differ(rate: number, planes: readonly Float32Array[], most: number): number {
  const ours = kernels.weightedEnergy(rate, planes.length)
  const theirs = REFERENCE.weightedEnergy(rate, planes.length)
  const next = random(rate)
  const [got, wanted] = [
    { a: 0, c: 0, z: 0, peakC: 0 },
    { a: 0, c: 0, z: 0, peakC: 0 },
  ]
  let largest = 0
  for (let at = 0; at < planes[0]!.length;) {
    const to = Math.min(planes[0]!.length, at + 1 + Math.floor(next() * most))
    planes.forEach((plane, c) => {
      for (const energy of [ours, theirs]) energy.process(c, plane, at, to)
      expect(ours.take(c, got)).toBe(theirs.take(c, wanted))
      for (const key of ['a', 'c', 'z', 'peakC'] as const) {
        const error = Math.abs(got[key] - wanted[key]) / Math.max(wanted[key], 1e-30)
        largest = Math.max(largest, error)
      }
    })
    at = to
  }
  return largest
}

describe('A, C and Z', () => {
  it.each([8000, 44_100, 48_000, 96_000, 192_000])('are those of the reference within 1e-8, at %i Hz', (rate) => {
    expect(differ(rate, [noise(rate, 1), noise(rate, 2, 1e-6)], 100)).toBeLessThan(1e-8)
    expect(differ(rate, [noise(rate, 3)], 10_000)).toBeLessThan(1e-8)
    expect(differ(rate, [tone(rate, [[1, 0]], 1000)], 90)).toBeLessThan(1e-8)
  })

  it('give nothing where samples are not finite, and recover as the reference does', () => {
    const plane = noise(4800, 4)
    plane[1000] = NaN
    plane[3000] = Infinity
    const ours = kernels.weightedEnergy(48_000, 1)
    const theirs = REFERENCE.weightedEnergy(48_000, 1)
    const [got, wanted] = [
      { a: 0, c: 0, z: 0, peakC: 0 },
      { a: 0, c: 0, z: 0, peakC: 0 },
    ]
    for (let at = 0; at < 4800; at += 48) {
      for (const energy of [ours, theirs]) energy.process(0, plane, at, at + 48)
      const finite = theirs.take(0, wanted)
      expect(ours.take(0, got)).toBe(finite)
      if (!finite) continue
      expect(Math.abs(got.a / wanted.a - 1)).toBeLessThan(1e-8)
      expect(Math.abs(got.peakC / wanted.peakC - 1)).toBeLessThan(1e-8)
    }
  })
})
