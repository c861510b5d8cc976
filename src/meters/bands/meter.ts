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
import { BandLevels } from '#dsp/band-levels.ts'
import { octaves, thirdOctaves } from '#dsp/bands.ts'
import { type Kernels, REFERENCE } from '#dsp/kernels.ts'
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
    /** Mean over what was heard, largest F, and least F of which nearly all was heard, since reset. */
    ...both('thirdEq', 'octaveEq'),
    ...both('thirdFmax', 'octaveFmax'),
    ...both('thirdFmin', 'octaveFmin'),
    /** Heard since reset, and its share of the time since reset. */
    { name: 'heard', length: 1, unit: 's', merge: 'last' },
    { name: 'coverage', length: 1, unit: 'share', merge: 'last' },
  ]
}

class ChannelBands {
  readonly #bank: ReturnType<Kernels['bandBank']>
  /** Of the thirds, then of the octaves, as are the levels. */
  readonly #powers: Float64Array
  readonly #thirds: Float64Array
  readonly #octaves: number
  readonly block: Float32Array
  readonly levels: BandLevels
  /** Blocks since the last lost one. */
  #age = Infinity

  constructor(plan: BankPlan, tick: number, octaveCount: number, kernels: Kernels) {
    const thirds = plan.bands.length
    this.#bank = kernels.bandBank(plan)
    this.#powers = kernels.bins(thirds + octaveCount)
    this.#thirds = this.#powers.subarray(0, thirds)
    this.#octaves = octaveCount
    this.block = kernels.planes(1, plan.block)[0]!
    this.levels = new BandLevels(thirds + octaveCount, tick, kernels)
  }

  /** Takes in the full block. `settled[band]`: blocks after a gap until its ringing is over, the longest of the first. */
  hear(settled: Uint16Array, counts: boolean): void {
    const powers = this.#powers
    const thirds = this.#thirds.length
    if (!this.#bank.process(this.block, this.#thirds)) return this.miss()
    for (let i = 0, third = 1; i < this.#octaves; i++, third += 3)
      powers[thirds + i] = powers[third]! + powers[third + 1]! + powers[third + 2]!
    this.#age++
    if (this.#age > settled[0]!) return this.levels.hear(powers, counts)
    for (let band = 0; band < powers.length; band++) {
      // The lowest third of an octave rings longest.
      const longest = band < thirds ? band : 3 * (band - thirds) + 1
      if (this.#age > settled[longest]!) this.levels.hearOne(band, powers, counts)
      else this.levels.miss(band)
    }
  }

  miss(): void {
    this.#age = 0
    for (let band = 0; band < this.#powers.length; band++) this.levels.miss(band)
  }
}

class BandsMeter implements Meter {
  readonly #rate: number
  readonly #block: number
  readonly #settled: Uint16Array
  readonly #octaves: number
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
    this.#octaves = octaves(rate).length
    this.#channels = Array.from({ length: channels }, () => new ChannelBands(plan, tick, this.#octaves, kernels))
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
    const thirds = this.#settled.length
    const whole = this.#octaves
    const values = this.#channels.length * thirds
    const step = values + this.#channels.length * whole
    for (let c = 0; c < this.#channels.length; c++) {
      const { levels } = this.#channels[c]!
      for (let i = 0; i < thirds; i++) levels.write(i, out, c * thirds + i, step)
      for (let i = 0; i < whole; i++) levels.write(thirds + i, out, values + c * whole + i, step)
    }
    this.#vectors.powersToDb(out, 0, 5 * step)
    out[5 * step] = this.#heard / this.#rate
    out[5 * step + 1] = this.#heard > 0 ? this.#heard / (this.#heard + this.#lost) : 0
  }

  /** Means and maxima start with the next whole block; F and S go on. */
  reset(): void {
    for (const { levels } of this.#channels) levels.reset()
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

export const bandsMeter: MeterDefinition = {
  id: 'bands',
  title: 'Bands',
  layout,
  create: (shape, _, kernels = REFERENCE) => new BandsMeter(shape, kernels),
}
