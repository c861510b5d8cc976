/**
 * Power below which a reading is silence, -250 dB: the least step of a 32-bit converter, once in a second, is still
 * above it; what lies below is the tail of a recursive filter.
 */
const SILENT_POWER = 1e-25

/** 10 log10 of a power relative to full scale; -Infinity for silence, never NaN. */
export function powerToDb(power: number): number {
  return power > SILENT_POWER ? 10 * Math.log10(power) : -Infinity
}

/** 20 log10 of an amplitude relative to full scale; -Infinity for silence, never NaN. */
export function amplitudeToDb(amplitude: number): number {
  return powerToDb(amplitude * amplitude)
}
