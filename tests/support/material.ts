/** Programmes to measure: noise, music and speech, made here, the same every time. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Planes, noise, random } from './signals.ts'

const SENTENCES =
  'The rack in the attic hums at fifty hertz. Nobody hears it, but the microphone does. ' +
  'A quiet passage follows a loud one; then there is a pause, and then the fan starts again. '

/** Noise with a new level every half second, anywhere in 44 dB, its channels unlike. */
export function wanderingNoise(rate: number, seconds = 20): Planes {
  const next = random(5)
  const planes = [noise(seconds * rate, 1, 1), noise(seconds * rate, 2, 1)]
  for (let at = 0; at < seconds * rate; at += rate / 2) {
    const gain = 10 ** ((-50 + 44 * next()) / 20)
    planes.forEach((plane, c) => {
      for (let i = at; i < at + rate / 2; i++) plane[i]! *= gain * (c === 0 ? 1 : 0.6)
    })
  }
  return planes
}

/** Noise that swells and fades by 24 dB every 25 s, with nothing at half the rate, where true peaks depend on whose filter it is. */
export function swellingNoise(rate: number, seconds: number): Planes {
  const gain = (i: number): number => 10 ** ((-24 + 12 * Math.sin((2 * Math.PI * i) / (25 * rate))) / 20)
  return [3, 4].map((seed) => {
    const white = noise(seconds * rate, seed, 1)
    return white.map((x, i) => gain(i) * (x + 2 * (white[i - 1] ?? 0) + (white[i - 2] ?? 0)) * 0.25)
  })
}

/** Chords that decay, over a bass and a beat; soft for the first of every three turns of the harmony. */
export function music(rate: number, seconds = 20): Planes {
  const next = random(9)
  const planes = [new Float32Array(seconds * rate), new Float32Array(seconds * rate)]
  for (let beat = 0; beat < 2 * seconds; beat++) {
    const at = (beat * rate) / 2
    const notes = [0, 4, 7, 12].map((step) => 220 * 2 ** ((step + [0, 5, 7, 0][(beat >> 2) % 4]!) / 12))
    const loud = beat % 40 < 12 ? 0.05 : 0.15
    for (let i = 0; i < rate && at + i < seconds * rate; i++) {
      const t = i / rate
      let x = 0
      for (const hz of notes) x += Math.sin(2 * Math.PI * hz * t) + 0.3 * Math.sin(4 * Math.PI * hz * t)
      x *= loud * Math.exp(-3 * t)
      x += 2 * loud * Math.sin(2 * Math.PI * 55 * t) * Math.exp(-6 * t)
      x += loud * (next() - 0.5) * Math.exp(-40 * t)
      const pan = 0.3 + (0.4 * (beat % 3)) / 2
      planes[0]![at + i]! += x * pan
      planes[1]![at + i]! += x * (1 - pan)
    }
  }
  return planes
}

/** A synthetic voice, one channel; uses `folder` for its files. `times` its ten seconds, each time another voice and level. */
export function speech(rate: number, folder: string, times = 2): Planes {
  const parts = Array.from({ length: times }, (_, i) => {
    const wav = join(folder, 'speech.wav')
    const raw = join(folder, 'speech.f32')
    execFileSync('espeak-ng', ['-p', String(30 + 7 * (i % 6)), '-s', String(150 + 10 * (i % 4)), '-w', wav, SENTENCES])
    const gain = String([0, -4, -9, -2][i % 4])
    execFileSync('sox', ['-D', wav, '-t', 'f32', '-r', String(rate), '-c', '1', raw, 'gain', gain])
    const bytes = readFileSync(raw)
    return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
  })
  const out = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return [out]
}

/** Interleaved, as 32-bit floats. */
export function interleave(planes: Planes): Uint8Array {
  const frames = planes[0]!.length
  const out = new Float32Array(frames * planes.length)
  planes.forEach((plane, c) => {
    for (let i = 0; i < frames; i++) out[i * planes.length + c] = plane[i]!
  })
  return new Uint8Array(out.buffer)
}
