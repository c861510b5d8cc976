/** What slots of a node's readings came to since a person cleared them: from every reading that came, drawn or not. */
import type { Held } from '#meters/draw/view.ts'
import { type MeterDefinition, slotAt, type StreamShape } from '#meters/meter.ts'

interface Entry extends Held {
  readonly meter: number
  readonly at: number
  readonly largest: boolean
  readonly values: Float32Array
}

export class Holds {
  readonly #entries = new Map<string, Entry>()

  /** The same object each time it is asked for. Throws for a slot that does not merge by `max` or `min`, which is our own bug. */
  of(meter: number, definition: MeterDefinition, shape: StreamShape, slot: string): Held {
    const key = `${meter} ${slot}`
    const known = this.#entries.get(key)
    if (known) return known
    const layout = definition.layout(shape)
    const { at, length } = slotAt(layout, slot)
    const merge = layout.find(({ name }) => name === slot)?.merge
    if (merge !== 'max' && merge !== 'min') throw new Error(`${slot} cannot be held`)
    const largest = merge === 'max'
    const nothing = largest ? -Infinity : Infinity
    const values = new Float32Array(length).fill(nothing)
    const entry: Entry = { meter, at, largest, values, clear: (index) => void values.fill(nothing, index, index + 1) }
    this.#entries.set(key, entry)
    return entry
  }

  take(meter: number, reading: Float32Array): void {
    for (const { meter: wanted, at, largest, values } of this.#entries.values()) {
      if (wanted !== meter) continue
      for (let i = 0; i < values.length; i++) {
        const value = reading[at + i]!
        if (largest ? value > values[i]! : value < values[i]!) values[i] = value
      }
    }
  }
}
