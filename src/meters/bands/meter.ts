/**
 * Third-octave and octave bands, IEC 61260-1:2014 class 1, of the bands from 20 Hz to 20 kHz that the rate allows (see
 * `thirdOctaves` and `octaves`). Octaves are sums of the power of their three thirds, which meets class 1 too.
 *
 * Levels are dB re full scale, a full-scale square wave at 0 (a full-scale sine reads -3.01 in its band), unweighted.
 *
 * Gaps. A block (5 to 11 ms) that a gap touches is lost. After it a filter rings from the cut, the longer the lower its band:
 * until that is over a band hears nothing, so that a cut never sets a maximum.
 */
import { type BankPlan, planBank } from '#dsp/band-bank.ts'
import { octaves, thirdOctaves } from '#dsp/bands.ts'
import { type Kernels, REFERENCE } from '#dsp/kernels.ts'
import { ExponentialMean, FAST_S, SLOW_S } from '#dsp/time-weighting.ts'
import type { Meter, MeterDefinition, Slot, StreamShape } from '#meters/meter.ts'

/** A filter's ringing has fallen by 55 dB after so many periods of its bandwidth. */
const RINGING = 4
/** S forgets after a gap of seven seconds. */
const FORGET_S = 8

/** Each slot holds, for one channel after another, its bands from the lowest up. */
function layout({ rate, channels }: StreamShape): readonly Slot[] {
  const level = (name: string, bands: number): Slot => ({ name, length: channels * bands, unit: 'dBFS', merge: 'last' })
  const both = (thirds: string, whole: string): readonly Slot[] => [
    level(thirds, thirdOctaves(rate).length),
    level(whole, octaves(rate).length),
  ]
  return [
    /** Now, by F and S; -Infinity while less than half of the window was heard. */
    ...both('thirdF', 'octaveF'),
    ...both('thirdS', 'octaveS'),
    /** Mean over what was heard, and largest F, since reset. */
    ...both('thirdEq', 'octaveEq'),
    ...both('thirdFmax', 'octaveFmax'),
    /** Heard since reset, and its share of the time since reset. */
    { name: 'heard', length: 1, unit: 's', merge: 'last' },
    { name: 'coverage', length: 1, unit: 'share', merge: 'last' },
  ]
}

class BandLevel {
  readonly #fast: ExponentialMean
  readonly #slow: ExponentialMean
  /** Sum of mean squares since reset, and blocks in it. */
  #sum = 0
  #blocks = 0
  max = 0

  constructor(tick: number) {
    this.#fast = new ExponentialMean(FAST_S, tick)
    this.#slow = new ExponentialMean(SLOW_S, tick)
  }

  hear(power: number, counts: boolean): void {
    this.#fast.push(power, 1)
    this.#slow.push(power, 1)
    if (!counts) return
    this.#sum += power
    this.#blocks++
    if (this.#fast.atLeast > this.max) this.max = this.#fast.atLeast
  }

  miss(): void {
    this.#fast.push(0, 0)
    this.#slow.push(0, 0)
  }

  get fast(): number {
    return this.#fast.average
  }

  get slow(): number {
    return this.#slow.average
  }

  get mean(): number {
    return this.#blocks > 0 ? this.#sum / this.#blocks : 0
  }

  reset(): void {
    this.#sum = 0
    this.#blocks = 0
    this.max = 0
  }
}

class ChannelBands {
  readonly #bank: ReturnType<Kernels['bandBank']>
  readonly #power: Float64Array
  readonly block: Float32Array
  readonly thirds: readonly BandLevel[]
  readonly whole: readonly BandLevel[]
  /** Blocks since the last lost one. */
  #age = Infinity

  constructor(plan: BankPlan, tick: number, octaveCount: number, kernels: Kernels) {
    this.#bank = kernels.bandBank(plan)
    this.#power = new Float64Array(plan.bands.length)
    this.block = kernels.planes(1, plan.block)[0]!
    this.thirds = plan.bands.map(() => new BandLevel(tick))
    this.whole = Array.from({ length: octaveCount }, () => new BandLevel(tick))
  }

  /** Takes in the full block. `settled[band]`: blocks after a gap until its ringing is over. */
  hear(settled: Uint16Array, counts: boolean): void {
    const power = this.#power
    if (!this.#bank.process(this.block, power)) return this.miss()
    this.#age++
    for (let i = 0; i < this.thirds.length; i++) {
      if (this.#age > settled[i]!) this.thirds[i]!.hear(power[i]!, counts)
      else this.thirds[i]!.miss()
    }
    for (let i = 0; i < this.whole.length; i++) {
      const first = 3 * i + 1
      // The lowest third of an octave rings longest.
      if (this.#age > settled[first]!)
        this.whole[i]!.hear(power[first]! + power[first + 1]! + power[first + 2]!, counts)
      else this.whole[i]!.miss()
    }
  }

  miss(): void {
    this.#age = 0
    for (const band of this.thirds) band.miss()
    for (const band of this.whole) band.miss()
  }

  reset(): void {
    for (const band of this.thirds) band.reset()
    for (const band of this.whole) band.reset()
  }
}

class BandsMeter implements Meter {
  readonly #rate: number
  readonly #block: number
  readonly #settled: Uint16Array
  readonly #vectors: Kernels['vectors']
  readonly #channels: readonly ChannelBands[]
  /** Frames of the open block so far, and how many of them were lost. */
  #filled = 0
  #holes = 0
  /** The open block began before a reset, or with a pause. */
  #stale = false
  #paused = false
  /** Frames of whole blocks since reset. */
  #heard = 0
  #lost = 0

  constructor({ rate, channels }: StreamShape, kernels: Kernels) {
    const plan = planBank(rate)
    const tick = plan.block / rate
    this.#rate = rate
    this.#vectors = kernels.vectors
    this.#block = plan.block
    this.#settled = Uint16Array.from(plan.bands, ({ low, high }) => Math.ceil(RINGING / (high - low) / tick))
    const octaveCount = octaves(rate).length
    this.#channels = Array.from({ length: channels }, () => new ChannelBands(plan, tick, octaveCount, kernels))
  }

  process(planes: readonly Float32Array[], frames: number): void {
    for (let at = 0; at < frames;) {
      const n = Math.min(this.#block - this.#filled, frames - at)
      for (let c = 0; c < this.#channels.length; c++) {
        this.#vectors.copySamples(planes[c]!, at, this.#channels[c]!.block, this.#filled, n)
      }
      this.#advance(n)
      at += n
    }
  }

  gap(frames: number): void {
    const most = Math.ceil((FORGET_S * this.#rate) / this.#block) * this.#block
    const surplus = frames > most ? Math.floor((frames - most) / this.#block) * this.#block : 0
    if (!this.#paused) this.#lost += surplus
    for (let left = frames - surplus; left > 0;) {
      const n = Math.min(this.#block - this.#filled, left)
      this.#holes += n
      this.#advance(n)
      left -= n
    }
  }

  read(out: Float32Array): void {
    const thirds = this.#channels[0]!.thirds.length
    const whole = this.#channels[0]!.whole.length
    const values = this.#channels.length * thirds
    const step = values + this.#channels.length * whole
    for (let c = 0; c < this.#channels.length; c++) {
      const channel = this.#channels[c]!
      for (let i = 0; i < thirds; i++) write(out, c * thirds + i, step, channel.thirds[i]!)
      for (let i = 0; i < whole; i++) write(out, values + c * whole + i, step, channel.whole[i]!)
    }
    this.#vectors.powersToDb(out, 0, 4 * step)
    out[4 * step] = this.#heard / this.#rate
    out[4 * step + 1] = this.#heard > 0 ? this.#heard / (this.#heard + this.#lost) : 0
  }

  /** Means and maxima start with the next whole block; F and S go on. */
  reset(): void {
    for (const channel of this.#channels) channel.reset()
    this.#heard = 0
    this.#lost = 0
    this.#stale = this.#filled > 0
  }

  pause(paused: boolean): void {
    this.#paused = paused
    this.#stale = this.#filled > 0
  }

  #advance(frames: number): void {
    this.#filled += frames
    if (this.#filled < this.#block) return
    const counts = !this.#stale && !this.#paused
    if (counts) {
      if (this.#holes > 0) this.#lost += this.#block
      else this.#heard += this.#block
    }
    for (const channel of this.#channels) {
      if (this.#holes > 0) channel.miss()
      else channel.hear(this.#settled, counts)
    }
    this.#filled = 0
    this.#holes = 0
    this.#stale = false
  }
}

function write(out: Float32Array, at: number, step: number, band: BandLevel): void {
  out[at] = band.fast
  out[at + step] = band.slow
  out[at + 2 * step] = band.mean
  out[at + 3 * step] = band.max
}

export const bandsMeter: MeterDefinition = {
  id: 'bands',
  title: 'Bands',
  layout,
  create: (shape, _, kernels = REFERENCE) => new BandsMeter(shape, kernels),
}
