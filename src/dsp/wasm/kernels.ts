import { type Kernels, type KernelSource, REFERENCE } from '#dsp/kernels.ts'
import type { PowerTransform } from '#dsp/short-time-spectrum.ts'
import { WasmBandBank, bandBankBytes } from './band-bank.ts'
import { WasmConvolver, convolverBytes } from './convolver.ts'
import { WasmKWeightedEnergy, kWeightingBytes } from './k-weighting.ts'
import { WasmLogColumns, logColumnsBytes } from './log-columns.ts'
import { KernelMemory } from './memory.ts'
import { WasmPowerSpectrum, spectrumBytes, spectrumReady } from './spectrum.ts'
import { WasmTruePeak, truePeakBytes } from './true-peak.ts'
import { LEVEL_BYTES, WasmVectors } from './vectors.ts'
import { WasmWeightedEnergy, weightedEnergyBytes } from './weighting.ts'

/**
 * Kernels from the content of kernels.wasm, or the reference where it is missing, of another build or cannot be run by this
 * machine; `refused` is told why in these two cases.
 */
export function loadKernels(
  bytes: Uint8Array<ArrayBuffer> | undefined,
  refused: (why: string) => void = () => undefined,
): KernelSource {
  if (!bytes) return () => REFERENCE
  const memory = KernelMemory.load(bytes)
  if (typeof memory === 'string') {
    refused(memory)
    return () => REFERENCE
  }
  const vectors = new WasmVectors(memory, memory.allocate(LEVEL_BYTES))
  return () => new WasmKernels(memory, vectors)
}

/** What no longer fits into the memory is done by the reference. */
class WasmKernels implements Kernels {
  readonly #memory: KernelMemory
  readonly #parts: { readonly at: number; readonly bytes: number }[] = []
  readonly vectors: Kernels['vectors']

  constructor(memory: KernelMemory, vectors: WasmVectors) {
    this.#memory = memory
    this.vectors = vectors
  }

  planes(channels: number, frames: number): Float32Array[] {
    const plane = (at: number): Float32Array[] => [this.#memory.f32.subarray(at >> 2, (at >> 2) + frames)]
    return Array.from({ length: channels }, () => this.#in(4 * frames, plane) ?? REFERENCE.planes(1, frames)).flat()
  }

  bins(count: number): Float64Array {
    const make = (at: number) => this.#memory.f64.subarray(at >> 3, (at >> 3) + count)
    return this.#in(8 * count, make) ?? REFERENCE.bins(count)
  }

  bandBank(...[plan]: Parameters<Kernels['bandBank']>): ReturnType<Kernels['bandBank']> {
    const make = (at: number) => new WasmBandBank(this.#memory, at, plan)
    const bytes = bandBankBytes(this.#memory, plan)
    return (bytes > 0 ? this.#in(bytes, make) : undefined) ?? REFERENCE.bandBank(plan)
  }

  convolver(...[taps, channels, partition]: Parameters<Kernels['convolver']>): ReturnType<Kernels['convolver']> {
    const memory = this.#memory
    const bytes = convolverBytes(memory, taps.length, channels, partition)
    const twiddles = bytes > 0 ? memory.twiddles(partition) : 0
    const make = (at: number) => new WasmConvolver(memory, at, twiddles, taps, channels, partition)
    return (twiddles > 0 ? this.#in(bytes, make) : undefined) ?? REFERENCE.convolver(taps, channels, partition)
  }

  kWeightedEnergy(...[rate, channels]: Parameters<Kernels['kWeightedEnergy']>): ReturnType<Kernels['kWeightedEnergy']> {
    const make = (at: number) => new WasmKWeightedEnergy(this.#memory, at, rate)
    return this.#in(kWeightingBytes(channels), make) ?? REFERENCE.kWeightedEnergy(rate, channels)
  }

  logColumns(...[frequencies, width, bins]: Parameters<Kernels['logColumns']>): ReturnType<Kernels['logColumns']> {
    const make = (at: number) => new WasmLogColumns(this.#memory, at, frequencies, width, bins)
    const bytes = logColumnsBytes(frequencies.length, bins)
    return this.#in(bytes, make) ?? REFERENCE.logColumns(frequencies, width, bins)
  }

  powerTransform(...[shape]: Parameters<Kernels['powerTransform']>): PowerTransform {
    const ready = spectrumReady(this.#memory, shape)
    const make = (at: number) => new WasmPowerSpectrum(this.#memory, at, shape)
    return (ready ? this.#in(spectrumBytes(shape), make) : undefined) ?? REFERENCE.powerTransform(shape)
  }

  truePeak(...[rate, channels, options]: Parameters<Kernels['truePeak']>): ReturnType<Kernels['truePeak']> {
    const make = (at: number) => new WasmTruePeak(this.#memory, at, rate, channels, options)
    return this.#in(truePeakBytes(this.#memory, channels), make) ?? REFERENCE.truePeak(rate, channels, options)
  }

  weightedEnergy(...[rate, channels]: Parameters<Kernels['weightedEnergy']>): ReturnType<Kernels['weightedEnergy']> {
    const make = (at: number) => new WasmWeightedEnergy(this.#memory, at, rate)
    return this.#in(weightedEnergyBytes(channels), make) ?? REFERENCE.weightedEnergy(rate, channels)
  }

  dispose(): void {
    for (const { at, bytes } of this.#parts.splice(0)) this.#memory.release(at, bytes)
  }

  /** Makes something in `bytes` of the memory; undefined where it is full. */
  #in<T>(bytes: number, make: (at: number) => T): T | undefined {
    const at = this.#memory.allocate(bytes)
    if (at === 0) return undefined
    this.#parts.push({ at, bytes })
    return make(at)
  }
}
