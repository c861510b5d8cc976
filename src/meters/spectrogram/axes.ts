/** What stands around the picture of a spectrogram: frequencies, times, and which colour is which level. */
import { formatHertz, formatLevel } from '#meters/draw/format.ts'
import { hertzMarks, shareOf, type HertzRange } from '#meters/draw/hertz.ts'
import { levelMarks } from '#meters/draw/levels.ts'
import type { Palette } from '#meters/draw/theme.ts'
import { COLOUR_COUNT } from './colours.ts'
import type { SpectrogramLook } from './looks.ts'

/** Room for labels, CSS px. */
export const LEFT = 44
export const RIGHT = 60
export const BOTTOM = 20
export const TOP = 6
const SCALE_WIDTH = 10
/** Room of a label of frequency, of time; from the picture down to the line of times and units. */
const HERTZ_PX = 16
const TIME_PX = 70
const BELOW_PX = 7
const STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120]

/** Of the picture itself, CSS px. */
export interface Size {
  readonly width: number
  readonly height: number
}

export function paintAxes(
  g: CanvasRenderingContext2D,
  palette: Palette,
  whole: HertzRange,
  { axis, span }: Pick<SpectrogramLook, 'axis' | 'span'>,
  { width, height }: Size,
): void {
  g.font = palette.font
  g.fillStyle = palette.muted
  g.textAlign = 'right'
  g.textBaseline = 'middle'
  let free = Infinity
  for (const hz of hertzMarks(whole, axis)) {
    const y = TOP + height * (1 - shareOf(hz, whole, axis))
    if (y > free) continue
    free = y - HERTZ_PX
    g.fillText(formatHertz(hz), LEFT - 8, y)
  }
  g.textBaseline = 'top'
  g.fillText('Hz', LEFT - 8, TOP + height + BELOW_PX)
  const seconds = Number(span)
  const step = STEPS_S.find((s) => (s / seconds) * width >= TIME_PX) ?? seconds
  for (let s = 0; s < seconds - step / 4; s += step) {
    // Beside it stands the unit of the colours.
    g.textAlign = s === 0 ? 'right' : 'center'
    const text = s === 0 ? 'now' : s % 60 === 0 ? `−${s / 60} min` : `−${s} s`
    g.fillText(text, LEFT + width * (1 - s / seconds), TOP + height + BELOW_PX)
  }
}

/** The scale of colours at the right, its levels beside it. */
export class ColourScale {
  /** The quietest and the loudest: one in the other is seen on any of them. */
  readonly ground: string
  readonly line: string
  /** From the loudest down, a pixel each. */
  readonly #canvas: HTMLCanvasElement

  constructor(colours: Uint8ClampedArray) {
    const colour = (place: number): string => `rgb(${colours.subarray(4 * place, 4 * place + 3).join(' ')})`
    this.ground = colour(0)
    this.line = colour(COLOUR_COUNT - 1)
    this.#canvas = document.createElement('canvas')
    this.#canvas.width = 1
    this.#canvas.height = COLOUR_COUNT
    const g = this.#canvas.getContext('2d')!
    const image = g.createImageData(1, COLOUR_COUNT)
    for (let i = 0; i < COLOUR_COUNT; i++)
      image.data.set(colours.subarray(4 * i, 4 * i + 4), 4 * (COLOUR_COUNT - 1 - i))
    g.putImageData(image, 0, 0)
  }

  /** `shift`: added to what was read, it is what is shown, in `unit`, dB. */
  paint(
    g: CanvasRenderingContext2D,
    palette: Palette,
    { floor, ceiling }: Pick<SpectrogramLook, 'floor' | 'ceiling'>,
    shift: number,
    unit: string,
    { width, height }: Size,
  ): void {
    const x = LEFT + width + 10
    g.drawImage(this.#canvas, x, TOP, SCALE_WIDTH, height)
    g.font = palette.font
    g.fillStyle = palette.muted
    g.textAlign = 'left'
    g.textBaseline = 'middle'
    const [low, high] = [Number(floor), Number(ceiling)]
    for (const db of levelMarks(low, high, shift, height)) {
      const y = TOP + height * (1 - (db - low) / (high - low))
      g.fillText(formatLevel(db + shift, 0), x + SCALE_WIDTH + 5, y)
    }
    g.textAlign = 'right'
    g.textBaseline = 'top'
    g.fillText(unit, LEFT + width + RIGHT, TOP + height + BELOW_PX, RIGHT - 4)
  }
}
