/** The frequency response of an impulse response at one frequency, by its definition: exact where a transform has no bin. */

/** dB; -Infinity where nothing passes. `rate` in Hz. */
export function magnitudeDb(taps: ArrayLike<number>, hz: number, rate: number): number {
  const step = (2 * Math.PI * hz) / rate
  const cos = 2 * Math.cos(step)
  // Goertzel's recurrence: a cosine a frequency instead of two a tap. Double precision holds it far below 0.001 dB.
  let s1 = 0
  let s2 = 0
  for (let n = taps.length - 1; n >= 0; n--) {
    const s = taps[n]! + cos * s1 - s2
    s2 = s1
    s1 = s
  }
  return 10 * Math.log10(s1 * s1 + s2 * s2 - cos * s1 * s2)
}
