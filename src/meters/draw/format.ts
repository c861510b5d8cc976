/** Figures as text. Meters show one decimal (EBU Tech 3341 clause 2.8: resolution 0.1); the exact value stays in `data-value`. */

/** What stands where there is no figure. */
export const NO_FIGURE = '–'
export const SILENCE = '−∞'
const MINUS = '−'

/** "−23.0"; silence (-Infinity) is "−∞", no figure is "–". A zero never has a sign. */
export function formatLevel(value: number | null | undefined, decimals = 1): string {
  if (value === undefined || value === null || Number.isNaN(value)) return NO_FIGURE
  if (value === -Infinity) return SILENCE
  const text = Math.abs(value).toFixed(decimals)
  return value < 0 && Number(text) !== 0 ? MINUS + text : text
}

/** As `formatLevel`, with a "+" where it is more than zero: for what has a sign in itself. */
export function formatSigned(value: number | null | undefined, decimals = 1): string {
  const text = formatLevel(value, decimals)
  return value && value > 0 && Number(text) !== 0 ? `+${text}` : text
}

/** "20", "200", "2k", "20k". */
export function formatHertz(hz: number): string {
  return hz >= 1000 ? `${hz / 1000}k` : String(hz)
}

/** "63 Hz", "1.02 kHz", "12.5 kHz": three figures. */
export function sayHertz(hz: number): string {
  if (hz < 100) return `${hz.toFixed(1)} Hz`
  return hz < 1000 ? `${Math.round(hz)} Hz` : `${(hz / 1000).toFixed(hz < 10_000 ? 2 : 1)} kHz`
}
