/** Meters against independent programs: ffmpeg's ebur128 filter and sox. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { levelMeter } from '#meters/level/meter.ts'
import { loudnessMeter } from '#meters/loudness/meter.ts'
import { type Planes, feed, noise, random, read } from '../support/signals.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'farfield-loudness-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const SENTENCES =
  'The rack in the attic hums at fifty hertz. Nobody hears it, but the microphone does. ' +
  'A quiet passage follows a loud one; then there is a pause, and then the fan starts again. '

/** Noise whose level wanders and stops, its channels unlike. */
function wanderingNoise(rate: number): Planes {
  const next = random(5)
  const planes = [noise(20 * rate, 1, 1), noise(20 * rate, 2, 1)]
  for (let at = 0; at < 20 * rate; at += rate / 2) {
    const gain = 10 ** ((-50 + 44 * next()) / 20)
    planes.forEach((plane, c) => {
      for (let i = at; i < at + rate / 2; i++) plane[i]! *= gain * (c === 0 ? 1 : 0.6)
    })
  }
  return planes
}

/** Chords that decay, over a bass and a beat. */
function music(rate: number): Planes {
  const next = random(9)
  const planes = [new Float32Array(20 * rate), new Float32Array(20 * rate)]
  for (let beat = 0; beat < 40; beat++) {
    const at = (beat * rate) / 2
    const notes = [0, 4, 7, 12].map((step) => 220 * 2 ** ((step + [0, 5, 7, 0][(beat >> 2) % 4]!) / 12))
    const loud = beat < 12 ? 0.05 : 0.15
    for (let i = 0; i < rate; i++) {
      const t = i / rate
      let x = 0
      for (const hz of notes) x += Math.sin(2 * Math.PI * hz * t) + 0.3 * Math.sin(4 * Math.PI * hz * t)
      x *= loud * Math.exp(-3 * t)
      x += 2 * loud * Math.sin(2 * Math.PI * 55 * t) * Math.exp(-6 * t)
      x += loud * (next() - 0.5) * Math.exp(-40 * t)
      const pan = 0.3 + (0.4 * (beat % 3)) / 2
      if (at + i < 20 * rate) {
        planes[0]![at + i]! += x * pan
        planes[1]![at + i]! += x * (1 - pan)
      }
    }
  }
  return planes
}

function speech(rate: number): Planes {
  const wav = join(folder, 'speech.wav')
  const raw = join(folder, 'speech.f32')
  execFileSync('espeak-ng', ['-w', wav, SENTENCES.repeat(2)])
  execFileSync('sox', ['-D', wav, '-t', 'f32', '-r', String(rate), '-c', '1', raw])
  const bytes = readFileSync(raw)
  return [new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))]
}

function writeRaw(planes: Planes): string {
  const frames = planes[0]!.length
  const interleaved = new Float32Array(frames * planes.length)
  planes.forEach((plane, c) => {
    for (let i = 0; i < frames; i++) interleaved[i * planes.length + c] = plane[i]!
  })
  const path = join(folder, 'signal.f32')
  writeFileSync(path, new Uint8Array(interleaved.buffer))
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
  ['noise', wanderingNoise],
  ['speech', speech],
  ['music', music],
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
