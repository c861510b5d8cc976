import { describe, expect, it } from 'vitest'
import { Convolver, partitionFrames } from '#dsp/convolver.ts'
import { noise, random } from '../support/signals.ts'

function direct(x: Float32Array, taps: Float32Array): Float64Array {
  const y = new Float64Array(x.length)
  for (let i = 0; i < x.length; i++) {
    for (let t = 0; t < taps.length && t <= i; t++) y[i]! += taps[t]! * x[i - t]!
  }
  return y
}

function run(convolver: Convolver, x: readonly Float32Array[], block: () => number): Float32Array[] {
  const out = x.map((plane) => new Float32Array(plane.length))
  for (let at = 0; at < x[0]!.length;) {
    const n = Math.min(block(), x[0]!.length - at)
    convolver.process(
      x.map((plane) => plane.subarray(at, at + n)),
      out.map((plane) => plane.subarray(at, at + n)),
      n,
    )
    at += n
  }
  return out
}

describe('convolver', () => {
  it.each([
    [1, 64],
    [63, 64],
    [64, 64],
    [65, 64],
    [1000, 64],
    [700, 256],
    [5, 2],
  ])('with %i taps in partitions of %i is direct convolution, one partition later', (length, partition) => {
    const taps = noise(length, length)
    const x = [noise(3000, 1), noise(3000, 2), noise(3000, 3)]
    const convolver = new Convolver(taps, 3, partition)
    expect(convolver.latency).toBe(partition)
    const next = random(length)
    const out = run(convolver, x, () => 1 + Math.floor(next() * 500))
    out.forEach((plane, c) => {
      const wanted = direct(x[c]!, taps)
      for (let i = 0; i < plane.length; i++) {
        const expected = i < partition ? 0 : wanted[i - partition]!
        expect(Math.abs(plane[i]! - expected)).toBeLessThan(2e-6 * (1 + Math.abs(expected)))
      }
    })
  })

  it('gives the same bits however the signal is cut, and in place', () => {
    const taps = noise(900, 4)
    const x = noise(5000, 5)
    const [whole] = run(new Convolver(taps, 1, 128), [x], () => 5000)
    const [single] = run(new Convolver(taps, 1, 128), [x], () => 1)
    const inPlace = x.slice()
    new Convolver(taps, 1, 128).process([inPlace], [inPlace], 5000)
    expect(single).toEqual(whole)
    expect(inPlace).toEqual(whole)
  })

  it('stays finite at the largest floats', () => {
    const x = new Float32Array(1000).fill(3.4e38)
    const [out] = run(new Convolver(new Float32Array(500).fill(1), 1, 128), [x], () => 100)
    for (const value of out!) expect(Number.isFinite(value)).toBe(true)
  })

  it('takes at most 5.4 ms', () => {
    for (const rate of [8000, 16_000, 22_050, 44_100, 48_000, 96_000, 192_000, 384_000]) {
      const frames = partitionFrames(rate)
      expect(frames / rate).toBeLessThanOrEqual(0.0054)
      expect(frames / rate).toBeGreaterThan(0.0027)
    }
    expect(partitionFrames(48_000)).toBe(256)
  })
})
