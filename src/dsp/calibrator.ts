/**
 * Listens for the tone of a sound calibrator (IEC 60942: 1 kHz or 250 Hz at 94, 104 or 114 dB) and says its frequency and level
 * once it is steady. Ten times a second a window of some 0.2 s is looked at; the strongest tone in it is taken, its level
 * from the power of its main lobe alone, so that noise beside it hardly counts.
 *
 * The rule: steady is a tone that for 2 s, in every window, is at least 20 dB above everything else together from 60 Hz to
 * 10 kHz, not clipped, in sound without a gap, and moves by less than 0.1 dB and 1 % of its frequency.
 */
import { powerToDb } from './decibel.ts'
import { RealFft } from './fft.ts'
import { Hops } from './hops.ts'
import { CLIP_LEVEL } from './vectors.ts'
import { windowOf } from './windows.ts'

export const STEADY_SECONDS = 2
export const STEADY_DB = 0.1
export const LEAST_SNR_DB = 20
/** A calibrator at a microphone that can measure reads far more than this, dBFS. */
export const LEAST_LEVEL_DB = -70

const LOOKS_PER_SECOND = 10
const STEADY_LOOKS = STEADY_SECONDS * LOOKS_PER_SECOND
const WINDOW_S = 0.16
const STEADY_HZ_SHARE = 0.01
const LOW_HZ = 60
const HIGH_HZ = 10_000
/** Half the main lobe of the four-term Blackman-Harris window, and one bin for a tone between two. */
const LOBE_BINS = 5

/** What stands in the way; absent while the tone is good. */
export type ToneTrouble = 'low' | 'noisy' | 'clipped' | 'gap'

export interface Tone {
  readonly hz: number
  /** RMS, dBFS with a full-scale square wave at 0. -Infinity for silence. */
  readonly levelDb: number
  /** Above everything else from 60 Hz to 10 kHz. */
  readonly snrDb: number
  /** The loudest one, from 0. */
  readonly channel: number
  /** How much lower the quietest channel reads the same tone. */
  readonly spreadDb: number
}

export interface Look extends Tone {
  readonly trouble?: ToneTrouble
  /** For how long the tone has been good and has not moved, at most STEADY_SECONDS. */
  readonly steadySeconds: number
}

export class CalibratorEar {
  readonly #fft: RealFft
  readonly #window: Float64Array
  readonly #rate: number
  readonly #hops: Hops
  /** The last `size` frames of each channel; they begin at `at` and go round. */
  readonly #rings: readonly Float32Array[]
  readonly #power: Float64Array
  readonly #x: Float64Array
  readonly #re: Float64Array
  readonly #im: Float64Array
  /** Good looks in a row. */
  #run: Tone[] = []
  #at = 0
  #filled = 0
  /** Frames since the last clipped one and since the last gap, as far as a window reaches. */
  #sinceClip = Infinity
  #gap = false
  #result: Tone | undefined

  constructor({ rate, channels }: { readonly rate: number; readonly channels: number }) {
    const size = 2 ** Math.ceil(Math.log2(rate * WINDOW_S))
    this.#rate = rate
    this.#fft = new RealFft(size)
    this.#window = windowOf('blackman-harris', size)
    this.#hops = new Hops(rate, LOOKS_PER_SECOND)
    this.#rings = Array.from({ length: channels }, () => new Float32Array(size))
    this.#power = new Float64Array(this.#fft.bins)
    this.#x = new Float64Array(size)
    this.#re = new Float64Array(this.#fft.bins)
    this.#im = new Float64Array(this.#fft.bins)
  }

  /** Mean over the steady seconds, once there were some; it stays. */
  get result(): Tone | undefined {
    return this.#result
  }

  /** As for a meter: `captured` tells of clipping. Returns the newest look, or undefined while there is no new one. */
  process(planes: readonly Float32Array[], frames: number, captured = planes): Look | undefined {
    let look: Look | undefined
    for (let at = 0; at < frames;) {
      const n = Math.min(this.#hops.left, frames - at)
      this.#keep(planes, captured, at, n)
      at += n
      if (this.#hops.advance(n) && this.#filled === this.#fft.size) look = this.#look()
    }
    return look
  }

  gap(): void {
    this.#filled = 0
    this.#run = []
    this.#gap = true
  }

  #keep(planes: readonly Float32Array[], captured: readonly Float32Array[], from: number, n: number): void {
    const { size } = this.#fft
    this.#sinceClip += n
    this.#rings.forEach((ring, c) => {
      const [plane, raw] = [planes[c]!, captured[c]!]
      for (let i = 0; i < n; i++) {
        ring[(this.#at + i) % size] = plane[from + i]!
        if (Math.abs(raw[from + i]!) >= CLIP_LEVEL) this.#sinceClip = Math.min(this.#sinceClip, n - i)
      }
    })
    this.#at = (this.#at + n) % size
    this.#filled = Math.min(size, this.#filled + n)
  }

  #look(): Look {
    const tone = this.#tone()
    const trouble = this.#trouble(tone)
    this.#gap = false
    if (trouble) this.#run = []
    else this.#extend(tone)
    if (!this.#result && this.#run.length === STEADY_LOOKS) this.#result = mean(this.#run)
    return { ...tone, ...(trouble && { trouble }), steadySeconds: this.#run.length / LOOKS_PER_SECOND }
  }

  #trouble({ levelDb, snrDb }: Tone): ToneTrouble | undefined {
    if (this.#gap) return 'gap'
    if (this.#sinceClip <= this.#fft.size) return 'clipped'
    if (!(levelDb >= LEAST_LEVEL_DB)) return 'low'
    return snrDb >= LEAST_SNR_DB ? undefined : 'noisy'
  }

  /** Goes back from the newest look for as long as nothing moved. */
  #extend(tone: Tone): void {
    this.#run = [...this.#run, tone].slice(-STEADY_LOOKS)
    let [low, high] = [Infinity, -Infinity]
    let begin = this.#run.length
    while (begin > 0) {
      const { levelDb, hz, channel } = this.#run[begin - 1]!
      low = Math.min(low, levelDb)
      high = Math.max(high, levelDb)
      if (high - low >= STEADY_DB || Math.abs(hz - tone.hz) > tone.hz * STEADY_HZ_SHARE) break
      if (channel !== tone.channel && tone.spreadDb >= STEADY_DB) break
      begin--
    }
    this.#run.splice(0, begin)
  }

  /** The strongest tone of any channel. */
  #tone(): Tone {
    const width = this.#rate / this.#fft.size
    const first = Math.ceil(LOW_HZ / width)
    const last = Math.min(Math.floor(HIGH_HZ / width), this.#fft.bins - 2 - LOBE_BINS)
    let best = { level: 0, peak: first, hz: 0, snr: 0, channel: 0 }
    for (let c = 0; c < this.#rings.length; c++) {
      this.#transform(c)
      const peak = indexOfLargest(this.#power, first, last)
      const level = this.#lobe(peak)
      if (!(level > best.level)) continue
      const rest = this.#sum(first, last) - level
      best = { level, peak, hz: (peak + this.#fraction(peak)) * width, snr: level / Math.max(rest, 1e-25), channel: c }
    }
    let quietest = best.level
    if (this.#rings.length > 1) {
      for (let c = 0; c < this.#rings.length; c++) {
        this.#transform(c)
        quietest = Math.min(quietest, this.#lobe(best.peak))
      }
    }
    const levelDb = powerToDb(best.level)
    return {
      hz: best.hz,
      levelDb,
      snrDb: best.level > 0 ? 10 * Math.log10(best.snr) : 0,
      channel: best.channel,
      // Bounded, because a channel may be silent.
      spreadDb: best.level > 0 ? Math.min(levelDb - powerToDb(quietest), 200) : 0,
    }
  }

  /** Mean square by bin: a tone's is the sum over its lobe. */
  #transform(channel: number): void {
    const { size } = this.#fft
    const ring = this.#rings[channel]!
    const window = this.#window
    let energy = 0
    for (let i = 0; i < size; i++) {
      const w = window[i]!
      this.#x[i] = ring[(this.#at + i) % size]! * w
      energy += w * w
    }
    this.#fft.forward(this.#x, this.#re, this.#im)
    const scale = 2 / (size * energy)
    for (let k = 0; k < this.#power.length; k++) this.#power[k] = scale * (this.#re[k]! ** 2 + this.#im[k]! ** 2)
  }

  #lobe(peak: number): number {
    return this.#sum(Math.max(0, peak - LOBE_BINS), peak + LOBE_BINS)
  }

  #sum(from: number, to: number): number {
    let sum = 0
    for (let k = from; k <= to; k++) sum += this.#power[k]!
    return sum
  }

  /** Bins from `peak` to the top of the parabola through the logarithms of three bins: this window's lobe is nearly one. */
  #fraction(peak: number): number {
    const [a, b, c] = [-1, 0, 1].map((d) => Math.log(Math.max(this.#power[peak + d]!, 1e-300))) as [
      number,
      number,
      number,
    ]
    const bend = a - 2 * b + c
    return bend < 0 ? (a - c) / (2 * bend) : 0
  }
}

function indexOfLargest(values: Float64Array, first: number, last: number): number {
  let best = first
  for (let k = first; k <= last; k++) if (values[k]! > values[best]!) best = k
  return best
}

/** Levels are averaged as dB: they lie within 0.1. */
function mean(run: readonly Tone[]): Tone {
  const of = (pick: (tone: Tone) => number): number => run.reduce((sum, tone) => sum + pick(tone), 0) / run.length
  return {
    hz: of((t) => t.hz),
    levelDb: of((t) => t.levelDb),
    snrDb: Math.min(...run.map((t) => t.snrDb)),
    channel: run.at(-1)!.channel,
    spreadDb: of((t) => t.spreadDb),
  }
}

/** The nominal frequency that a calibrator's tone is within 2 % of, Hz; undefined where it is neither. */
export function nominalHz(hz: number): number | undefined {
  return [1000, 250].find((nominal) => Math.abs(hz - nominal) <= 0.02 * nominal)
}
