/** Growth of a figure over time, by least squares. */

export interface Sample {
  readonly hours: number
  readonly value: number
}

/** Per hour, with its standard error; NaN for fewer than three samples. */
export function slope(samples: readonly Sample[]): { readonly perHour: number; readonly error: number } {
  const n = samples.length
  if (n < 3) return { perHour: NaN, error: NaN }
  const meanX = samples.reduce((sum, s) => sum + s.hours, 0) / n
  const meanY = samples.reduce((sum, s) => sum + s.value, 0) / n
  const sxx = samples.reduce((sum, s) => sum + (s.hours - meanX) ** 2, 0)
  const perHour = samples.reduce((sum, s) => sum + (s.hours - meanX) * (s.value - meanY), 0) / sxx
  const rest = samples.reduce((sum, s) => sum + (s.value - meanY - perHour * (s.hours - meanX)) ** 2, 0)
  return { perHour, error: Math.sqrt(rest / (n - 2) / sxx) }
}
