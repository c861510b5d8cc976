/** Short ways to what the sound level meter reads, for tests of it. */
import { soundLevelMeter } from '#meters/sound-level/meter.ts'
import { read, tone } from './signals.ts'

export const RATE = 48_000
/** Level of a sine whose peaks are at 0 dB. */
export const SINE_DB = 10 * Math.log10(0.5)

export function start(rate = RATE, channels = 1) {
  const shape = { rate, channels }
  const meter = soundLevelMeter.create(shape)
  const first = (): Record<string, number> =>
    Object.fromEntries(Object.entries(read(meter, soundLevelMeter, shape)).map(([name, values]) => [name, values[0]!]))
  return { meter, read: first }
}

export const silence = (seconds: number, rate = RATE): Float32Array => new Float32Array(Math.round(seconds * rate))

/** A burst of whole cycles that begins and ends at zero crossings. */
export function burst(hz: number, seconds: number, db = 0, rate = RATE): Float32Array {
  return tone(rate, [[seconds, db]], hz)
}
