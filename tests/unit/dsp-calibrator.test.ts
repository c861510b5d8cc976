import { describe, expect, it } from 'vitest'
import { CalibratorEar, nominalHz, type Look } from '#dsp/calibrator.ts'
import { noise, random } from '../support/signals.ts'

const RATE = 48_000

interface Heard {
  readonly ear: CalibratorEar
  readonly looks: readonly Look[]
}

/** Feeds it in blocks of any size. */
function listen(planes: Float32Array[], rate = RATE, captured = planes, seed = 1): Heard {
  const ear = new CalibratorEar({ rate, channels: planes.length })
  const next = random(seed)
  const looks: Look[] = []
  const frames = planes[0]!.length
  for (let at = 0; at < frames;) {
    const n = Math.min(1 + Math.floor(next() * 1500), frames - at)
    const cut = (plane: Float32Array): Float32Array => plane.subarray(at, at + n)
    const look = ear.process(planes.map(cut), n, captured.map(cut))
    if (look) looks.push(look)
    at += n
  }
  return { ear, looks }
}

/** `rmsDb(t)` in dBFS at t seconds. */
function tone(seconds: number, hz: number, rmsDb: number | ((t: number) => number), rate = RATE): Float32Array {
  return Float32Array.from({ length: seconds * rate }, (_, i) => {
    const db = typeof rmsDb === 'number' ? rmsDb : rmsDb(i / rate)
    return Math.SQRT2 * 10 ** (db / 20) * Math.sin((2 * Math.PI * hz * i) / rate + 0.7)
  })
}

function sum(...signals: Float32Array[]): Float32Array {
  return signals[0]!.map((_, i) => signals.reduce((total, s) => total + s[i]!, 0))
}

describe('the ear for a calibrator', () => {
  it.each([8000, 16_000, 44_100, 48_000, 96_000, 192_000])('reads frequency and level at %i Hz', (rate) => {
    for (const hz of [250, 251.37, 1000, 994.3, 1003.21]) {
      const { result } = listen([tone(3, hz, -29.51, rate)], rate).ear
      expect(result!.levelDb).toBeCloseTo(-29.51, 3)
      expect(Math.abs(result!.hz / hz - 1)).toBeLessThan(0.001)
      expect(result!.snrDb).toBeGreaterThan(60)
      expect(result!.channel).toBe(0)
    }
  })

  it('reads a tone in noise 21 dB below it to 0.05 dB, and none in noise 18 dB below it', () => {
    // Uniform in ±a has a power of a²/3.
    const noisy = (snrDb: number): Float32Array[] => {
      const a = Math.sqrt(3) * 10 ** ((-30 - snrDb) / 20)
      // Of white noise to 24 kHz only what lies between 60 Hz and 10 kHz is counted: 3.8 dB less.
      return [sum(tone(4, 1000, -30), noise(4 * RATE, 5, a * Math.sqrt(24_000 / 9940)))]
    }
    const good = listen(noisy(21)).ear.result!
    expect(Math.abs(good.levelDb + 30)).toBeLessThan(0.05)
    expect(good.snrDb).toBeGreaterThanOrEqual(20)
    expect(good.snrDb).toBeLessThan(21.5)
    const bad = listen(noisy(18))
    expect(bad.ear.result).toBeUndefined()
    expect(new Set(bad.looks.map((look) => look.trouble))).toEqual(new Set(['noisy']))
  })

  it('is not disturbed by rumble below 60 Hz', () => {
    const { result } = listen([sum(tone(3, 1000, -30), tone(3, 22, -25))]).ear
    expect(result!.levelDb).toBeCloseTo(-30, 2)
  })

  it('waits until the level stands still: 2 s within 0.1 dB', () => {
    // Rises until 1.5 s, then stands.
    const { ear, looks } = listen([tone(5, 1000, (t) => -30 - 6 * Math.max(0, 1.5 - t))])
    expect(ear.result!.levelDb).toBeCloseTo(-30, 1)
    const first = looks.findIndex((look) => look.steadySeconds === 2)
    // The window is 0.17 s; looks come ten times a second from its end on.
    expect(first / 10).toBeGreaterThan(1.5 + 1.5)
    expect(first / 10).toBeLessThan(1.5 + 2.5)
  })

  it('never takes a level that drifts by 0.1 dB a second, and takes one that drifts by 0.03', () => {
    expect(listen([tone(8, 1000, (t) => -30 + 0.1 * t)]).ear.result).toBeUndefined()
    const slow = listen([tone(4, 1000, (t) => -30 + 0.03 * t)]).ear.result!
    expect(Math.abs(slow.levelDb + 30)).toBeLessThan(0.15)
  })

  it('never takes a frequency that sweeps', () => {
    const swept = Float32Array.from({ length: 6 * RATE }, (_, i) => {
      const t = i / RATE
      return 0.05 * Math.sin(2 * Math.PI * (900 * t + (20 * t * t) / 2))
    })
    expect(listen([swept]).ear.result).toBeUndefined()
  })

  it('tells a wrong frequency', () => {
    expect(nominalHz(listen([tone(3, 880, -30)]).ear.result!.hz)).toBeUndefined()
    expect(nominalHz(1019.9)).toBe(1000)
    expect(nominalHz(1020.1)).toBeUndefined()
    expect(nominalHz(980)).toBe(1000)
    expect(nominalHz(245)).toBe(250)
    expect(nominalHz(255.2)).toBeUndefined()
  })

  it.each([
    ['clipped', tone(4, 1000, 0.5).map((x) => Math.max(-1, Math.min(1, x)))],
    ['low', tone(4, 1000, -75)],
    ['low', new Float32Array(4 * RATE)],
    ['noisy', noise(4 * RATE, 3, 0.1)],
    ['noisy', sum(tone(4, 1000, -30), tone(4, 1600, -45))],
  ] as const)('refuses what is %s', (trouble, signal) => {
    const { ear, looks } = listen([signal])
    expect(ear.result).toBeUndefined()
    expect(looks.length).toBeGreaterThan(30)
    for (const look of looks) {
      expect(look.trouble).toBe(trouble)
      for (const value of Object.values(look)) expect(value).not.toBeNaN()
    }
  })

  it('goes by what was captured for clipping: a correction may lift a good tone above full scale', () => {
    const captured = tone(3, 1000, -4)
    const lifted = captured.map((x) => x * 1.5)
    expect(listen([lifted], RATE, [captured]).ear.result!.levelDb).toBeCloseTo(-4 + 20 * Math.log10(1.5), 2)
    expect(listen([captured], RATE, [tone(3, 1000, 0.2)]).ear.result).toBeUndefined()
  })

  it('hears nothing in a tone of 2 s, which is too short', () => {
    const quiet = new Float32Array(RATE)
    const short = Float32Array.from([...quiet, ...tone(2, 1000, -30), ...quiet])
    const { ear, looks } = listen([short])
    expect(ear.result).toBeUndefined()
    expect(Math.max(...looks.map((look) => look.steadySeconds))).toBeGreaterThan(1.4)
  })

  it('begins anew after a gap', () => {
    const ear = new CalibratorEar({ rate: RATE, channels: 1 })
    const piece = [tone(1.9, 1000, -30)]
    ear.process(piece, piece[0]!.length)
    ear.gap()
    const look = ear.process(piece, piece[0]!.length)!
    expect(ear.result).toBeUndefined()
    expect(look.steadySeconds).toBeLessThan(1.9)
    ear.process(piece, piece[0]!.length)
    expect(ear.result!.levelDb).toBeCloseTo(-30, 2)
  })

  it('takes the loudest channel and tells how far the others are off', () => {
    const { result } = listen([tone(3, 1000, -36), tone(3, 1000, -30), new Float32Array(3 * RATE)]).ear
    expect(result).toMatchObject({ channel: 1 })
    expect(result!.levelDb).toBeCloseTo(-30, 3)
    expect(result!.spreadDb).toBe(200)
    expect(listen([tone(3, 1000, -30.4), tone(3, 1000, -30)]).ear.result!.spreadDb).toBeCloseTo(0.4, 3)
  })

  it('is the same however the sound was cut into blocks', () => {
    const signal = [sum(tone(3, 1000, -30), noise(3 * RATE, 9, 0.001))]
    const [one, other] = [listen(signal, RATE, signal, 1), listen(signal, RATE, signal, 2)]
    expect(one.ear.result).toEqual(other.ear.result)
    expect(one.ear.result).toBeDefined()
  })
})
