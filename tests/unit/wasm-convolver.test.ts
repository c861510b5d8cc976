import { beforeAll, describe, expect, it } from 'vitest'
import { partitionFrames } from '#dsp/convolver.ts'
import { type Kernels, REFERENCE } from '#dsp/kernels.ts'
import { loadKernels } from '#dsp/wasm/kernels.ts'
import { compileKernels } from '../../config/kernels.ts'
import { noise, random } from '../support/signals.ts'

let kernels: Kernels
beforeAll(async () => {
  kernels = loadKernels(await compileKernels())()
})

/** Decaying noise, as long as a correction is. */
function filter(length: number, seed: number): Float32Array {
  return noise(length, seed).map((x, i) => x * Math.exp((-8 * i) / length))
}

/** Largest difference, as a share of the largest sample times the sum of the taps' magnitudes. */
function differ(taps: Float32Array, planes: Float32Array[], partition: number, inPlace = false): number {
  const ours = kernels.convolver(taps, planes.length, partition)
  const theirs = REFERENCE.convolver(taps, planes.length, partition)
  expect(ours.latency).toBe(theirs.latency)
  const largest = Math.max(...planes.map((plane) => plane.reduce((a, x) => Math.max(a, Math.abs(x)), 0)))
  const gain = taps.reduce((sum, x) => sum + Math.abs(x), 0)
  const next = random(taps.length)
  const frames = planes[0]!.length
  let most = 0
  for (let at = 0; at < frames;) {
    const n = Math.min(frames - at, 1 + Math.floor(next() * 1200))
    const input = planes.map((plane) => plane.slice(at, at + n))
    const wanted = planes.map(() => new Float32Array(n))
    theirs.process(input, wanted, n)
    const got = inPlace ? input : planes.map(() => new Float32Array(n))
    ours.process(input, got, n)
    got.forEach((plane, c) => {
      for (let i = 0; i < n; i++) most = Math.max(most, Math.abs(plane[i]! - wanted[c]![i]!))
    })
    at += n
  }
  return most / (largest * gain)
}

describe('partitioned convolution', () => {
  it.each([
    [48_000, 4096],
    [44_100, 4096],
    [16_000, 2048],
    [192_000, 16_384],
    [48_000, 16_384],
    [48_000, 1],
    [48_000, 257],
  ])('is that of the reference within 1e-6 of full scale, at %i Hz with %i taps', (rate, taps) => {
    const planes = [noise(3 * taps + 20_000, 1), noise(3 * taps + 20_000, 2)]
    expect(differ(filter(taps, 3), planes, partitionFrames(rate))).toBeLessThan(1e-6)
  })

  it.each([16, 32, 64, 512, 8192])('holds for partitions of %i', (partition) => {
    expect(differ(filter(3000, 4), [noise(40_000, 5)], partition, true)).toBeLessThan(1e-6)
  })

  it('leaves partitions of other sizes to the reference', () => {
    expect(differ(filter(100, 4), [noise(1000, 5)], 8)).toBe(0)
    expect(differ(filter(100, 4), [noise(40_000, 5)], 16_384)).toBe(0)
  })

  it('gives the same wherever the planes lie', () => {
    const taps = filter(1000, 6)
    const [inside] = kernels.planes(1, 10_000)
    const outside = noise(10_000, 7)
    inside!.set(outside)
    for (const plane of [inside!, outside]) kernels.convolver(taps, 1, 256).process([plane], [plane], 10_000)
    expect(inside).toEqual(outside)
    const [target] = kernels.planes(1, 10_000)
    kernels.convolver(taps, 1, 256).process([noise(10_000, 7)], [target!], 10_000)
    expect(target).toEqual(outside)
  })

  it('stays finite whatever the samples are, and hears again afterwards', () => {
    const convolver = kernels.convolver(filter(1000, 8), 1, 256)
    const loud = noise(1000, 9, 3.4e38)
    const out = new Float32Array(1000)
    convolver.process([loud], [out], 1000)
    convolver.process([new Float32Array(2000)], [new Float32Array(2000)], 2000)
    const tiny = noise(1000, 10, 1e-40)
    convolver.process([tiny], [tiny], 1000)
    expect(out.every((x) => Number.isFinite(x))).toBe(true)
    expect(Math.max(...tiny)).toBe(0)
  })
})
