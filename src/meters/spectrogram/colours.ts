/** Colours of levels: even steps of lightness, from the ground of the theme to what stands out most from it. */
import type { Theme } from '#meters/draw/theme.ts'

export const MAPS = ['warm', 'viridis', 'grey'] as const
export type ColourMap = (typeof MAPS)[number]
export const MAP_NAMES: Readonly<Record<ColourMap, string>> = { warm: 'Warm', viridis: 'Viridis', grey: 'Grey' }

type Stops = readonly (readonly [number, number, number])[]

/**
 * Red, green and blue of the places at even distance. In the order of lightness, so that who sees no colours or confuses some
 * sees which is louder. Dark: "inferno" and "viridis" of matplotlib; light: CARTO's "SunsetDark", ColorBrewer's "YlGnBu".
 */
const STOPS: Readonly<Record<ColourMap, Readonly<Record<Theme, Stops>>>> = {
  warm: {
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
  },
  viridis: {
    dark: [
      [20, 2, 28],
      [68, 1, 84],
      [71, 44, 122],
      [59, 81, 139],
      [44, 113, 142],
      [33, 144, 141],
      [39, 173, 129],
      [92, 200, 99],
      [170, 220, 50],
      [253, 231, 37],
    ],
    light: [
      [255, 255, 255],
      [247, 252, 205],
      [225, 243, 178],
      [170, 222, 183],
      [100, 195, 191],
      [45, 164, 194],
      [30, 122, 182],
      [36, 79, 161],
      [32, 48, 128],
      [8, 24, 72],
    ],
  },
  grey: {
    dark: [
      [6, 6, 6],
      [252, 252, 252],
    ],
    light: [
      [255, 255, 255],
      [10, 10, 10],
    ],
  },
}

export const COLOUR_COUNT = 256

/** `COLOUR_COUNT` colours as red, green, blue, opacity. */
export function colours(map: ColourMap, theme: Theme): Uint8ClampedArray {
  const stops = STOPS[map][theme]
  const out = new Uint8ClampedArray(4 * COLOUR_COUNT)
  for (let i = 0; i < COLOUR_COUNT; i++) {
    const x = (i / (COLOUR_COUNT - 1)) * (stops.length - 1)
    const k = Math.min(Math.floor(x), stops.length - 2)
    for (let c = 0; c < 3; c++) out[4 * i + c] = stops[k]![c]! + (x - k) * (stops[k + 1]![c]! - stops[k]![c]!)
    out[4 * i + 3] = 255
  }
  return out
}

/** Which colour a level has between `floor` and `ceiling`, dB; beyond them the first or the last. */
export function colourAt(db: number, floor: number, ceiling: number): number {
  const share = (db - floor) / (ceiling - floor)
  return Math.round((COLOUR_COUNT - 1) * Math.max(0, Math.min(1, share)))
}
