/** The signals of `tone:`. Each one makes interleaved samples, full scale = ±1, one stretch after the other. */
import type { StreamFormat } from '#shared/pcm.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import { PinkNoise } from './pink.ts'

export interface Signal {
  /** Overwrites `out`, a whole number of interleaved frames. */
  render(out: Float64Array): void
  /** Goes on as if `frames` frames had been made. Noise does not need to: one stretch of it is as good as another. */
  skip(frames: number): void
}

export interface SignalKind {
  readonly name: string
  /** What stands after the name, in order, with its default; the level is always last. */
  readonly parameters: readonly Parameter[]
  make(format: StreamFormat, values: readonly number[]): Signal
}

interface Parameter {
  readonly name: string
  readonly unit: string
  readonly standard: number
  readonly low: number
  high(rate: number): number
}

const frequency: Parameter = { name: 'frequency', unit: 'Hz', standard: 1000, low: 0.1, high: (rate) => rate / 2 }
const level = (unit: string): Parameter => ({ name: 'level', unit, standard: -20, low: -200, high: () => 0 })

const SWEEP_SECONDS = 10
const SWEEP_LOW_HZ = 20
const SWEEP_HIGH_HZ = 20_000

export const SIGNALS: readonly SignalKind[] = [
  {
    name: 'sine',
    parameters: [frequency, level('dBFS peak')],
    make: ({ channels, rate }, [hz, db]) => sine(channels, hz! / rate, fromDb(db!)),
  },
  {
    name: 'pink',
    parameters: [level('dBFS RMS')],
    make: ({ channels, rate }, [db]) => pink(channels, rate, fromDb(db!)),
  },
  {
    name: 'sweep',
    parameters: [level('dBFS peak')],
    make: ({ channels, rate }, [db]) => sweep(channels, rate, fromDb(db!)),
  },
  { name: 'silence', parameters: [], make: () => ({ render: (out) => void out.fill(0), skip: () => undefined }) },
  { name: 'demo', parameters: [], make: ({ channels, rate }) => demo(channels, rate) },
]

/** `text`: `sine`, `sine:440`, `sine:440:-6`. `count` is not here: it is made as bytes (count.ts). */
export function readSignal(
  text: string,
  rate: number,
): Result<{ readonly kind: SignalKind; readonly values: readonly number[] }> {
  const [name = '', ...given] = text.split(':')
  const kind = SIGNALS.find((s) => s.name === name)
  if (!kind)
    return fail(
      'bad-argument',
      `"${name}" is not a signal. Choose tone:${SIGNALS.map((s) => s.name).join(', tone:')} or tone:count.`,
    )
  if (given.length > kind.parameters.length)
    return fail('bad-argument', `tone:${name} takes at most ${kind.parameters.length} numbers after its name.`)
  const values: number[] = []
  for (const [i, p] of kind.parameters.entries()) {
    const typed = given[i]
    const value = typed === undefined || typed === '' ? p.standard : Number(typed)
    if (!(value >= p.low && value <= p.high(rate)))
      return fail(
        'bad-argument',
        `The ${p.name} of tone:${name} must be a number from ${p.low} to ${p.high(rate)} ${p.unit}, not "${typed}".`,
      )
    values.push(value)
  }
  return ok({ kind, values })
}

function fromDb(db: number): number {
  return 10 ** (db / 20)
}

/** `turns`: cycles a frame. The same in every channel. */
function sine(channels: number, turns: number, peak: number): Signal {
  let phase = 0
  return {
    render(out) {
      for (let i = 0; i < out.length; i += channels) {
        out.fill(peak * Math.sin(2 * Math.PI * phase), i, i + channels)
        phase = (phase + turns) % 1
      }
    },
    skip: (frames) => void (phase = (phase + frames * turns) % 1),
  }
}

/** Its own noise in every channel, so that nothing adds up between them. */
function pink(channels: number, rate: number, rms: number): Signal {
  const noises = Array.from({ length: channels }, (_, c) => new PinkNoise(rate, c))
  return {
    render(out) {
      for (let i = 0; i < out.length; i++) out[i] = rms * noises[i % channels]!.next()
    },
    skip: () => undefined,
  }
}

/** Logarithmic, 20 Hz to 20 kHz (or 0.45 of the rate) in 10 s, over and over. */
function sweep(channels: number, rate: number, peak: number): Signal {
  const length = SWEEP_SECONDS * rate
  const high = Math.min(SWEEP_HIGH_HZ, 0.45 * rate)
  const octaves = Math.log(high / SWEEP_LOW_HZ)
  let frame = 0
  return {
    render(out) {
      for (let i = 0; i < out.length; i += channels) {
        // The phase in closed form (A. Farina, AES 108, 2000, eq. 5), so that a sweep begins the same each time.
        const phase = ((SWEEP_LOW_HZ * SWEEP_SECONDS) / octaves) * Math.expm1((frame / length) * octaves)
        out.fill(peak * Math.sin(2 * Math.PI * phase), i, i + channels)
        frame = (frame + 1) % length
      }
    },
    skip: (frames) => void (frame = (frame + frames) % length),
  }
}

const DEMO_NOISE_RMS = fromDb(-34)
const DEMO_SWELL_DB = 8
const DEMO_TONE_PEAK = fromDb(-22)
/** A tone each so many seconds, of these pitches in turn (A minor pentatonic), decaying with this time constant. */
const DEMO_TONE_EVERY = 2.5
const DEMO_TONES_HZ = [440, 523.25, 659.26, 587.33, 783.99, 329.63]
const DEMO_TONE_DECAY = 0.5
const DEMO_ATTACK = 0.02

/** Something alive to look at: noise that swells and sinks, and a soft tone now and then that wanders between the channels. */
function demo(channels: number, rate: number): Signal {
  const noises = Array.from({ length: channels }, (_, c) => new PinkNoise(rate, c + 100))
  let frame = 0
  const ring = (seconds: number): { value: number; index: number } => {
    const index = Math.floor(seconds / DEMO_TONE_EVERY)
    const t = seconds - index * DEMO_TONE_EVERY
    const envelope = Math.min(1, t / DEMO_ATTACK) * Math.exp(-t / DEMO_TONE_DECAY)
    return {
      value: DEMO_TONE_PEAK * envelope * Math.sin(2 * Math.PI * DEMO_TONES_HZ[index % DEMO_TONES_HZ.length]! * t),
      index,
    }
  }
  return {
    render(out) {
      // Swells move over seconds, so once a stretch is often enough when each stretch glides to the next value.
      const seconds = frame / rate
      const frames = out.length / channels
      const end = seconds + frames / rate
      for (let c = 0; c < channels; c++) {
        const from = DEMO_NOISE_RMS * swell(seconds, c)
        const to = DEMO_NOISE_RMS * swell(end, c)
        for (let i = 0; i < frames; i++) out[i * channels + c] = (from + ((to - from) * i) / frames) * noises[c]!.next()
      }
      for (let i = 0; i < frames; i++) {
        const { value, index } = ring(seconds + i / rate)
        for (let c = 0; c < channels; c++) out[i * channels + c]! += value * (index % channels === c ? 1 : 0.4)
      }
      frame += frames
    },
    skip: (frames) => void (frame += frames),
  }
}

/** Two slow waves of unlike length, so that it takes long to repeat; each channel at its own point of them. */
function swell(seconds: number, channel: number): number {
  const wave =
    Math.sin((2 * Math.PI * seconds) / 7 + channel * 2) + 0.6 * Math.sin((2 * Math.PI * seconds) / 17.3 + channel)
  return fromDb((DEMO_SWELL_DB * wave) / 1.6)
}
