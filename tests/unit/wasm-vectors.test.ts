import { beforeAll, describe, expect, it } from 'vitest'
import { type Kernels, REFERENCE } from '#dsp/kernels.ts'
import { BandLevels } from '#dsp/band-levels.ts'
import { TIME_WEIGHTINGS, TimeWeightings } from '#dsp/time-weighting.ts'
import { CLIP_LEVEL } from '#dsp/vectors.ts'
import { sampleBytes } from '#shared/pcm.ts'
import { loadKernels } from '#dsp/wasm/kernels.ts'
import { compileKernels } from '../../config/kernels.ts'
import { noise, random } from '../support/signals.ts'

let kernels: Kernels
beforeAll(async () => {
  kernels = loadKernels(await compileKernels())()
})

function inside(values: Float32Array): Float32Array {
  const [plane] = kernels.planes(1, values.length)
  plane!.set(values)
  return plane!
}

describe('levels', () => {
  it('are those of the reference within 1e-12, clipping counted on what was captured', () => {
    const next = random(1)
    for (let round = 0; round < 300; round++) {
      const x = noise(1000, round, 1.1)
      const captured = noise(1000, round + 1000, 1.01)
      captured[500] = round % 2 === 0 ? CLIP_LEVEL : -CLIP_LEVEL
      if (round % 7 === 0) x[400] = -Infinity
      const from = Math.floor(next() * 500)
      const to = from + Math.floor(next() * 500)
      const got = { energy: 1, sum: -2, peak: 0.3, clips: 4 }
      const wanted = { ...got }
      kernels.vectors.addLevels(inside(x), inside(captured), from, to, got)
      REFERENCE.vectors.addLevels(x, captured, from, to, wanted)
      expect([got.peak, got.clips]).toEqual([wanted.peak, wanted.clips])
      expect(got.clips > 4).toBe(kernels.vectors.clips(inside(captured), from, to))
      for (const key of ['energy', 'sum'] as const) {
        if (Number.isFinite(wanted[key])) expect(got[key]).toBeCloseTo(wanted[key], 10)
        else expect(got[key]).toBe(wanted[key])
      }
    }
  })
})

describe('clipping', () => {
  it('is found at any place, and nowhere else', () => {
    for (let at = 0; at < 40; at++) {
      const x = new Float32Array(60).fill(0.99)
      x[at] = -CLIP_LEVEL
      for (const from of [0, 1, at, at + 1]) {
        for (const to of [at, at + 1, 50]) {
          if (to < from) continue
          expect(kernels.vectors.clips(inside(x), from, to)).toBe(from <= at && at < to)
          expect(kernels.vectors.clips(x, from, to)).toBe(from <= at && at < to)
        }
      }
    }
  })
})

describe('copies and averages', () => {
  it('are those of the reference, wherever they lie', () => {
    const x = noise(500, 2)
    for (const [from, to] of [
      [inside(x), kernels.planes(1, 600)[0]!],
      [x, kernels.planes(1, 600)[0]!],
      [inside(x), new Float32Array(600)],
    ] as const) {
      kernels.vectors.copySamples(from, 20, to, 30, 400)
      expect(to.subarray(30, 430)).toEqual(x.subarray(20, 420))
      expect([to[29], to[430]]).toEqual([0, 0])
    }
    for (const count of [1, 2, 513]) {
      const average = kernels.bins(count).fill(0.5)
      const values = kernels.bins(count).map((_, k) => k)
      const near = kernels.bins(count)
      near.set(values)
      const wanted = new Float64Array(count).fill(0.5)
      kernels.vectors.blend(average, near, 0.3)
      REFERENCE.vectors.blend(wanted, values, 0.3)
      average.forEach((v, k) => expect(v).toBeCloseTo(wanted[k]!, 10))
    }
  })
})

describe('levels in dB', () => {
  it('are those of the reference within 0.0001 dB, silence included', () => {
    const next = random(7)
    const values = Float32Array.from({ length: 1500 }, (_, i) => (i % 50 === 0 ? 0 : 10 ** (-40 * next() + 4)))
    values[3] = -1
    values[4] = Infinity
    const [got, wanted] = [values.slice(), values.slice()]
    kernels.vectors.powersToDb(got, 2, 1400)
    REFERENCE.vectors.powersToDb(wanted, 2, 1400)
    expect([got[0], got[1], got[1400]]).toEqual([values[0], values[1], values[1400]])
    got.forEach((level, i) => {
      if (level !== wanted[i]) expect(Math.abs(level - wanted[i]!)).toBeLessThan(1e-4)
    })
  })
})

describe('band levels', () => {
  it.each([40, 41])('of %i bands are those of the reference within 1e-6', (bands) => {
    const next = random(bands)
    const [ours, theirs] = [kernels, REFERENCE].map((k) => new BandLevels(bands, 0.005, k)) as [BandLevels, BandLevels]
    const [near, powers] = [kernels.bins(bands), REFERENCE.bins(bands)]
    const [got, wanted] = [new Float32Array(4 * bands), new Float32Array(4 * bands)]
    for (let block = 0; block < 2000; block++) {
      for (let band = 0; band < bands; band++) powers[band] = block > 1500 ? 0 : next() ** 8
      near.set(powers)
      const choice = next()
      for (const [levels, values] of [
        [ours, near],
        [theirs, powers],
      ] as const) {
        if (choice < 0.01) levels.reset()
        if (choice < 0.2) for (let band = 0; band < bands; band++) levels.miss(band)
        else if (choice < 0.4) for (let band = 0; band < bands; band++) levels.hearOne(band, values, choice < 0.3)
        else levels.hear(values, choice < 0.7)
        for (let band = 0; band < bands; band++) levels.write(band, levels === ours ? got : wanted, band, bands)
      }
      for (let i = 0; i < got.length; i++) expect(Math.abs(got[i]! - wanted[i]!)).toBeLessThanOrEqual(1e-6 * wanted[i]!)
    }
  })
})

describe('time weightings', () => {
  it('are those of the reference within 1e-9, over gaps and pauses', () => {
    const next = random(5)
    const [ours, theirs] = [kernels, REFERENCE].map((k) => new TimeWeightings(0.001, k)) as [
      TimeWeightings,
      TimeWeightings,
    ]
    const [near, powers] = [kernels.bins(4), REFERENCE.bins(4)]
    let gap = 0
    for (let tick = 0; tick < 60_000; tick++) {
      const choice = next()
      gap = choice < 0.0005 ? Math.floor(next() * 9000) : Math.max(0, gap - 1)
      const loud = tick % 7000 < 5000 ? 1 : 1e-6
      for (let i = 0; i < 3; i++) powers[i] = gap > 0 ? 0 : loud * next() ** 4
      powers[3] = gap > 0 ? 0 : choice < 0.01 ? 0.4 : 1
      near.set(powers)
      const counts = tick % 9000 < 6000
      if (choice > 0.9997) for (const weightings of [ours, theirs]) weightings.reset()
      ours.push(near, counts)
      theirs.push(powers, counts)
      if (tick % 10 > 0) continue
      for (let i = 0; i < TIME_WEIGHTINGS.length; i++) {
        expect(ours.known(i)).toBe(theirs.known(i))
        for (const key of ['now', 'max', 'min'] as const) {
          const [got, wanted] = [ours[key](i), theirs[key](i)]
          if (got !== wanted) expect(Math.abs(got / wanted - 1)).toBeLessThan(1e-9)
        }
      }
    }
  })
})

describe('decoding', () => {
  it.each(['s16', 's24', 's32', 'f32'] as const)('of %s is that of the reference, bit for bit', (format) => {
    const next = random(3)
    for (const channels of [1, 2, 5]) {
      for (const frames of [1, 7, 480, 1001]) {
        const bytes = Uint8Array.from({ length: frames * channels * sampleBytes(format) }, () => 256 * next())
        const stream = { format, channels, rate: 48_000 }
        const got = kernels.planes(channels, frames)
        const wanted = REFERENCE.planes(channels, frames)
        const replaced = REFERENCE.vectors.decodePlanar(bytes, stream, frames, wanted)
        expect(kernels.vectors.decodePlanar(bytes, stream, frames, got)).toBe(replaced)
        expect(got).toEqual(wanted)
        const outside = REFERENCE.planes(channels, frames)
        kernels.vectors.decodePlanar(bytes, stream, frames, outside)
        expect(outside).toEqual(wanted)
      }
    }
  })
})
