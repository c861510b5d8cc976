/** Flushes of all files, few at a time: on a slow disk each takes one of the few threads that writes need too. */
import type { FileHandle } from 'node:fs/promises'

/** The platform has four threads. */
const MAX_AT_ONCE = 2

let running = 0
const waiting: (() => void)[] = []

/** Resolves when what was written to the file before the call is safe. Rejects with the system's error. */
export async function flushed(handle: FileHandle): Promise<void> {
  if (running >= MAX_AT_ONCE) await new Promise<void>((go) => waiting.push(go))
  running++
  try {
    await handle.datasync()
  } finally {
    running--
    waiting.shift()?.()
  }
}
