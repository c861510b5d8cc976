/** A frequency axis that can be zoomed: where its marks are, what lies where. */

export type HertzScale = 'log' | 'linear'

/** Ends of what is shown, Hz. */
export interface HertzRange {
  readonly from: number
  readonly to: number
}

/** The least that is shown: a third of an octave on a log axis, Hz on a linear one. */
const LEAST_RATIO = 2 ** (1 / 3)
const LEAST_HZ = 100
/** From this ratio on marks go by 1, 2, 5; below they are evenly spaced. */
const DECADES_RATIO = 8
const MARKS = 6

/** Where on the axis `hz` lies, 0 to 1 within the range. */
export function shareOf(hz: number, { from, to }: HertzRange, scale: HertzScale): number {
  return scale === 'log' ? Math.log(hz / from) / Math.log(to / from) : (hz - from) / (to - from)
}

export function hertzAt(share: number, { from, to }: HertzRange, scale: HertzScale): number {
  return scale === 'log' ? from * (to / from) ** share : from + share * (to - from)
}

/** `factor` of what is shown (under 1: closer), so that `around` stays where it is; never beyond `whole`. */
export function zoom(
  range: HertzRange,
  whole: HertzRange,
  scale: HertzScale,
  factor: number,
  around: number,
): HertzRange {
  const share = Math.min(1, Math.max(0, shareOf(around, range, scale)))
  return within(
    hertzAt(share - share * factor, range, scale),
    hertzAt(share + (1 - share) * factor, range, scale),
    whole,
    scale,
  )
}

/** Moved by a share of what is shown, as far as `whole` goes. */
export function pan(range: HertzRange, whole: HertzRange, scale: HertzScale, share: number): HertzRange {
  const room = share < 0 ? shareOf(whole.from, range, scale) : shareOf(whole.to, range, scale) - 1
  const by = share < 0 ? Math.max(share, Math.min(0, room)) : Math.min(share, Math.max(0, room))
  return { from: hertzAt(by, range, scale), to: hertzAt(1 + by, range, scale) }
}

function within(from: number, to: number, whole: HertzRange, scale: HertzScale): HertzRange {
  const ends = { from: Math.max(whole.from, from), to: Math.min(whole.to, to) }
  if (scale === 'log' ? ends.to / ends.from >= LEAST_RATIO : ends.to - ends.from >= LEAST_HZ) return ends
  const middle = hertzAt(0.5, ends, scale)
  const half = scale === 'log' ? Math.sqrt(LEAST_RATIO) : LEAST_HZ / 2
  const low = scale === 'log' ? middle / half : middle - half
  const lowest = scale === 'log' ? whole.to / LEAST_RATIO : whole.to - LEAST_HZ
  const start = Math.min(Math.max(low, whole.from), lowest)
  return { from: start, to: scale === 'log' ? start * LEAST_RATIO : start + LEAST_HZ }
}

/** Round frequencies from one end to the other. */
export function hertzMarks({ from, to }: HertzRange, scale: HertzScale): number[] {
  if (scale === 'log' && to / from >= DECADES_RATIO) {
    const marks: number[] = []
    for (let decade = 10 ** Math.floor(Math.log10(from)); decade <= to; decade *= 10)
      for (const digit of [1, 2, 5])
        if (digit * decade >= from * 0.999 && digit * decade <= to * 1.001) marks.push(digit * decade)
    return marks
  }
  const rough = (to - from) / MARKS
  const decade = 10 ** Math.floor(Math.log10(rough))
  const step = decade * [1, 2, 5, 10].find((digit) => digit * decade >= rough)!
  const first = Math.ceil(from / step)
  return Array.from({ length: Math.floor(to / step) - first + 1 }, (_, i) => (first + i) * step)
}
