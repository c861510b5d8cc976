/** As many nodes as a house, a plant or a festival has, each with its own sound. */
import { DisposableStore } from '#shared/lifecycle.ts'
import { Helper } from '../bench/process.ts'
import type { Closing } from '../tests/support/closing.ts'

export interface Member {
  readonly name: string
  readonly source: string
}

const NAMES = [
  'Attic',
  'Server room',
  'Boiler house',
  'Courtyard',
  'Loading bay',
  'Stage left',
  'Stage right',
  'Front of house',
  'Pump station 2',
  'Compressor',
  'Cooling tower',
  'Press shop',
  'Paint shop',
  'Gate north',
  'Gate south',
  'Canteen',
  'Roof west',
  'Roof east',
  'Turbine hall',
  'Substation',
  'Workshop',
  'Test bench 1',
  'Test bench 2',
  'Anechoic chamber',
  'Control room',
  'Lift shaft',
  'Car park',
  'Bridge pier 4',
  'Tunnel portal',
  'Weather mast',
  'Neighbour, first floor',
  'Church tower',
]

/** Some louder, some softer; every third one changes. */
function soundOf(index: number): string {
  const dbfs = -18 - ((index * 7) % 31)
  return index % 3 === 0 ? 'tone:demo' : `tone:pink:${dbfs}`
}

export const CROWD: readonly Member[] = NAMES.map((name, index) => ({ name, source: soundOf(index) }))

/** Addresses of the first `count` nodes; more can be asked for. */
export function startCrowd(closing: Closing): (count: number) => Promise<string[]> {
  const store = new DisposableStore()
  closing.defer(() => store.dispose())
  const helper = new Helper(store, '../pictures/crowd-process.ts')
  return (count) => helper.ask<string[]>(CROWD.slice(0, count))
}
