/** One node's way from captured bytes to readings: decode, correct the microphone, feed the meters. */
import type { StreamFormat } from '#shared/pcm.ts'
import { ok, type Result } from '#shared/result.ts'
import { FRAME_CALIBRATED, FRAME_GAP, FRAME_NOT_FINITE } from '#contract/frame.ts'
import { parseCalibration } from '#dsp/calibration-file.ts'
import { CalibratorEar, type Look, type Tone } from '#dsp/calibrator.ts'
import { partitionFrames } from '#dsp/convolver.ts'
import { designCorrection } from '#dsp/correction.ts'
import type { Kernels, KernelSource, Vectors } from '#dsp/kernels.ts'
import type { MeterDefinition, Settings } from '#meters/meter.ts'
import { METERS, meterIndex } from '#meters/registry.ts'
import type { CapturedBlock } from './batch.ts'
import { curvesOf } from './curves.ts'
import type { AppliedCorrection, SpanReading } from './messages.ts'
import type { ReportWriter } from './report.ts'
import { startMeter, type RunningMeter } from './running-meter.ts'
import { Span } from './span.ts'

export class Chain {
  readonly #format: StreamFormat
  /** By place in the registry; a meter that nobody looks at is missing. */
  #live: readonly (RunningMeter | undefined)[] = []
  readonly #spans = new Map<string, Span>()
  readonly #open: KernelSource
  readonly #vectors: Vectors
  readonly #chosen: ReadonlyMap<string, Settings>
  #paused = false
  #buffers: Kernels | undefined
  #captured: Float32Array[] = []
  #corrected: Float32Array[] = []
  #capacity = 0
  #correcting: Kernels | undefined
  #convolver: ReturnType<Kernels['convolver']> | undefined
  #ear: CalibratorEar | undefined
  #look: Look | undefined
  #flags = 0
  #position = 0
  #capturedAt = 0

  /** `chosen`: by meter, kept by the caller, who tells of changes by `choose`. */
  constructor(format: StreamFormat, open: KernelSource, chosen: ReadonlyMap<string, Settings>) {
    this.#format = format
    this.#open = open
    this.#vectors = open().vectors
    this.#chosen = chosen
    this.watch([])
  }

  /** Begins the meters that somebody looks at, and ends those that run only then and nobody does; the others go on. */
  watch(meters: readonly string[]): void {
    this.#live = METERS.map((definition, place) => {
      const running = this.#live[place]
      if (!definition.onlyWhileWatched || meters.includes(definition.id)) return running ?? this.#begin(definition)
      running?.kernels.dispose()
      return undefined
    })
  }

  /** Begins a meter anew, where it runs, because something else was chosen about it. */
  choose(meter: string): void {
    const place = meterIndex(meter)
    const running = this.#live[place]
    if (!running) return
    running.kernels.dispose()
    this.#live = this.#live.with(place, this.#begin(running.definition))
  }

  /** Stops totals and maxima, or lets them go on. Spans are not asked: a take is measured whole. */
  pause(on: boolean): void {
    this.#paused = on
    for (const m of this.#live) m?.meter.pause?.(on)
  }

  /** Uses the correction of a calibration file, or none, which has nothing to tell. Fault: `bad-calibration`. */
  calibrate(text: string | null): Result<AppliedCorrection | undefined> {
    this.#correcting?.dispose()
    this.#convolver = undefined
    // What was heard so far was corrected otherwise.
    this.listen(this.#ear !== undefined)
    if (text === null) return ok(undefined)
    const file = parseCalibration(text)
    if (!file.ok) return file
    const correction = designCorrection(file.value, this.#format.rate)
    if (!correction.ok) return correction
    const { channels, rate } = this.#format
    this.#correcting = this.#open()
    this.#convolver = this.#correcting.convolver(correction.value.taps, channels, partitionFrames(rate))
    return ok({ residualDb: correction.value.residualDb, curves: curvesOf(file.value, correction.value) })
  }

  take(block: CapturedBlock): void {
    if (block.gap > 0) {
      this.#flags |= FRAME_GAP
      for (const m of this.#live) m?.meter.gap(block.gap)
      this.#ear?.gap()
      for (const span of this.#spans.values()) span.gap(block.gap)
    }
    if (block.frames > this.#capacity) this.#grow(block.frames)
    const replaced = this.#vectors.decodePlanar(block.bytes, this.#format, block.frames, this.#captured)
    if (replaced > 0) this.#flags |= FRAME_NOT_FINITE
    const captured = this.#captured
    const heard = this.#convolver ? this.#corrected : captured
    this.#convolver?.process(captured, heard, block.frames)
    for (const m of this.#live) m?.meter.process(heard, block.frames, captured)
    // Corrected, as every figure is that the offset will be added to; the correction is 0 dB at 1 kHz.
    this.#look = this.#ear?.process(heard, block.frames, captured) ?? this.#look
    // A take is measured as it is written to the file: before the correction.
    for (const span of this.#spans.values()) span.process(captured, block.frames)
    this.#position = block.position
    this.#capturedAt = block.capturedAt
  }

  /** Begins to listen for a calibrator, anew, or stops. */
  listen(on: boolean): void {
    this.#ear = on ? new CalibratorEar(this.#format) : undefined
    this.#look = undefined
  }

  /** What was heard of the calibrator since the last call. */
  takeTone(): { readonly look: Look; readonly steady: Tone | undefined } | undefined {
    const look = this.#look
    this.#look = undefined
    return look && { look, steady: this.#ear?.result }
  }

  /** Of every meter, or of one. */
  reset(meter?: string): void {
    const one = meter === undefined ? undefined : meterIndex(meter)
    this.#live.forEach((running, place) => {
      if (one === undefined || one === place) running?.meter.reset()
    })
  }

  beginSpan(span: string): void {
    this.#spans.get(span)?.dispose()
    this.#spans.set(span, new Span(this.#format, this.#open))
  }

  /** The span so far; `final` ends it. Undefined for a span that is not running. */
  readSpan(span: string, final: boolean): SpanReading | undefined {
    const running = this.#spans.get(span)
    if (!running) return undefined
    const figures = running.read()
    if (final) {
      this.#spans.delete(span)
      running.dispose()
    }
    return { span, final, ...figures }
  }

  /** Ends the chain; nothing may be called after it. */
  dispose(): void {
    for (const m of this.#live) m?.kernels.dispose()
    this.#correcting?.dispose()
    this.#buffers?.dispose()
    for (const span of this.#spans.values()) span.dispose()
  }

  get spans(): Iterable<string> {
    return this.#spans.keys()
  }

  read(report: ReportWriter): void {
    report.metered(this.#flags | (this.#convolver ? FRAME_CALIBRATED : 0), this.#capturedAt, this.#position)
    this.#flags = 0
    this.#live.forEach((running, place) => {
      if (running && running.meter.fresh !== false) running.meter.read(report.reading(place, running.length))
    })
  }

  #begin(definition: MeterDefinition): RunningMeter {
    const running = startMeter(definition, this.#format, this.#open(), this.#chosen.get(definition.id))
    if (this.#paused) running.meter.pause?.(true)
    return running
  }

  #grow(frames: number): void {
    this.#capacity = frames
    this.#buffers?.dispose()
    this.#buffers = this.#open()
    this.#captured = this.#buffers.planes(this.#format.channels, frames)
    this.#corrected = this.#buffers.planes(this.#format.channels, frames)
  }
}
