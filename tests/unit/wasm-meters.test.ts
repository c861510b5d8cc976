/** Every meter with the kernels against itself with the reference: the same sound, gaps, pauses and resets, cut at random. */
import { beforeAll, describe, expect, it } from 'vitest'
import { type KernelSource, REFERENCE } from '#dsp/kernels.ts'
import { loadKernels } from '#dsp/wasm/kernels.ts'
import { type Slot, readingLength } from '#meters/meter.ts'
import { METERS } from '#meters/registry.ts'
import { compileKernels } from '../../config/kernels.ts'
import { noise, random, tone } from '../support/signals.ts'

let open: KernelSource
beforeAll(async () => {
  open = loadKernels(await compileKernels())
})

/** dB. Levels far below the loudest are what single precision leaves of it. */
const NEAR = 0.002
const DEPTH = 100

function compare(layout: readonly Slot[], got: Float32Array, wanted: Float32Array, loudest: number): void {
  let at = 0
  for (const { name, length, unit } of layout) {
    for (let i = at; i < at + length; i++) {
      const [ours, theirs] = [got[i]!, wanted[i]!]
      if (ours === theirs || (unit !== 'ratio' && Math.max(ours, theirs) < loudest - DEPTH)) continue
      expect(Math.abs(ours - theirs), `${name} ${i - at}: ${ours}, reference ${theirs}`).toBeLessThan(NEAR)
    }
    at += length
  }
}

describe.each(METERS.map((definition) => [definition.id, definition] as const))('%s', (_, definition) => {
  it.each([
    [48_000, 1],
    [44_100, 2],
    [96_000, 6],
    [16_000, 1],
  ])('at %i Hz with %i channels reads as the reference does', (rate, channels) => {
    const shape = { rate, channels }
    const layout = definition.layout(shape)
    const [got, wanted] = [new Float32Array(readingLength(layout)), new Float32Array(readingLength(layout))]
    const kernels = open()
    const [ours, theirs] = [definition.create(shape, {}, kernels), definition.create(shape, {}, REFERENCE)]
    const next = random(rate + channels)
    const frames = 5 * rate
    const sounds = Array.from({ length: channels }, (_, c) => {
      const hum = tone(rate, [[5, -20]], 117 * (c + 1))
      return noise(frames, c, 0.6).map((x, i) => (i < 4 * rate ? x * Math.sin(i / 9000) ** 2 + hum[i]! : 0))
    })
    for (let at = 0; at < frames;) {
      const n = Math.min(frames - at, 1 + Math.floor(next() * 2000))
      const planes = sounds.map((plane) => plane.subarray(at, at + n))
      const near = kernels.planes(channels, n)
      planes.forEach((plane, c) => near[c]!.set(plane))
      const choice = next()
      for (const meter of [ours, theirs]) {
        if (choice < 0.02) meter.gap(1 + Math.floor(choice * 1e5))
        else if (choice < 0.03) meter.reset()
        else if (choice < 0.05) meter.pause?.(choice < 0.035)
        meter.process(meter === ours ? near : planes, n)
      }
      if (choice > 0.8) {
        ours.read(got)
        theirs.read(wanted)
        compare(layout, got, wanted, 0)
      }
      at += n
    }
    kernels.dispose()
  })
})
