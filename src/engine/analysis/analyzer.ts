/**
 * The meters offline: samples in, figures of the whole out, as fast as they go. As on the air (see the DSP chain) all but
 * clipping is measured behind the calibration filter; here its delay is undone, so that every frame counts once.
 */
import { Convolver, partitionFrames } from '#dsp/convolver.ts'
import type { Correction } from '#dsp/correction.ts'
import { REFERENCE, type Kernels } from '#dsp/kernels.ts'
import { decodePlanar, type StreamFormat } from '#shared/pcm.ts'
import { figuresOf, type Figures, type Readings } from './figures.ts'
import { History, type HistoryRow } from './history.ts'
import { Reading } from './reading.ts'

/** EBU Tech 3342: at least this much silence follows a file before its loudness range is read. */
const SILENCE_S = 1.5

export interface AnalyzerOptions {
  readonly kernels?: Kernels
  readonly correction?: Correction | undefined
  readonly history?: { readonly seconds: number; readonly sink: (row: HistoryRow) => void } | undefined
}

export class Analyzer {
  readonly #format: StreamFormat
  readonly #blockFrames: number
  readonly #convolver: Convolver | undefined
  readonly #latency: number
  /** The last `latency` frames of the block before, then the block: what the filter gives now is of the first of these. */
  readonly #captured: readonly Float32Array[]
  readonly #block: readonly Float32Array[]
  readonly #corrected: readonly Float32Array[]
  readonly #readings: Readings
  readonly #history: History | undefined
  /** Frames that the filter has yet to give before the first of the file. */
  #early: number
  /** Float samples that were not finite and were taken as 0. */
  notFinite = 0

  /** Blocks have at most `blockFrames`. */
  constructor(
    format: StreamFormat,
    blockFrames: number,
    { kernels = REFERENCE, correction, history }: AnalyzerOptions = {},
  ) {
    const { channels, rate } = format
    this.#format = format
    this.#blockFrames = blockFrames
    if (correction) this.#convolver = new Convolver(correction.taps, channels, partitionFrames(rate))
    const latency = this.#convolver?.latency ?? 0
    this.#latency = latency
    this.#early = latency
    this.#captured = kernels.planes(channels, latency + blockFrames)
    this.#block = this.#captured.map((plane) => plane.subarray(latency))
    this.#corrected = correction ? kernels.planes(channels, blockFrames) : this.#captured
    this.#readings = {
      loudness: new Reading('loudness', format, kernels),
      level: new Reading('level', format, kernels),
      soundLevel: new Reading('sound-level', format, kernels),
      bands: new Reading('bands', format, kernels),
    }
    if (history) this.#history = new History(format, history.seconds, history.sink)
  }

  /** Interleaved samples as in the file. */
  take(bytes: Uint8Array, frames: number): void {
    this.notFinite += decodePlanar(bytes, this.#format, frames, this.#block)
    this.#measure(frames)
  }

  /** Figures of all that was taken; nothing may be taken after it. */
  finish(): Figures {
    for (let left = this.#latency; left > 0;) {
      const n = Math.min(left, this.#blockFrames)
      for (const plane of this.#block) plane.fill(0, 0, n)
      this.#measure(n)
      left -= n
    }
    this.#endWindow()
    return figuresOf(this.#readings, this.#format, () => this.#playSilence())
  }

  #measure(frames: number): void {
    this.#convolver?.process(this.#block, this.#corrected, frames)
    const from = Math.min(this.#early, frames)
    this.#early -= from
    for (let at = from; at < frames;) {
      const n = Math.min(this.#history?.left ?? frames, frames - at)
      const heard = this.#corrected.map((plane) => plane.subarray(at, at + n))
      const captured = this.#captured.map((plane) => plane.subarray(at, at + n))
      for (const { meter } of Object.values(this.#readings)) meter.process(heard, n, captured)
      this.#history?.process(heard, 0, n)
      at += n
      if (this.#history?.left === 0) this.#endWindow()
    }
    for (const plane of this.#captured) plane.copyWithin(0, frames, frames + this.#latency)
  }

  #endWindow(): void {
    const { loudness, level, soundLevel } = this.#readings
    this.#history?.end(loudness, level, soundLevel)
  }

  #playSilence(): void {
    const { meter } = this.#readings.loudness
    for (const plane of this.#corrected) plane.fill(0)
    for (let left = Math.ceil(SILENCE_S * this.#format.rate); left > 0;) {
      const n = Math.min(left, this.#blockFrames)
      meter.process(this.#corrected, n)
      left -= n
    }
  }
}
