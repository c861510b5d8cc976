import type { Feed } from '#meters/draw/view.ts'

/** Columns read the peak of a sine, sound pressure its RMS. */
const PEAK_OVER_RMS_DB = 10 * Math.log10(2)

/** What makes the shown level, dB, of a level of the spectrum or the spectrogram as it was read. */
export function shiftOf({ splOffset }: Feed): number {
  return splOffset === undefined ? 0 : splOffset - PEAK_OVER_RMS_DB
}
