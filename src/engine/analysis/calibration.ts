import { stat, readFile } from 'node:fs/promises'
import { parseCalibration } from '#dsp/calibration-file.ts'
import { designCorrection, type Correction } from '#dsp/correction.ts'
import { estimateSpl, type SplEstimate } from '#dsp/spl.ts'
import { fail, ok, type Result } from '#shared/result.ts'

export interface LoadedCalibration {
  readonly file: string
  /** Of the microphone, where the file names it. */
  readonly serial: string | null
  /** What each convention makes of its `Sens Factor`: add `offsetDb` to dBFS for dB SPL. Estimates. */
  readonly spl: readonly SplEstimate[]
  readonly correction: Correction
}

/** As much as `parseCalibration` takes, and what encodings may add. */
const MAX_BYTES = 4_000_000

/** Reads a calibration file and makes its filter for sound at `rate`. Faults: `file-missing`, `bad-calibration`. */
export async function loadCalibration(path: string, rate: number): Promise<Result<LoadedCalibration>> {
  let text: string
  try {
    const about = await stat(path)
    if (!about.isFile() || about.size > MAX_BYTES)
      return fail('bad-calibration', `${path} is not a calibration file. Give the file that came with the microphone.`)
    text = await readFile(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const why = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`
    return fail('file-missing', `${path} ${why}. Give the calibration file that came with the microphone.`)
  }
  const file = parseCalibration(text)
  if (!file.ok) return fail(file.fault.code, `${path}: ${file.fault.message}`)
  const correction = designCorrection(file.value, rate)
  if (!correction.ok) return fail(correction.fault.code, `${path}: ${correction.fault.message}`)
  return ok({
    file: path,
    serial: file.value.serial ?? null,
    spl: estimateSpl(file.value),
    correction: correction.value,
  })
}
