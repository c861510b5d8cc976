import { checkCount } from '#producer/sources/tone/count.ts'
import { encodeSamples } from '#producer/sources/tone/encode.ts'
import { PinkNoise } from '#producer/sources/tone/pink.ts'
import { readSignal, SIGNALS } from '#producer/sources/tone/signals.ts'
import { tone } from '#producer/sources/tone/source.ts'
import { pace } from '#producer/sources/pacer.ts'
import { decodePlanar, SAMPLE_FORMATS } from '#shared/pcm.ts'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

const RATE = 48_000

/** Interleaved samples of a signal, made in stretches of 480 frames as a node does. */
function made(text: string, frames: number, channels = 2, rate = RATE): Float64Array {
  const read = readSignal(text, rate)
  if (!read.ok) throw new Error(read.fault.message)
  const signal = read.value.kind.make({ format: 's32', channels, rate }, read.value.values)
  const out = new Float64Array(frames * channels)
  for (let at = 0; at < out.length; at += 480 * channels) signal.render(out.subarray(at, at + 480 * channels))
  return out
}

function channel(samples: Float64Array, which: number, channels = 2): Float64Array {
  return Float64Array.from({ length: samples.length / channels }, (_, i) => samples[i * channels + which]!)
}

const db = (power: number): number => 10 * Math.log10(power)
const meanSquare = (x: Float64Array): number => x.reduce((sum, v) => sum + v * v, 0) / x.length

/** Power of `x` at one frequency, by Goertzel's sum over Hann-windowed pieces of `size`, averaged. */
function powerAt(x: Float64Array, hz: number, rate: number, size: number): number {
  let sum = 0
  let pieces = 0
  for (let at = 0; at + size <= x.length; at += size / 2, pieces++) {
    let re = 0
    let im = 0
    for (let i = 0; i < size; i++) {
      const v = x[at + i]! * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / size))
      re += v * Math.cos((2 * Math.PI * hz * i) / rate)
      im += v * Math.sin((2 * Math.PI * hz * i) / rate)
    }
    sum += re * re + im * im
  }
  return sum / pieces
}

describe('pink noise', () => {
  test.each([8000, 44_100, 48_000, 192_000])('falls by 3 dB an octave at %i Hz', (rate) => {
    // The response of the filter itself, exact: the spectrum of its answer to one impulse.
    const noise = new PinkNoise(rate, 0)
    const response = noise.impulseResponse(rate)
    const at = (hz: number): number => db(powerAtOnce(response, hz, rate)) + db(hz)
    const reference = at(1000)
    for (let hz = 20; hz <= 0.45 * rate; hz *= 2 ** (1 / 3))
      expect(Math.abs(at(hz) - reference), `${hz} Hz`).toBeLessThan(0.2)
  })

  test(
    'has the power asked for, its slope when measured, and its own noise in each channel',
    { timeout: 20_000 },
    () => {
      const samples = made('pink:-20', 20 * RATE)
      const [left, right] = [channel(samples, 0), channel(samples, 1)]
      expect(Math.abs(db(meanSquare(left)) + 20)).toBeLessThan(1)
      expect(Math.abs(db(meanSquare(right)) + 20)).toBeLessThan(1)
      // Mean of ten neighbouring lines each, to be sure of it within half a decibel.
      const band = (hz: number): number => {
        let sum = 0
        for (let k = 0; k < 10; k++) sum += powerAt(left, hz * (1 + k / 40), RATE, 4096) * (1 + k / 40)
        return db(sum)
      }
      const slope = (band(8000) - band(125)) / 6
      expect(Math.abs(slope + 3.01)).toBeLessThan(0.3)
      const product = left.reduce((sum, v, i) => sum + v * right[i]!, 0) / left.length
      expect(Math.abs(product) / meanSquare(left)).toBeLessThan(0.05)
    },
  )

  test('is the same for the same seed', () => {
    const [a, b, c] = [new PinkNoise(RATE, 4), new PinkNoise(RATE, 4), new PinkNoise(RATE, 5)]
    const first = Array.from({ length: 100 }, () => a.next())
    expect(Array.from({ length: 100 }, () => b.next())).toEqual(first)
    expect(Array.from({ length: 100 }, () => c.next())).not.toEqual(first)
  })
})

function powerAtOnce(x: Float64Array, hz: number, rate: number): number {
  let re = 0
  let im = 0
  for (let i = 0; i < x.length; i++) {
    re += x[i]! * Math.cos((2 * Math.PI * hz * i) / rate)
    im += x[i]! * Math.sin((2 * Math.PI * hz * i) / rate)
  }
  return re * re + im * im
}

describe('signals', () => {
  test('a sine has its frequency, level and phase, also after a skip', () => {
    const samples = channel(made('sine:997:-6', RATE), 1)
    const peak = 10 ** (-6 / 20)
    for (const i of [0, 1, 12_345, 47_999])
      expect(samples[i]).toBeCloseTo(peak * Math.sin((2 * Math.PI * 997 * i) / RATE), 9)
    const read = readSignal('sine:997', RATE)
    if (!read.ok) throw new Error('no sine')
    const signal = read.value.kind.make({ format: 's32', channels: 1, rate: RATE }, read.value.values)
    const out = new Float64Array(1)
    signal.skip(12_345)
    signal.render(out)
    expect(out[0]).toBeCloseTo(0.1 * Math.sin((2 * Math.PI * 997 * 12_345) / RATE), 9)
  })

  test('a sweep passes 20 Hz to 20 kHz in ten seconds, evenly in octaves, and begins again', () => {
    const samples = channel(made('sweep:0', 11 * RATE, 1), 0, 1)
    const crossings = (from: number, to: number): number => {
      let count = 0
      for (let i = from + 1; i < to; i++) if (samples[i - 1]! < 0 && samples[i]! >= 0) count++
      return count
    }
    for (const second of [3, 5, 7, 9]) {
      const at = Math.round((second - 0.05) * RATE)
      const hz = crossings(at, at + RATE / 10) / 0.1
      expect(Math.abs(hz / (20 * 1000 ** (second / 10)) - 1)).toBeLessThan(0.1)
    }
    for (let i = 0; i < RATE; i++) expect(samples[10 * RATE + i]).toBe(samples[i])
  })

  test('the demo is alive, unlike left and right, and far from clipping', () => {
    const samples = made('demo', 15 * RATE)
    expect(samples.every((v) => Math.abs(v) < 0.5)).toBe(true)
    const levels = (which: number): number[] => {
      const x = channel(samples, which)
      return Array.from({ length: 30 }, (_, i) => db(meanSquare(x.subarray((i * RATE) / 2, ((i + 1) * RATE) / 2))))
    }
    const [left, right] = [levels(0), levels(1)]
    expect(Math.max(...left) - Math.min(...left)).toBeGreaterThan(6)
    expect(Math.max(...left.map((v, i) => Math.abs(v - right[i]!)))).toBeGreaterThan(3)
    expect(Math.min(...left)).toBeGreaterThan(-60)
  })

  test('silence is', () => expect(made('silence', 4800).every((v) => v === 0)).toBe(true))

  test.each(SAMPLE_FORMATS)('%s is rounded to the nearest step and clipped', (format) => {
    const values = [0, 0.25, -0.25, 1, -1, 2, -2, 0.123456789]
    const out = new Uint8Array(values.length * { s16: 2, s24: 3, s32: 4, f32: 4 }[format])
    encodeSamples(Float64Array.from(values), format, out)
    const plane = new Float32Array(values.length)
    decodePlanar(out, { format, channels: 1, rate: RATE }, values.length, [plane])
    const step = { s16: 2 ** -15, s24: 2 ** -23, s32: 2 ** -24, f32: 2 ** -24 }[format]
    for (const [i, v] of values.entries()) {
      const expected = format === 'f32' ? v : Math.min(1, Math.max(-1, v))
      expect(Math.abs(plane[i]! - expected)).toBeLessThanOrEqual(step)
    }
  })

  test.each(['noise', 'sine:0', 'sine:24001', 'sine:x', 'sine:1000:1', 'sine:1:2:3', 'pink:-201', 'silence:1'])(
    'refuses "%s" in words',
    (text) => expect(readSignal(text, RATE)).toMatchObject({ ok: false, fault: { code: 'bad-argument' } }),
  )

  test('every kind is labelled simulated', async () => {
    for (const name of [...SIGNALS.map((s) => s.name), 'count']) {
      const source = await tone.create(name, { blockMs: 10 })
      expect(source).toMatchObject({ ok: true, value: { simulated: true, label: name } })
    }
  })
})

describe('pace', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())
  const now = (): bigint => BigInt(Math.round(performance.now() * 1000)) * 1000n

  test.each([
    [48_000, 10, 480, 100],
    [44_100, 1, 441, 100],
    [44_100, 3, 529, 84],
    [48_000, 100, 4800, 10],
  ])('%i Hz in blocks of %i ms: %i frames at a time, without drift', (rate, blockMs, each, wakeUps) => {
    const start = now()
    let frames = 0
    let calls = 0
    const produce = (count: number, endNs: bigint): boolean => {
      expect(count).toBe(each)
      frames += count
      calls++
      expect(endNs - start).toBe((BigInt(frames) * 1_000_000_000n) / BigInt(rate))
      expect(endNs).toBeLessThanOrEqual(now())
      return true
    }
    const stop = pace(rate, blockMs, { produce, skip: () => expect.unreachable() }, now)
    vi.advanceTimersByTime(60_000)
    expect(Math.abs(frames - 60 * rate)).toBeLessThanOrEqual(each)
    expect(calls / 60).toBeLessThanOrEqual(wakeUps)
    stop()
    vi.advanceTimersByTime(1000)
    expect(Math.abs(frames - 60 * rate)).toBeLessThanOrEqual(each)
  })

  test('makes up for a short stall and skips a long one', () => {
    let frames = 0
    let skipped = 0
    let shift = 0n
    const stop = pace(
      RATE,
      10,
      {
        produce: (count) => {
          frames += count
          return true
        },
        skip: (count) => void (skipped += count),
      },
      () => now() + shift,
    )
    vi.advanceTimersByTime(1000)
    shift += 300_000_000n
    vi.advanceTimersByTime(20)
    expect([frames, skipped]).toEqual([Math.round(1.32 * RATE), 0])
    shift += 3_600_000_000_000n
    vi.advanceTimersByTime(20)
    expect(frames).toBeLessThan(1.4 * RATE)
    expect(Math.abs(frames + skipped - 3601.34 * RATE)).toBeLessThanOrEqual(480)
    stop()
  })
})

test('a suspend in the middle of a piece is skipped too, not made up for', () => {
  vi.useFakeTimers()
  let frames = 0
  let skipped = 0
  let shift = 0n
  const stop = pace(
    RATE,
    10,
    {
      produce: (count) => {
        frames += count
        if (frames === 480) shift = 3_600_000_000_000n
        return true
      },
      skip: (count) => void (skipped += count),
    },
    () => BigInt(Math.round(performance.now() * 1000)) * 1000n + shift,
  )
  vi.advanceTimersByTime(10)
  expect([frames, skipped]).toEqual([480, 3600 * RATE])
  stop()
  vi.useRealTimers()
})

test('the counting source counts on after a skip', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'hrtime'] })
  const source = await tone.create('count', { blockMs: 10, rate: RATE, channels: 1, format: 's16' })
  if (!source.ok) throw new Error('no source')
  let position = 0
  let lost = 0
  const opened = await source.value.open({
    begin: () => undefined,
    data: (bytes) => {
      expect(checkCount(bytes, { format: 's16', channels: 1, rate: RATE }, BigInt(position))).toEqual({ wrong: 0 })
      position += bytes.byteLength / 2
    },
    lost: (frames) => {
      position += frames
      lost += frames
    },
    end: () => expect.unreachable(),
  })
  vi.advanceTimersByTime(500)
  const real = process.hrtime.bigint.bind(process.hrtime)
  process.hrtime.bigint = () => real() + 5_000_000_000n
  vi.advanceTimersByTime(500)
  process.hrtime.bigint = real
  if (opened.ok) await opened.value.close()
  vi.useRealTimers()
  expect(lost).toBeGreaterThan(4.9 * RATE)
  expect(position).toBe(6 * RATE)
})
