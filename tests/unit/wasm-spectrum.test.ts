import { beforeAll, describe, expect, it } from 'vitest'
import { type Kernels, REFERENCE } from '#dsp/kernels.ts'
import { windowOf } from '#dsp/windows.ts'
import { loadKernels } from '#dsp/wasm/kernels.ts'
import { compileKernels } from '../../config/kernels.ts'
import { noise, tone } from '../support/signals.ts'

let kernels: Kernels
beforeAll(async () => {
  kernels = loadKernels(await compileKernels())()
})

/** Largest difference of a bin's amplitude, relative to the largest bin's. */
function differ(size: number, padding: number, sounds: readonly Float32Array[], window = 'hann' as const): number {
  const shape = { channels: sounds.length, window: windowOf(window, size), padding, step: size / 2 }
  const [ours, theirs] = [kernels.powerTransform(shape), REFERENCE.powerTransform(shape)]
  expect([ours.size, ours.bins]).toEqual([theirs.size, theirs.bins])
  for (const transform of [ours, theirs]) {
    // Twice: a spectrum must not begin with the one before.
    for (let turn = 0; turn < 2; turn++) {
      transform.history.forEach((plane, c) => plane.set(sounds[c]!.subarray(0, size)))
      expect(transform.transform()).toBe(true)
    }
  }
  const largest = Math.sqrt(theirs.power.reduce((a, b) => Math.max(a, b), 0))
  let most = 0
  for (let k = 0; k < ours.bins; k++)
    most = Math.max(most, Math.abs(Math.sqrt(ours.power[k]!) - Math.sqrt(theirs.power[k]!)))
  return most / largest
}

describe('power spectrum', () => {
  it.each([64, 128, 512, 1024, 4096, 8192, 65_536])('of %i samples is that of the reference within 1e-6', (size) => {
    for (const padding of [1, 2]) {
      expect(differ(size, padding, [noise(size, 1)])).toBeLessThan(1e-6)
      expect(differ(size, padding, [noise(size, 2, 1e-6), noise(size, 3, 1e-7)])).toBeLessThan(1e-6)
      expect(differ(size, padding, [tone(48_000, [[size / 48_000, 0]], 1234)])).toBeLessThan(1e-6)
    }
  })

  it('of fewer samples is left to the reference', () => {
    expect(differ(32, 1, [noise(32, 4)])).toBe(0)
  })

  it('is none where a sample is not finite', () => {
    const shape = { channels: 1, window: windowOf('hann', 512), padding: 2, step: 256 }
    const transform = kernels.powerTransform(shape)
    for (const bad of [NaN, Infinity, -Infinity]) {
      transform.history[0]!.set(noise(512, 5))
      transform.history[0]![100] = bad
      expect(transform.transform()).toBe(false)
    }
    transform.history[0]!.set(noise(512, 6, 3e38))
    expect(transform.transform()).toBe(true)
    expect(transform.power.every((p) => Number.isFinite(p))).toBe(true)
  })
})
