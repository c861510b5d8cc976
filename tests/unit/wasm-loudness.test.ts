import { beforeAll, describe, expect, it } from 'vitest'
import { type Kernels, type KernelSource, REFERENCE } from '#dsp/kernels.ts'
import { loadKernels } from '#dsp/wasm/kernels.ts'
import { compileKernels } from '../../config/kernels.ts'
import { noise, random, tone } from '../support/signals.ts'

let open: KernelSource
let kernels: Kernels
beforeAll(async () => {
  open = loadKernels(await compileKernels())
  kernels = open()
})

const RATES = [8000, 44_100, 48_000, 96_000, 192_000]

/** Cuts of random lengths, 1 to `most` frames. */
function cuts(frames: number, most: number, seed: number): (readonly [number, number])[] {
  const next = random(seed)
  const out: [number, number][] = []
  for (let at = 0; at < frames;) {
    const end = Math.min(frames, at + 1 + Math.floor(next() * most))
    out.push([at, end])
    at = end
  }
  return out
}

describe('K-weighted energy', () => {
  it.each(RATES)('is that of the reference within 1e-12, at %i Hz', (rate) => {
    const planes = [noise(rate, 1), noise(rate, 2, 1e-6)]
    const ours = kernels.kWeightedEnergy(rate, 2)
    const theirs = REFERENCE.kWeightedEnergy(rate, 2)
    for (const [from, to] of cuts(rate, 9000, 3)) {
      for (const c of [0, 1]) {
        ours.process(c, planes[c]!, from, to)
        theirs.process(c, planes[c]!, from, to)
        const wanted = theirs.take(c)
        expect(Math.abs(ours.take(c) / wanted - 1)).toBeLessThan(1e-12)
      }
    }
  })

  it('holds a tone at 10 Hz as the reference does, after a minute', () => {
    const plane = tone(48_000, [[60, -3]], 10)
    const ours = kernels.kWeightedEnergy(48_000, 1)
    const theirs = REFERENCE.kWeightedEnergy(48_000, 1)
    ours.process(0, plane, 0, plane.length)
    theirs.process(0, plane, 0, plane.length)
    expect(Math.abs(ours.take(0) / theirs.take(0) - 1)).toBeLessThan(1e-10)
  })

  it('recovers from samples that are not finite', () => {
    const plane = noise(960, 4)
    plane[100] = NaN
    const ours = kernels.kWeightedEnergy(48_000, 1)
    ours.process(0, plane, 0, 480)
    expect(ours.take(0)).toBeNaN()
    ours.process(0, plane, 480, 960)
    const theirs = REFERENCE.kWeightedEnergy(48_000, 1)
    theirs.process(0, plane, 480, 960)
    expect(Math.abs(ours.take(0) / theirs.take(0) - 1)).toBeLessThan(1e-12)
  })
})

describe('true peak', () => {
  /** Largest difference of recent and max, relative, over random cuts, gaps, holds and readings. */
  function differ(rate: number, planes: Float32Array[], seed: number): number {
    const next = random(seed)
    const ours = kernels.truePeak(rate, planes.length)
    const theirs = REFERENCE.truePeak(rate, planes.length)
    let most = 0
    for (const [from, to] of cuts(planes[0]!.length, 900, seed)) {
      const choice = next()
      for (const meter of [ours, theirs]) {
        if (choice < 0.05) meter.gap()
        else if (choice < 0.1) meter.hold(choice < 0.075)
        else if (choice < 0.12) meter.reset()
        meter.process(planes, from, to)
        meter.settle()
      }
      for (let c = 0; c < planes.length; c++) {
        for (const [a, b] of [
          [ours.recent[c]!, theirs.recent[c]!],
          [ours.max[c]!, theirs.max[c]!],
        ] as const)
          most = Math.max(most, Math.abs(a - b) / Math.max(b, 1e-30))
      }
      if (choice > 0.7) for (const meter of [ours, theirs]) meter.takeRecent()
    }
    return most
  }

  it.each(RATES)('is that of the reference within 1e-6, at %i Hz', (rate) => {
    const frames = 100_000
    const sine = (cycles: number, phase: number, amplitude: number): Float32Array =>
      Float32Array.from({ length: frames }, (_, i) => amplitude * Math.sin(2 * Math.PI * cycles * i + phase))
    expect(differ(rate, [noise(frames, 5), noise(frames, 6, 1e-5)], 7)).toBeLessThan(1e-6)
    expect(differ(rate, [sine(0.25, 0.8, 0.7), sine(0.02, 0, 1), sine(0.37, 1, 1e-3)], 8)).toBeLessThan(1e-6)
  })

  it('leaves nothing out by pruning', () => {
    const planes = [noise(48_000, 9).map((x, i) => x * Math.sin(i / 3000))]
    const [pruned, whole] = [kernels.truePeak(48_000, 1), kernels.truePeak(48_000, 1, { prune: false })]
    for (const [from, to] of cuts(48_000, 700, 10)) {
      for (const meter of [pruned, whole]) {
        meter.process(planes, from, to)
        meter.settle()
      }
      expect(pruned.recent[0]).toBe(whole.recent[0])
      for (const meter of [pruned, whole]) meter.takeRecent()
    }
    expect(pruned.max[0]).toBe(whole.max[0])
  })

  it('takes samples that are not finite for zero, and any size for what it is up to 1e37', () => {
    const plane = noise(4800, 11)
    plane[1000] = NaN
    plane[2000] = -Infinity
    expect(differ(48_000, [plane], 12)).toBeLessThan(1e-6)
    expect(differ(48_000, [noise(4800, 13, 1e36)], 14)).toBeLessThan(1e-6)
    const meter = kernels.truePeak(48_000, 1)
    meter.process([noise(4800, 15, 3e38)], 0, 4800)
    expect(meter.max[0]).toBeGreaterThan(0.99e37)
    expect(meter.max[0]).toBeLessThan(1e38)
  })
})

describe('memory', () => {
  it('takes planes that lie in it and planes that do not', () => {
    const inside = kernels.planes(1, 5000)
    inside[0]!.set(noise(5000, 16))
    const energies = [inside[0]!, noise(5000, 16)].map((plane) => {
      const energy = kernels.kWeightedEnergy(48_000, 1)
      energy.process(0, plane, 7, 5000)
      return energy.take(0)
    })
    expect(energies[0]).toBe(energies[1])
    expect(inside[0]!.buffer).not.toBe(noise(1, 1).buffer)
  })

  it('is used again, cleared, once given back; what does not fit is done by the reference', () => {
    for (let round = 0; round < 3; round++) {
      const all = Array.from({ length: 200 }, () => open())
      const planes = all.flatMap((one) => one.planes(2, 100_000))
      expect(planes.every((plane) => plane.length === 100_000 && plane[0] === 0 && plane[99_999] === 0)).toBe(true)
      // 160 MB do not fit into 128 MiB.
      expect(new Set(planes.map((plane) => plane.buffer)).size).toBeGreaterThan(10)
      for (const plane of planes) plane.fill(1)
      const late = open().truePeak(48_000, 1)
      late.process([noise(480, 17)], 0, 480)
      expect(late.recent[0]).toBeGreaterThan(0.4)
      for (const one of all) one.dispose()
    }
  })

  it('is not needed', () => {
    expect(loadKernels(undefined)()).toBe(REFERENCE)
    expect(loadKernels(new Uint8Array([0, 97, 115, 109]))()).toBe(REFERENCE)
  })

  it.each([
    ['exports no interface', [], 'interface unknown'],
    ['is of an older interface', [6, 6, 1, 127, 0, 65, 0, 11, 7, 7, 1, 3, 97, 98, 105, 3, 0], 'interface 0'],
  ])('is refused, with a reason, when it %s', (_, sections, reason) => {
    const said: string[] = []
    const stale = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, ...sections])
    expect(loadKernels(stale, (why) => said.push(why))()).toBe(REFERENCE)
    expect(said).toEqual([expect.stringContaining(reason)])
    expect(said[0]).toContain('npm run build')
  })
})
