import { beforeAll, describe, expect, it } from 'vitest'
import { planBank } from '#dsp/band-bank.ts'
import { type Kernels, REFERENCE } from '#dsp/kernels.ts'
import { loadKernels } from '#dsp/wasm/kernels.ts'
import { compileKernels } from '../../config/kernels.ts'
import { noise, tone } from '../support/signals.ts'

let kernels: Kernels
beforeAll(async () => {
  kernels = loadKernels(await compileKernels())()
})

/** Largest difference of a band's power beyond 1e-11 of the largest power, relative to the largest that this band had so far. */
function differ(rate: number, x: Float32Array): number {
  const plan = planBank(rate)
  const ours = kernels.bandBank(plan)
  const theirs = REFERENCE.bandBank(plan)
  const [got, wanted] = [new Float64Array(plan.bands.length), new Float64Array(plan.bands.length)]
  const largestOf = new Float64Array(plan.bands.length)
  let most = 0
  let largest = 0
  for (let at = 0; at + plan.block <= x.length; at += plan.block) {
    const block = x.subarray(at, at + plan.block)
    expect(ours.process(block, got)).toBe(theirs.process(block, wanted))
    largest = Math.max(largest, ...wanted)
    for (let band = 0; band < got.length; band++) {
      const error = Math.max(0, Math.abs(got[band]! - wanted[band]!) - 1e-11 * largest)
      largestOf[band] = Math.max(largestOf[band]!, wanted[band]!)
      most = Math.max(most, error / Math.max(largestOf[band]!, 1e-30))
    }
  }
  return most
}

describe('third-octave bank', () => {
  it.each([8000, 16_000, 44_100, 48_000, 96_000, 192_000])(
    'is that of the reference within 2e-5 of a band, or 1e-11 of the largest one, at %i Hz',
    (rate) => {
      expect(differ(rate, noise(rate, 1))).toBeLessThan(2e-5)
      expect(differ(rate, noise(rate, 2, 1e-7))).toBeLessThan(2e-5)
      expect(differ(rate, tone(rate, [[1, 0]], 20))).toBeLessThan(2e-5)
      expect(differ(rate, tone(rate, [[1, 0]], 997))).toBeLessThan(2e-5)
    },
  )

  it('reads silence as silence after sound, and soon', () => {
    const plan = planBank(48_000)
    const bank = kernels.bandBank(plan)
    const power = new Float64Array(plan.bands.length)
    for (let i = 0; i < 100; i++) bank.process(noise(plan.block, i), power)
    for (let i = 0; i < 2000; i++) bank.process(new Float32Array(plan.block), power)
    expect(power.every((p) => p === 0)).toBe(true)
    for (let i = 0; i < 100; i++) bank.process(noise(plan.block, i, 1e-38), power)
    expect(power.every((p) => p === 0)).toBe(true)
  })

  it('refuses samples that are not finite, and recovers at once', () => {
    const plan = planBank(48_000)
    const [power, wanted] = [new Float64Array(plan.bands.length), new Float64Array(plan.bands.length)]
    for (const bad of [NaN, Infinity]) {
      const [bank, fresh] = [kernels.bandBank(plan), kernels.bandBank(plan)]
      const block = noise(plan.block, 3)
      block[7] = bad
      expect(bank.process(block, power)).toBe(false)
      bank.process(noise(plan.block, 4), power)
      fresh.process(noise(plan.block, 4), wanted)
      expect(power).toEqual(wanted)
    }
  })
})
