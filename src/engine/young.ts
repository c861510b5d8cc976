/** Keeps the room for new objects small. */
import { setFlagsFromString } from 'node:v8'

/**
 * Sound lies outside V8's heap, each block held by a small object, and is given back when that object is collected. V8 collects
 * new objects when their room is full, and makes the room larger as long as some survive: with 32 MB of room for objects
 * of 100 bytes, more than a hundred MB of sound that nobody needs wait outside. Of the process, in threads that start later too.
 */
export function keepYoungSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
}
