/** Colours of levels: even steps of lightness, from the ground of the theme to what stands out most from it. */
import type { Theme } from '#meters/draw/theme.ts'

/** Red, green and blue of the places at even distance; dark as "inferno" of matplotlib, light as CARTO's "SunsetDark". */
const STOPS: Readonly<Record<Theme, readonly (readonly [number, number, number])[]>> = {
  dark: [
    [4, 5, 9],
    [31, 12, 72],
    [85, 15, 109],
    [136, 34, 106],
    [186, 54, 85],
    [227, 89, 51],
    [249, 140, 10],
    [249, 201, 50],
    [252, 255, 164],
  ],
  light: [
    [255, 255, 255],
    [253, 238, 205],
    [252, 204, 155],
    [246, 162, 117],
    [230, 117, 103],
    [200, 79, 106],
    [156, 52, 109],
    [105, 36, 98],
    [45, 15, 65],
  ],
}

export const COLOUR_COUNT = 256

/** `COLOUR_COUNT` colours as red, green, blue, opacity. */
export function colours(theme: Theme): Uint8ClampedArray {
  const stops = STOPS[theme]
  const out = new Uint8ClampedArray(4 * COLOUR_COUNT)
  for (let i = 0; i < COLOUR_COUNT; i++) {
    const x = (i / (COLOUR_COUNT - 1)) * (stops.length - 1)
    const k = Math.min(Math.floor(x), stops.length - 2)
    for (let c = 0; c < 3; c++) out[4 * i + c] = stops[k]![c]! + (x - k) * (stops[k + 1]![c]! - stops[k]![c]!)
    out[4 * i + 3] = 255
  }
  return out
}
