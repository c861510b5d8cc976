/** What the engine and its DSP workers say to each other. Order matters: a worker handles what it is told as it was told. */
import type { Fault } from '#shared/result.ts'
import type { StreamFormat } from '#shared/pcm.ts'
import type { CalibrationCurves } from '#contract/calibration.ts'
import type { NodeReadings } from '#contract/frame.ts'
import type { Settings } from '#meters/meter.ts'
import type { Look, Tone } from '#dsp/calibrator.ts'
import type { BlockBatch } from './batch.ts'
import type { LostFrames } from './measure.ts'
import type { Report } from './report.ts'
import type { SpanFigures } from './span.ts'

/** Blocks first, then orders. The buffer of the blocks is transferred, and comes back with a report. */
export interface ToWorker {
  readonly blocks: BlockBatch | undefined
  readonly orders: readonly Order[]
}

export type Order =
  /** Meters a node from here on; an open node is begun anew. */
  | { readonly t: 'open'; readonly node: number; readonly format: StreamFormat }
  /** Content of a calibration file, or null for none; kept over `open`. */
  | { readonly t: 'calibrate'; readonly node: number; readonly text: string | null }
  /** Whether a screen shows pictures of the moment of this node; kept over `open`. */
  | { readonly t: 'watch'; readonly node: number; readonly meters: readonly string[] }
  /** Of every meter, or of one. */
  | { readonly t: 'reset'; readonly node: number; readonly meter?: string }
  /** Whether totals and maxima stand still; kept over `open`. */
  | { readonly t: 'pause'; readonly node: number; readonly on: boolean }
  /** Begins a meter anew with what was chosen of its choices; kept over `open`. */
  | { readonly t: 'choose'; readonly node: number; readonly meter: string; readonly settings: Settings }
  /** Listens for the tone of a sound calibrator, anew, or no longer; kept over `open`. */
  | { readonly t: 'listen'; readonly node: number; readonly on: boolean }
  /** Measures exactly the blocks between begin and end, beside the live meters. */
  | { readonly t: 'span-begin'; readonly node: number; readonly span: string }
  | { readonly t: 'span-end'; readonly node: number; readonly span: string }
  | { readonly t: 'close'; readonly node: number }
  /** Measures a file; see measure.ts. */
  | { readonly t: 'measure'; readonly request: number; readonly file: string; readonly lost: readonly LostFrames[] }
  | { readonly t: 'stop' }

/** What is told of the filter of a calibration. */
export interface AppliedCorrection {
  /** Largest deviation from the wanted correction, 20 Hz to 20 kHz, dB. */
  readonly residualDb: number
  readonly curves: CalibrationCurves
}

export interface SpanReading extends SpanFigures {
  readonly span: string
  readonly final: boolean
}

export type FromWorker =
  /** Readings, blocks taken since the last report (the credit of the lane's queue), and the buffer of these blocks, free again. */
  { readonly t: 'report'; readonly report: Report; readonly spent: ArrayBuffer } | WorkerNews

/** What the engine hears of its workers. */
export type DspNews = { readonly t: 'readings'; readonly nodes: readonly NodeReadings[] } | WorkerNews

type WorkerNews =
  /** The worker calculates in plain TypeScript, and why. */
  | { readonly t: 'slow'; readonly why: string }
  | { readonly t: 'span'; readonly node: number; readonly reading: SpanReading }
  | { readonly t: 'measured'; readonly request: number; readonly figures: SpanFigures | undefined }
  | { readonly t: 'calibrated'; readonly node: number; readonly applied: AppliedCorrection }
  /** The newest look, and the tone once it was steady. */
  | { readonly t: 'tone'; readonly node: number; readonly look: Look; readonly steady: Tone | undefined }
  | { readonly t: 'calibration-refused'; readonly node: number; readonly fault: Fault }
