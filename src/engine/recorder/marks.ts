/** Marks that a person set in a take: each at a frame of its own, by which the journal knows it. */
import type { Line, Marker } from './journal.ts'

export class Marks {
  readonly #note: (line: Line) => void
  readonly #items: Marker[]

  /** `note` brings a line into the journal; `items` are those that it has already. */
  constructor(note: (line: Line) => void, items: readonly Marker[] = []) {
    this.#note = note
    this.#items = [...items]
  }

  /** In the order in which they were set; a mark keeps its place. */
  get items(): readonly Marker[] {
    return this.#items
  }

  /** At `position` of a stream, or behind those that were set there at the same moment. Returns its place in `items`. */
  add(stream: bigint, position: bigint, label: string): number {
    let free = position
    while (this.#items.some((m) => m.stream === stream && m.position === free)) free++
    return this.#put(this.#items.length, { stream, position: free, label })
  }

  /** Another label for the mark at `place`. */
  label(place: number, label: string): void {
    const marker = this.#items[place]
    if (marker) this.#put(place, { ...marker, label })
  }

  #put(place: number, marker: Marker): number {
    this.#items[place] = marker
    this.#note({ t: 'mark', marker })
    return place
  }
}
