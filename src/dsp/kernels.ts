/**
 * Where meters get their signal processing from: plain TypeScript, which is the reference, or the same in WebAssembly
 * (src/dsp/wasm). Both read the same within the tolerances of tests/unit/wasm-*.test.ts.
 */
import { BandBank, type BankPlan } from './band-bank.ts'
import { Convolver } from './convolver.ts'
import { KWeightedEnergy } from './k-weighting.ts'
import { LogColumns } from './log-columns.ts'
import { PowerSpectrum, type PowerTransform, type ShortTimeShape } from './short-time-spectrum.ts'
import { TruePeak, type TruePeakOptions } from './true-peak.ts'
import * as vectors from './vectors.ts'
import { WeightedEnergy } from './weighted-energy.ts'

/** What others may do with a `T`. */
export type Face<T> = { [K in keyof T]: T[K] }

/** Functions of vectors.ts. */
export type Vectors = Omit<typeof vectors, 'CLIP_LEVEL' | 'hearPower'>

export interface Kernels {
  /** Zeroed planes for samples on their way to these kernels; others are taken too, and copied. */
  planes(channels: number, frames: number): Float32Array[]
  /** The same for powers of bins. */
  bins(count: number): Float64Array
  readonly vectors: Vectors
  bandBank(plan: BankPlan): Face<BandBank>
  convolver(taps: Float32Array, channels: number, partition: number): Face<Convolver>
  kWeightedEnergy(rate: number, channels: number): Face<KWeightedEnergy>
  logColumns(frequencies: Float64Array, binWidth: number, bins: number): Face<LogColumns>
  powerTransform(shape: ShortTimeShape): PowerTransform
  truePeak(rate: number, channels: number, options?: TruePeakOptions): Face<TruePeak>
  weightedEnergy(rate: number, channels: number): Face<WeightedEnergy>
  /** Ends all that was made here. */
  dispose(): void
}

/** Opens kernels for one owner; each is disposed of by itself. */
export type KernelSource = () => Kernels

export const REFERENCE: Kernels = {
  planes: (channels, frames) => Array.from({ length: channels }, () => new Float32Array(frames)),
  bins: (count) => new Float64Array(count),
  vectors,
  bandBank: (plan) => new BandBank(plan),
  convolver: (taps, channels, partition) => new Convolver(taps, channels, partition),
  kWeightedEnergy: (rate, channels) => new KWeightedEnergy(rate, channels),
  logColumns: (frequencies, binWidth, bins) => new LogColumns(frequencies, binWidth, bins),
  powerTransform: (shape) => new PowerSpectrum(shape),
  truePeak: (rate, channels, options) => new TruePeak(rate, channels, options),
  weightedEnergy: (rate, channels) => new WeightedEnergy(rate, channels),
  dispose: () => undefined,
}
