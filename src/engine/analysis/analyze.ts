/** A file's way through the meters: opened, read block by block, measured. */
import { loadKernels } from '#dsp/wasm/kernels.ts'
import { readKernels } from '#engine/dsp/kernels.ts'
import { frameBytes, type StreamFormat } from '#shared/pcm.ts'
import { ok, type Result } from '#shared/result.ts'
import { Analyzer } from './analyzer.ts'
import { loadCalibration, type LoadedCalibration } from './calibration.ts'
import type { Figures } from './figures.ts'
import type { HistoryRow } from './history.ts'
import { SoundFile } from './sound-file.ts'

export type { BandFigures, Figures } from './figures.ts'
export type { HistoryRow } from './history.ts'

/** Frames of a block: some ten milliseconds of work, so that progress moves and a stop is heard at once. */
const BLOCK_FRAMES = 1 << 15
/** Of many channels fewer, so that a block stays in the cache. */
const BLOCK_SAMPLES = 1 << 17

/** What is known before the first sample is read. */
export interface AnalysisSubject {
  readonly format: StreamFormat
  readonly seconds: number
  /** Promised by the head of the file beyond `seconds`: it was cut off. */
  readonly missingSeconds: number
  readonly calibration: (Omit<LoadedCalibration, 'correction'> & { readonly residualDb: number }) | null
}

export interface Analysis {
  readonly figures: Figures
  /** Float samples that were not finite and were taken as silence. */
  readonly notFinite: number
}

export interface AnalysisRequest {
  readonly file: string
  readonly calibration?: string | undefined
  /** Seconds, at least 0.01: the time history's step. */
  readonly window?: number | undefined
  /** Called once, before any row. A fault ends the analysis. */
  begin?(subject: AnalysisSubject): Promise<Result<null>>
  /** The rows of the history since the last call, and how far the file is read, 0 to 1. A fault ends the analysis. */
  progress?(rows: readonly HistoryRow[], share: number): Promise<Result<null>>
}

/** Faults: `file-missing`, `bad-wav`, `format-unsupported`, `bad-calibration`, and those of `begin` and `progress`. */
export async function analyzeFile(request: AnalysisRequest): Promise<Result<Analysis>> {
  const opened = await SoundFile.open(request.file)
  if (!opened.ok) return opened
  const file = opened.value
  try {
    return await analyzeOpen(file, request)
  } finally {
    await file.close()
  }
}

async function analyzeOpen(file: SoundFile, request: AnalysisRequest): Promise<Result<Analysis>> {
  const { format, frames } = file
  const calibration =
    request.calibration === undefined ? ok(null) : await loadCalibration(request.calibration, format.rate)
  if (!calibration.ok) return calibration
  const begun = await request.begin?.({
    format,
    seconds: frames / format.rate,
    missingSeconds: file.missingFrames / format.rate,
    calibration: calibration.value && publicOf(calibration.value),
  })
  if (begun?.ok === false) return begun
  let rows: HistoryRow[] = []
  const blockFrames = Math.min(BLOCK_FRAMES, Math.ceil(BLOCK_SAMPLES / format.channels))
  const analyzer = new Analyzer(format, blockFrames, {
    kernels: loadKernels(readKernels(), (why) => console.error(`farfield: this takes longer: ${why}`))(),
    correction: calibration.value?.correction,
    history: request.window === undefined ? undefined : { seconds: request.window, sink: (row) => rows.push(row) },
  })
  const bytes = new Uint8Array(blockFrames * frameBytes(format))
  const tell = async (share: number): Promise<Result<null>> => {
    const news = rows
    rows = []
    return (await request.progress?.(news, share)) ?? ok(null)
  }
  for (let at = 0; at < frames;) {
    const n = Math.min(blockFrames, frames - at)
    const read = await file.read(at, n, bytes)
    if (!read.ok) return read
    analyzer.take(bytes, n)
    at += n
    const told = await tell(at / frames)
    if (!told.ok) return told
  }
  const figures = analyzer.finish()
  const told = await tell(1)
  return told.ok ? ok({ figures, notFinite: analyzer.notFinite }) : told
}

function publicOf({ file, serial, spl, correction }: LoadedCalibration): AnalysisSubject['calibration'] {
  return { file, serial, residualDb: correction.residualDb, spl }
}
