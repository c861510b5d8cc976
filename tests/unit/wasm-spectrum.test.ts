import { beforeAll, describe, expect, it } from 'vitest'
import { type Kernels, REFERENCE } from '#dsp/kernels.ts'
import { logFrequencies } from '#dsp/log-columns.ts'
import { windowOf } from '#dsp/windows.ts'
import { loadKernels } from '#dsp/wasm/kernels.ts'
import { compileKernels } from '../../config/kernels.ts'
import { noise, random, tone } from '../support/signals.ts'

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

describe('log columns', () => {
  /** Largest difference of a level, dB; both must agree on what is silent. */
  function differ(power: Float64Array, rate: number, columns: number): number {
    const width = rate / (2 * (power.length - 1))
    const frequencies = logFrequencies(20, Math.min(20_000, rate / 2), columns)
    const ours = kernels.logColumns(frequencies, width, power.length)
    const theirs = REFERENCE.logColumns(frequencies, width, power.length)
    const [got, wanted] = [new Float32Array(columns), new Float32Array(columns)]
    ours.write(power, got)
    theirs.write(power, wanted)
    let most = 0
    got.forEach((level, c) => {
      if (level !== wanted[c]) most = Math.max(most, Math.abs(level - wanted[c]!))
    })
    return most
  }

  it.each([
    [48_000, 4097, 240],
    [48_000, 2049, 128],
    [44_100, 513, 240],
    [16_000, 1025, 240],
    [192_000, 16_385, 240],
    [48_000, 65_537, 240],
  ])('at %i Hz of %i bins are those of the reference within 0.001 dB', (rate, bins, columns) => {
    const next = random(bins)
    const noisy = Float64Array.from({ length: bins }, () => next() ** 4 * 1e-3)
    const deep = Float64Array.from({ length: bins }, () => 10 ** (-30 * next()))
    const peaks = Float64Array.from({ length: bins }, (_, k) => 1e-9 + Math.exp(-((k % 97) ** 2)))
    for (const power of [noisy, deep, peaks]) expect(differ(power, rate, columns)).toBeLessThan(1e-3)
  })

  it('of silence are silent, and around it finite or -Infinity', () => {
    const power = new Float64Array(4097)
    expect(differ(power, 48_000, 240)).toBe(0)
    for (const k of [0, 1, 5, 700, 4095, 4096]) {
      power[k] = 0.25
      expect(differ(power, 48_000, 240)).toBeLessThan(1e-3)
    }
  })
})
