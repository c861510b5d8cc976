/** Opens a workstation, makes objects of which some survive for a while, and prints the size of the room for new ones, bytes. */
import { getHeapSpaceStatistics } from 'node:v8'
import { openStation } from './station.ts'

const OBJECTS = 3_000_000
const SURVIVORS = 50_000

const opened = await openStation()
let kept: object[] = []
for (let i = 0; i < OBJECTS; i++) {
  kept.push({ i, list: [i] })
  if (kept.length === SURVIVORS) kept = []
}
const room = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')!
console.log(room.space_size)
await opened.close()
