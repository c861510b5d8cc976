/** Meters against independent programs: ffmpeg's ebur128 filter and sox. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { levelMeter } from '#meters/level/meter.ts'
import { loudnessMeter } from '#meters/loudness/meter.ts'
import { interleave, music, speech, wanderingNoise } from '../support/material.ts'
import { type Planes, feed, read } from '../support/signals.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'farfield-loudness-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function writeRaw(planes: Planes): string {
  const path = join(folder, 'signal.f32')
  writeFileSync(path, interleave(planes))
  return path
}

/** M, S and I that ffmpeg prints for each 100 ms. */
function ffmpeg(planes: Planes, rate: number): { M: number; S: number; I: number }[] {
  const input = ['-f', 'f32le', '-ar', String(rate), '-ac', String(planes.length), '-i', writeRaw(planes)]
  const filter = 'ebur128=metadata=1,ametadata=mode=print:file=-'
  const args = ['-v', 'error', ...input, '-af', filter, '-f', 'null', '-']
  const text = execFileSync('ffmpeg', args, { encoding: 'utf8', maxBuffer: 1 << 28 })
  return text
    .split(/^frame:/m)
    .slice(1)
    .map((frame) => {
      const value = (name: string) => Number(new RegExp(`lavfi\\.r128\\.${name}=(\\S+)`).exec(frame)?.[1] ?? Number.NaN)
      return { M: value('M'), S: value('S'), I: value('I') }
    })
}

/** `RMS lev dB` of each channel. */
function soxRms(planes: Planes, rate: number): number[] {
  const args = ['-t', 'f32', '-r', String(rate), '-c', String(planes.length), writeRaw(planes), '-n', 'stats']
  const { stderr } = spawnSync('sox', args, { encoding: 'utf8' })
  const columns = /^RMS lev dB\s+(.*)$/m.exec(stderr)![1]!.trim().split(/\s+/).map(Number)
  return columns.slice(-planes.length)
}

const SIGNALS = [
  ['noise', (rate: number) => wanderingNoise(rate)],
  ['speech', (rate: number) => speech(rate, folder)],
  ['music', (rate: number) => music(rate)],
] as const

describe.each(SIGNALS)('%s', (_, make) => {
  it.each([48_000, 44_100])('at %i Hz reads as ffmpeg and sox do', (rate) => {
    const planes = make(rate)
    const shape = { rate, channels: planes.length }
    const loudness = loudnessMeter.create(shape)
    const level = levelMeter.create(shape)
    const theirs = ffmpeg(planes, rate)
    expect(theirs.length).toBeGreaterThan(50)
    let compared = 0
    for (const [i, wanted] of theirs.entries()) {
      const span = planes.map((plane) => plane.subarray((i * rate) / 10, ((i + 1) * rate) / 10))
      if (span[0]!.length < rate / 10) break
      feed(loudness, span)
      const ours = read(loudness, loudnessMeter, shape)
      if (i >= 3 && wanted.M > -69) {
        expect(Math.abs(ours['momentary']![0]! - wanted.M), `M at ${i / 10} s`).toBeLessThan(0.05)
        compared++
      }
      if (i >= 29 && wanted.S > -69) {
        expect(Math.abs(ours['shortTerm']![0]! - wanted.S), `S at ${i / 10} s`).toBeLessThan(0.05)
      }
    }
    expect(compared).toBeGreaterThan(50)
    const integrated = read(loudness, loudnessMeter, shape)['integrated']![0]!
    expect(Math.abs(integrated - theirs.at(-1)!.I), `I ${integrated}`).toBeLessThan(0.05)

    feed(level, planes, 441)
    const rms = read(level, levelMeter, shape)['rmsTotal']!
    soxRms(planes, rate).forEach((db, c) => expect(Math.abs(rms[c]! - db)).toBeLessThanOrEqual(0.01))
  })
})
