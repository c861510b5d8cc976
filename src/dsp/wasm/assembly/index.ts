/** The exports of kernels.wasm; src/dsp/wasm/memory.ts knows them by these names. */

export { bands, bandsKeptBytes, bandsMost } from './bands'
export { convolve, convolverChannelBytes, convolverFilter, convolverMost, convolverSharedBytes } from './convolver'
export { decode } from './decode'
export { fftTwiddleBytes } from './fft'
export { kWeightedEnergy } from './k-weighting'
export { logColumns } from './log-columns'
export { addPowerSpectrum, spectrumScratchBytes } from './spectrum'
export { truePeak, truePeakBegin, truePeakBytes, truePeakGap, truePeakSettle } from './true-peak'
export { addLevels, blend, clips, hearPowers, hearTick, powersToDb } from './vectors'
export { weightedEnergy, weightedMost } from './weighting'

/** First byte that the kernels themselves do not use. */
export const free: usize = __heap_base

/**
 * What src/dsp/wasm/memory.ts expects by the same name. Raise both when a function here takes or gives something else, or expects
 * something else of the memory: a file of an older build is then refused instead of misunderstood.
 */
export const abi: i32 = 1
