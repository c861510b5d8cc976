/** What the calibration of a node does to its sound, by frequency: for those who want to see it and not only the largest error. */

/**
 * One value a frequency in each list. Frequencies are 24 to an octave with 1 kHz among them, and those of the file's own
 * rows unless it has very many; all from 16 Hz to 25 kHz. null where there is nothing: outside the file's rows, above half
 * the rate.
 */
export interface CalibrationCurves {
  readonly hz: readonly number[]
  /** The microphone, as its file says; between rows linear over log frequency. dB. */
  readonly response: readonly (number | null)[]
  /** The filter in use, computed from its taps; 0 dB at 1 kHz is wanted. dB. */
  readonly correction: readonly (number | null)[]
  /** What remains of the microphone behind the filter, where 1 kHz as the file has it is right. dB. */
  readonly residual: readonly (number | null)[]
  /** Places in `hz` that are rows of the file. */
  readonly rows: readonly number[]
  /** Hz within which the file is followed; beyond, the correction is held and below 20 Hz runs out. */
  readonly from: number
  readonly to: number
  /** Rate that the filter is for, Hz, and its length, frames. */
  readonly rate: number
  readonly taps: number
}
