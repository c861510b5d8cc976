/** The loudness meter against libebur128, the library that players, editors and broadcasters use. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loudnessMeter } from '#meters/loudness/meter.ts'
import { record } from '../support/accuracy.ts'
import { interleave, music, speech, swellingNoise, wanderingNoise } from '../support/material.ts'
import { type Planes, feed, noise, read } from '../support/signals.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'farfield-ebur128-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Theirs {
  /** LUFS at the end of every 100 ms; null for silence. */
  readonly M: readonly (number | null)[]
  readonly S: readonly (number | null)[]
  readonly I: number | null
  readonly LRA: number | null
  /** dBTP per channel. */
  readonly truePeak: readonly (number | null)[]
}

function ebur128(planes: Planes, rate: number): Theirs {
  const path = join(folder, 'signal.f32')
  writeFileSync(path, interleave(planes))
  const script = join(import.meta.dirname, '../support/ebur128.py')
  const args = [script, path, String(rate), String(planes.length)]
  return JSON.parse(execFileSync('/usr/bin/python3', args, { encoding: 'utf8', maxBuffer: 1 << 26 })) as Theirs
}

/** Reads ours at the end of every 100 ms; returns the largest differences of M and S and the last reading. */
function compare(planes: Planes, rate: number, theirs: Theirs) {
  const shape = { rate, channels: planes.length }
  const meter = loudnessMeter.create(shape)
  const most = { M: 0, S: 0, compared: 0 }
  let last: Record<string, number[]> = {}
  for (let i = 0; i < theirs.M.length; i++) {
    feed(
      meter,
      planes.map((plane) => plane.subarray((i * rate) / 10, ((i + 1) * rate) / 10)),
      441,
    )
    last = read(meter, loudnessMeter, shape)
    if (((i + 1) * rate) / 10 > planes[0]!.length) break
    for (const [name, ours, wanted, from] of [
      ['M', last['momentary']![0]!, theirs.M[i], 3],
      ['S', last['shortTerm']![0]!, theirs.S[i], 29],
    ] as const) {
      if (i < from || wanted === null || wanted === undefined || wanted < -70) continue
      most[name] = Math.max(most[name], Math.abs(ours - wanted))
      most.compared++
    }
  }
  return { ...most, last }
}

/** Loudness range of short-term values at every 100 ms, by EBU Tech 3342 as written. */
function rangeOf(values: readonly (number | null)[]): number {
  const kept = values.filter((s): s is number => s !== null && s >= -70)
  const gate = 10 * Math.log10(kept.reduce((sum, s) => sum + 10 ** (s / 10), 0) / kept.length) - 20
  const sorted = kept.filter((s) => s >= gate).sort((a, b) => a - b)
  const at = (p: number): number => sorted[Math.round((sorted.length - 1) * p)]!
  return at(0.95) - at(0.1)
}

/** Amplitudes differ only by the oversampling of the two: a steep filter here, 49 taps there. */
const TRUE_PEAK_DB = 0.1

describe.each([
  ['noise', (rate: number) => swellingNoise(rate, 100)],
  ['speech', (rate: number) => speech(rate, folder, 12)],
  ['music', (rate: number) => music(rate, 100)],
] as const)('%s', (name, make) => {
  it.each([48_000, 44_100])('at %i Hz reads as libebur128 does', (rate) => {
    const planes = make(rate)
    const theirs = ebur128(planes, rate)
    const { M, S, compared, last } = compare(planes, rate, theirs)
    expect(compared).toBeGreaterThan(1000)
    const differences = {
      M,
      S,
      I: Math.abs(last['integrated']![0]! - theirs.I!),
      LRA: Math.abs(last['lra']![0]! - theirs.LRA!),
    }
    const peaks = theirs.truePeak.map((peak, c) => last['truePeakMax']![c]! - peak!)
    for (const [figure, difference] of Object.entries(differences)) {
      const limit = figure === 'LRA' ? 0.2 : 0.01
      record({
        standard: 'libebur128',
        case: `${name}, ${rate} Hz, ${figure}`,
        tolerance: `±${limit} LU`,
        read: `${difference.toFixed(4)} LU apart`,
      })
      expect(difference, figure).toBeLessThanOrEqual(limit)
    }
    expect(Math.abs(last['lra']![0]! - rangeOf(theirs.S.slice(29)))).toBeLessThan(0.02)
    const most = Math.max(...peaks.map(Math.abs))
    record({
      standard: 'libebur128',
      case: `${name}, ${rate} Hz, true peak`,
      tolerance: `±${TRUE_PEAK_DB} dB`,
      read: `${most.toFixed(3)} dB apart`,
    })
    expect(most).toBeLessThan(TRUE_PEAK_DB)
  })
})

it('reads the range of noise in steps as that of the short-term values of libebur128', () => {
  // The library itself takes a value each second, too few for such a programme: it is 1.4 LU off its own 100 ms values.
  const rate = 48_000
  const planes = wanderingNoise(rate, 60)
  const theirs = ebur128(planes, rate)
  const { M, S, last } = compare(planes, rate, theirs)
  expect(Math.max(M, S, Math.abs(last['integrated']![0]! - theirs.I!))).toBeLessThan(0.01)
  expect(Math.abs(last['lra']![0]! - rangeOf(theirs.S.slice(29)))).toBeLessThan(0.02)
})

it.each([3, 5, 6])('weighs %i channels as libebur128 does', (channels) => {
  const rate = 48_000
  const planes = Array.from({ length: channels }, (_, c) => noise(12 * rate, c + 1, 0.05 + 0.1 * c))
  const theirs = ebur128(planes, rate)
  const { M, S, last } = compare(planes, rate, theirs)
  for (const difference of [M, S, Math.abs(last['integrated']![0]! - theirs.I!)]) expect(difference).toBeLessThan(0.01)
})
