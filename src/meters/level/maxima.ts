/** True peak maxima of each channel since the last reset, or since a person cleared them on this screen, whichever is later. */
import type { Feed, Held } from '#meters/draw/view.ts'
import { loudnessMeter } from '#meters/loudness/meter.ts'
import { slotAt } from '#meters/meter.ts'

export class Maxima {
  readonly #feed: Feed
  readonly #since: Held
  readonly #at: number

  constructor(feed: Feed) {
    this.#feed = feed
    // True peaks are metered with loudness, which they are paused and reset with.
    this.#since = feed.held(loudnessMeter.id, 'truePeak')
    this.#at = slotAt(loudnessMeter.layout(feed.shape), 'truePeakMax').at
  }

  /** DBTP; undefined before the first reading. */
  of(channel: number): number | undefined {
    const sinceReset = this.#feed.readingOf(loudnessMeter.id)?.[this.#at + channel]
    if (sinceReset === undefined || !this.#feed.memory.has(cleared(channel))) return sinceReset
    return Math.min(sinceReset, this.#since.values[channel]!)
  }

  clear(channel: number): void {
    this.#since.clear(channel)
    this.#feed.memory.set(cleared(channel), 1)
  }
}

function cleared(channel: number): string {
  return `level.cleared.${channel}`
}
