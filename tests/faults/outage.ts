/** An outage of the links of all places at once while they are recorded, and what became of it. */
import { pass, RATE, type Scene } from '../support/lab/scene.ts'
import { until } from '../support/station.ts'
import { since } from './verdict.ts'

/** Seconds after the links came back, of the slowest place. */
export interface Aftermath {
  /** Until meters show sound captured after that. */
  readonly live: number
  /** Until no frame of the take is missing or, where some are lost, no more can come. */
  readonly healed: number
}

export async function outage(scene: Scene, seconds: number): Promise<Aftermath> {
  const { places, remote } = scene
  const down = performance.now()
  const before = places.map((place) => scene.takeOf(place).frames)
  await Promise.all(places.map(({ computer }) => computer.link.set({ up: false })))
  await pass(seconds)
  const upUtc = Date.now()
  const up = performance.now()
  await Promise.all(places.map(({ computer }) => computer.link.set({ up: true })))
  await Promise.all(places.map((place) => scene.hears(place, upUtc)))
  const live = since(up)
  // The state comes after the meters: what it says counts once it knows of sound from behind the outage.
  const settled = (i: number): boolean => {
    const { frames, missingFrames, pendingFrames } = scene.takeOf(places[i]!)
    const { goneFrames } = remote.node(places[i]!.key).link
    return frames - before[i]! > (since(down) - 0.5) * RATE && pendingFrames === 0 && missingFrames <= goneFrames
  }
  await until(remote.screen, () => places.every((_, i) => settled(i)), 60_000)
  return { live, healed: since(up) }
}
