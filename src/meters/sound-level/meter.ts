/**
 * Sound level: IEC 61672-1:2013, class 1. Time weightings F and S, and I of the former IEC 60651; statistics and averages.
 *
 * Levels are dB re full scale, a full-scale square wave at 0 (a full-scale sine reads -3.01): no microphone's sensitivity is
 * in them. Whoever shows dB SPL adds the one offset that the calibration gives to every slot in dBFS.
 *
 * Gaps. Levels are over what was heard of their window (see time-weighting.ts), and each average carries its coverage. After
 * a gap the filters ring from the cut for a moment: those 50 ms count as lost too, so that a cut never sets a maximum.
 */
import { Hops } from '#dsp/hops.ts'
import { type Kernels, REFERENCE } from '#dsp/kernels.ts'
import { TIME_WEIGHTINGS } from '#dsp/time-weighting.ts'
import type { Weighted } from '#dsp/weighted-energy.ts'
import type { Meter, MeterDefinition, Slot, StreamShape } from '#meters/meter.ts'
import { SoundChannel, TICKS_PER_SECOND } from './channel.ts'

/** Per cent of the time. */
const PERCENTS = [1, 5, 10, 50, 90, 95, 99] as const
/** After a gap, in ticks: six time constants of the slowest pole that counts, 20.6 Hz. */
const SETTLE_TICKS = 50
/** A whole gap of so many seconds leaves nothing in a time weighting (S forgets after seven) nor in LAeq of a second. */
const FORGET_S = 9
/** The longest window. */
const LONGEST_S = 3600
const OVERLOAD_TICKS = TICKS_PER_SECOND

const LEVELS = TIME_WEIGHTINGS
const WINDOWS = ['1s', '1min', '5min', '15min', '1h'] as const

/** Slots that are powers before they become levels: those up to the averages over windows. */
const POWERS = 3 * LEVELS.length + 6 + WINDOWS.length

interface Kind {
  readonly name: string
  readonly unit: Slot['unit']
  readonly merge?: Slot['merge']
}

const dbfs = (name: string): Kind => ({ name, unit: 'dBFS' })

/** In the order in which `read` writes them; each slot holds one value a channel. */
const KINDS: readonly Kind[] = [
  /** Now; -Infinity while less than half of the window was heard. */
  ...LEVELS.map(dbfs),
  /** Extremes since reset, formed every millisecond; -Infinity before there is one. */
  ...LEVELS.map((level) => dbfs(`${level}max`)),
  ...LEVELS.map((level) => dbfs(`${level}min`)),
  /** Over all that was heard since reset; LAE is its energy in one second. */
  ...['LAeq', 'LCeq', 'LZeq', 'LAE'].map(dbfs),
  /** Since reset, and since the last reading. */
  dbfs('LCpeakMax'),
  { name: 'LCpeak', unit: 'dBFS', merge: 'max' },
  /** Over what was heard of the last second (renewed every 10 ms), of 1, 5 and 15 minutes and of an hour (every second). */
  ...WINDOWS.map((window) => dbfs(`LAeq${window}`)),
  /** LAF exceeded for so much of the time since reset, from samples every 10 ms in classes of 0.1 dB. */
  ...PERCENTS.map((percent) => dbfs(`L${percent}`)),
  /** Shares of the windows that were heard; what lies before the stream began was not. `coverage` is since reset. */
  ...WINDOWS.map((window) => ({ name: `coverage${window}`, unit: 'share' }) as const),
  { name: 'coverage', unit: 'share' },
  /** Heard since reset. */
  { name: 'heard', unit: 's' },
  /** Whether the converter was at full scale: within the last second, and at any time since reset. */
  { name: 'overload', unit: 'flag', merge: 'max' },
  { name: 'overloaded', unit: 'flag' },
]

class SoundLevelMeter implements Meter {
  readonly #rate: number
  readonly #ticks: Hops
  readonly #vectors: Kernels['vectors']
  readonly #energy: ReturnType<Kernels['weightedEnergy']>
  readonly #channels: readonly SoundChannel[]
  readonly #tick: Weighted = { a: 0, c: 0, z: 0, peakC: 0 }
  /** Ticks until the overload of a channel is no longer shown; whether it had one since reset. */
  readonly #overload: Uint16Array
  readonly #overloaded: Uint8Array
  #heard = 0
  #lost = 0
  /** Ticks since the last whole second of the stream. */
  #second = 0
  /** Ticks lost in a row, as far as it matters. */
  #deaf = 0
  #settle = 0
  /** The open tick began before a reset, or with a pause. */
  #stale = false
  #paused = false

  constructor({ rate, channels }: StreamShape, kernels: Kernels) {
    this.#rate = rate
    this.#ticks = new Hops(rate, TICKS_PER_SECOND)
    this.#vectors = kernels.vectors
    this.#energy = kernels.weightedEnergy(rate, channels)
    this.#channels = Array.from({ length: channels }, () => new SoundChannel(rate, kernels))
    this.#overload = new Uint16Array(channels)
    this.#overloaded = new Uint8Array(channels)
  }

  process(planes: readonly Float32Array[], frames: number, captured = planes): void {
    // Clipping is rare: tick by tick only where there is any.
    let clipped = false
    for (let c = 0; c < this.#channels.length; c++) clipped ||= this.#vectors.clips(captured[c]!, 0, frames)
    for (let at = 0; at < frames;) {
      const n = Math.min(this.#ticks.left, frames - at)
      for (let c = 0; c < this.#channels.length; c++) {
        this.#energy.process(c, planes[c]!, at, at + n)
        if (clipped && this.#vectors.clips(captured[c]!, at, at + n)) {
          this.#overload[c] = OVERLOAD_TICKS
          if (!this.#paused) this.#overloaded[c] = 1
        }
      }
      this.#heard += n
      if (this.#ticks.advance(n)) this.#endTick()
      at += n
    }
  }

  gap(frames: number): void {
    let left = this.#ticks.shorten(frames, LONGEST_S + FORGET_S + 1)
    // Seconds left out here were lost before those that are played below; nothing remembers more than these but the count.
    if (!this.#paused) for (const channel of this.#channels) channel.lost += frames - left
    while (left > 0) {
      if (this.#second === 0 && this.#deaf >= FORGET_S * TICKS_PER_SECOND && left >= this.#rate) {
        for (const channel of this.#channels) channel.loseSecond(this.#rate, !this.#paused)
        left -= this.#rate
        continue
      }
      const n = Math.min(this.#ticks.left, left)
      this.#lost += n
      if (this.#ticks.advance(n)) this.#endTick()
      left -= n
    }
  }

  read(out: Float32Array): void {
    const n = this.#channels.length
    for (let c = 0; c < n; c++) {
      const channel = this.#channels[c]!
      const { weightings, total, heard, lost, windows } = channel
      let at = c
      for (let i = 0; i < LEVELS.length; i++, at += n) out[at] = weightings.now(i)
      for (let i = 0; i < LEVELS.length; i++, at += n) out[at] = weightings.max(i)
      for (let i = 0; i < LEVELS.length; i++, at += n) {
        const min = weightings.min(i)
        out[at] = min < Infinity ? min : 0
      }
      const frames = Math.max(1, heard)
      out[at] = total.a / frames
      out[(at += n)] = total.c / frames
      out[(at += n)] = total.z / frames
      out[(at += n)] = total.a / this.#rate
      out[(at += n)] = total.peakC ** 2
      out[(at += n)] = channel.peakC ** 2
      for (let i = 0; i < windows.length; i++) out[(at += n)] = windows[i]!.mean
      channel.statistics.exceeded(PERCENTS, out, (at += n), n)
      at += (PERCENTS.length - 1) * n
      for (let i = 0; i < windows.length; i++) out[(at += n)] = windows[i]!.coverage
      out[(at += n)] = heard > 0 ? heard / (heard + lost) : 0
      out[(at += n)] = heard / this.#rate
      out[(at += n)] = this.#overload[c]! > 0 ? 1 : 0
      out[(at += n)] = this.#overloaded[c]!
      channel.peakC = 0
    }
    this.#vectors.powersToDb(out, 0, POWERS * n)
  }

  /** Totals, extremes and statistics start with the next whole millisecond; time weightings and windows go on. */
  reset(): void {
    for (const channel of this.#channels) channel.reset()
    this.#overloaded.fill(0)
    this.#stale = this.#heard + this.#lost > 0
  }

  pause(paused: boolean): void {
    this.#paused = paused
    this.#stale = this.#heard + this.#lost > 0
  }

  #endTick(): void {
    const counts = !this.#stale && !this.#paused
    const cut = this.#lost > 0
    if (cut) this.#settle = SETTLE_TICKS
    // A tick that a gap touches, and those after it, are not heard.
    const heard = this.#settle > 0 ? 0 : this.#heard
    const frames = this.#heard + this.#lost
    for (let c = 0; c < this.#channels.length; c++) {
      const finite = this.#energy.take(c, this.#tick)
      if (heard > 0 && finite) this.#channels[c]!.push(this.#tick, heard, 0, counts)
      else this.#channels[c]!.push(NOTHING, 0, frames, counts)
      if (this.#overload[c]! > 0) this.#overload[c]!--
    }
    if (!cut && this.#settle > 0) this.#settle--
    const silent = this.#heard === 0
    this.#deaf = silent ? Math.min(this.#deaf + 1, FORGET_S * TICKS_PER_SECOND) : 0
    this.#second = (this.#second + 1) % TICKS_PER_SECOND
    this.#heard = 0
    this.#lost = 0
    this.#stale = false
  }
}

const NOTHING: Readonly<Weighted> = { a: 0, c: 0, z: 0, peakC: 0 }

export const soundLevelMeter: MeterDefinition = {
  id: 'sound-level',
  title: 'Sound level',
  layout: ({ channels }) =>
    KINDS.map(({ name, unit, merge }) => ({ name, length: channels, unit, merge: merge ?? 'last' })),
  create: (shape, _, kernels = REFERENCE) => new SoundLevelMeter(shape, kernels),
}
