/** Averaged spectrum of a stream on a log-frequency axis. */
import { type Kernels, REFERENCE } from '#dsp/kernels.ts'
import { logFrequencies } from '#dsp/log-columns.ts'
import { ShortTimeSpectrum } from '#dsp/short-time-spectrum.ts'
import { noiseBandwidth, windowOf } from '#dsp/windows.ts'
import {
  type Choices,
  type Meter,
  type MeterDefinition,
  type Settings,
  type Slot,
  type StreamShape,
  settle,
} from '#meters/meter.ts'

/** 48 an octave: as fine as the finest smoothing in use. */
const COLUMNS = 480
const LOW_HZ = 20
const HIGH_HZ = 20_000
/** 4096 frames at 48 kHz, and about as long (64 to 128 ms) at other rates: the bass is resolved alike. */
const REFERENCE_WINDOW = 4096
const REFERENCE_RATE = 48_000
/** Each window is followed by as many zeros: bins twice as dense, so that a tone between two of them loses 0.35 dB, not 1.4. */
const PADDING = 2
/** Time constant of the exponential average of power, seconds. */
const AVERAGE_S = 0.25

const LAYOUT: readonly Slot[] = [
  /**
   * Level of each column of `spectrumFrequencies`; a full-scale sine reads 0 dBFS (its peak, not its RMS). Channels are
   * mixed as the mean of their power, unless one was chosen. -Infinity until the first window is full.
   */
  { name: 'db', length: COLUMNS, unit: 'dBFS', merge: 'last' },
  /** The largest that `db` has been since reset, where peaks are held; otherwise -Infinity. */
  { name: 'hold', length: COLUMNS, unit: 'dBFS', merge: 'last' },
  /** Bandwidth in which noise is read: its density per Hz is lower by 10 log10 of this. */
  { name: 'bandwidth', length: 1, unit: 'Hz', merge: 'last' },
]

export const SPECTRUM_CHOICES = {
  size: {
    title: 'FFT size, frames',
    values: ['auto', 512, 1024, 2048, 4096, 8192, 16_384, 32_768, 65_536],
    initial: 'auto',
    say: (size) => `FFT ${size}`,
  },
  window: {
    title: 'Window',
    values: ['hann', 'blackman-harris', 'flat-top'],
    initial: 'hann',
    say: (window) => ({ hann: 'Hann', 'blackman-harris': 'Blackman-Harris' })[window] ?? 'Flat-top',
  },
  /** Of one window with the next, %. */
  overlap: { title: 'Overlap, %', values: [0, 50, 75], initial: 50, say: (share) => `${share} %` },
  /** Of power: none, over 250 ms, or over everything since reset. */
  average: {
    title: 'Average',
    values: ['none', 'exponential', 'linear'],
    initial: 'exponential',
    say: (average) => ({ none: 'Avg off', exponential: 'Avg 250 ms' })[average] ?? 'Avg all',
  },
  hold: { title: 'Peak hold', values: ['off', 'on'], initial: 'off', say: (hold) => `Hold ${hold}` },
  /** Counted from 1; more than the stream has, and it is the mean of all. */
  channel: {
    title: 'Channels',
    values: ['mean', 1, 2, 3, 4, 5, 6, 7, 8],
    initial: 'mean',
    say: (channel) => (channel === 'mean' ? 'All ch' : `Ch ${channel}`),
    fits: (channel, { channels }) => channel === 'mean' || (channels > 1 && Number(channel) <= channels),
  },
} as const satisfies Choices

export type SpectrumSettings = Settings<typeof SPECTRUM_CHOICES>

/** Centre of each column, Hz: evenly spaced on a log axis from 20 Hz to 20 kHz, or to half the rate where that is less. */
export function spectrumFrequencies({ rate }: StreamShape): Float64Array {
  return logFrequencies(LOW_HZ, Math.min(HIGH_HZ, rate / 2), COLUMNS)
}

/** Frames of a window that is about as long at every rate. */
export function windowFrames(rate: number): number {
  return REFERENCE_WINDOW * 2 ** Math.round(Math.log2(rate / REFERENCE_RATE))
}

class SpectrumMeter implements Meter {
  readonly #spectra: ShortTimeSpectrum
  readonly #columns: ReturnType<Kernels['logColumns']>
  readonly #average: Float64Array
  readonly #vectors: Kernels['vectors']
  readonly #held: Float64Array | undefined
  readonly #db = new Float32Array(COLUMNS).fill(-Infinity)
  readonly #holdDb = new Float32Array(COLUMNS).fill(-Infinity)
  readonly #bandwidth: number
  /** Share of a new spectrum in the average once that has settled. */
  readonly #share: number
  /** The channel that was chosen, and its place in the block at hand. */
  readonly #channel: number | undefined
  readonly #one: Float32Array[] = []
  #count = 0
  fresh = true

  constructor(shape: StreamShape, settings: Settings, kernels: Kernels) {
    this.#vectors = kernels.vectors
    const { size: chosen, window, overlap, average, hold, channel } = settle(SPECTRUM_CHOICES, settings)
    const size = chosen === 'auto' ? windowFrames(shape.rate) : chosen
    const step = size * (1 - overlap / 100)
    this.#channel = channel === 'mean' || channel > shape.channels ? undefined : channel - 1
    const channels = this.#channel === undefined ? shape.channels : 1
    const spectra = { channels, window: windowOf(window, size), padding: PADDING, step }
    this.#spectra = new ShortTimeSpectrum(spectra, kernels)
    const { bins } = this.#spectra
    this.#columns = kernels.logColumns(spectrumFrequencies(shape), shape.rate / this.#spectra.size, bins)
    this.#average = kernels.bins(bins)
    this.#held = hold === 'on' ? new Float64Array(bins) : undefined
    this.#bandwidth = (noiseBandwidth(window) * shape.rate) / size
    const settled = { none: 1, exponential: 1 - Math.exp(-step / shape.rate / AVERAGE_S), linear: 0 }
    this.#share = settled[average]
  }

  process(planes: readonly Float32Array[], frames: number): void {
    if (this.#channel !== undefined) this.#one[0] = planes[this.#channel]!
    const heard = this.#channel === undefined ? planes : this.#one
    for (let at = 0; at < frames;) {
      at += this.#spectra.feed(heard, at, frames)
      if (this.#spectra.ready) this.#add(this.#spectra.power)
    }
  }

  /** No window spans a gap; the average goes on. */
  gap(): void {
    this.#spectra.restart()
  }

  read(out: Float32Array): void {
    if (this.fresh) {
      this.#columns.write(this.#average, this.#db)
      if (this.#held) this.#columns.write(this.#held, this.#holdDb)
    }
    this.fresh = false
    out.set(this.#db)
    out.set(this.#holdDb, COLUMNS)
    out[2 * COLUMNS] = this.#bandwidth
  }

  reset(): void {
    this.#spectra.restart()
    this.#count = 0
    this.fresh = true
    this.#average.fill(0)
    this.#held?.fill(0)
    this.#db.fill(-Infinity)
    this.#holdDb.fill(-Infinity)
  }

  #add(power: Float64Array): void {
    this.#count++
    const share = Math.max(this.#share, 1 / this.#count)
    const average = this.#average
    this.#vectors.blend(average, power, share)
    const held = this.#held
    if (held) for (let k = 0; k < held.length; k++) if (average[k]! > held[k]!) held[k] = average[k]!
    this.fresh = true
  }
}

export const spectrumMeter: MeterDefinition = {
  id: 'spectrum',
  title: 'Spectrum',
  onlyWhileWatched: true,
  choices: SPECTRUM_CHOICES,
  layout: () => LAYOUT,
  create: (shape, settings = {}, kernels = REFERENCE) => new SpectrumMeter(shape, settings, kernels),
}
