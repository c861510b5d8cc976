/** What is asked of the meters of one node. It holds over reconnects, and is told to the node's worker each time. */
import type { NodeView } from '#contract/state.ts'
import type { Settings } from '#meters/meter.ts'
import { METERS } from '#meters/registry.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import { choose, inForce, type Chosen } from './choices.ts'
import type { DspPool } from './dsp/pool.ts'

export class NodeMetering {
  readonly #key: number
  readonly #pool: DspPool
  #watched: readonly string[] = []
  #paused = false
  #chosen: Chosen
  #view: Pick<NodeView, 'paused' | 'choices'>
  /** The worker knows the node. */
  #running = false

  constructor(key: number, pool: DspPool, chosen: Chosen) {
    this.#key = key
    this.#pool = pool
    this.#chosen = chosen
    this.#view = this.#seen()
  }

  get chosen(): Chosen {
    return this.#chosen
  }

  get view(): Pick<NodeView, 'paused' | 'choices'> {
    return this.#view
  }

  /** The node is connected: its worker knows nothing of it yet. */
  begin(): void {
    this.#running = true
    this.#pool.watch(this.#key, this.#watched)
    this.#pool.pause(this.#key, this.#paused)
    for (const [meter, settings] of Object.entries(this.#chosen)) this.#pool.choose(this.#key, meter, settings)
  }

  end(): void {
    this.#running = false
  }

  /** Which pictures of the moment screens show of this node, by meter. */
  watch(meters: readonly string[]): void {
    this.#watched = meters
    if (this.#running) this.#pool.watch(this.#key, meters)
  }

  /** Stops totals and maxima, or lets them go on. */
  pause(on: boolean): void {
    this.#paused = on
    if (this.#running) this.#pool.pause(this.#key, on)
    this.#view = this.#seen()
  }

  /** Every meter's totals, or those of one. Fault: `bad-argument`. */
  reset(meter?: string): Result<null> {
    if (meter !== undefined && !METERS.some(({ id }) => id === meter))
      return fail('bad-argument', `There is no meter "${meter}".`)
    if (this.#running) this.#pool.reset(this.#key, meter)
    return ok(null)
  }

  /** Puts `settings` in force, which begins the meter anew. Fault: `bad-argument`. */
  choose(meter: string, settings: Settings): Result<null> {
    const chosen = choose(this.#chosen, meter, settings)
    if (!chosen.ok) return chosen
    this.#chosen = chosen.value
    if (this.#running) this.#pool.choose(this.#key, meter, chosen.value[meter]!)
    this.#view = this.#seen()
    return ok(null)
  }

  #seen(): Pick<NodeView, 'paused' | 'choices'> {
    return { paused: this.#paused, choices: inForce(this.#chosen) }
  }
}
