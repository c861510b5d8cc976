#!/usr/bin/env node
/**
 * The way into `farfield`. glibc listens only when a program begins, and Node tells its threads of a cache only if it was
 * told of it then: so both are told here, the program begins anew in the same process, and only then comes what it is to do.
 * The first TypeScript must not come before the cache: for this alone the file is JavaScript.
 */
import { flushCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

const SETTINGS = {
  /**
   * Left to itself, glibc gives every thread an arena, which keeps the most that it ever held at once: with a dozen threads, memory
   * that grows with every busy moment of the machine. Two arenas, and what is free at their ends goes back at once.
   */
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: '131072',
  MALLOC_TRIM_THRESHOLD_: '131072',
  /** What Node translated is kept: its compiler takes half of a start, and 25 MB for as long as the process lives. */
  NODE_COMPILE_CACHE: fileURLToPath(new URL('../../node_modules/.cache/farfield', import.meta.url)),
}
/** By then everything has been loaded. A long recording is not always ended in peace, which is when Node would write the cache. */
const LOADED_MS = 5000

// What somebody has set wins. Where a program cannot begin anew (macOS, Windows, an older Node) it just goes on.
const settled = Object.keys(SETTINGS).every((name) => name in process.env)
if (process.platform === 'linux' && process.execve && !settled) {
  const args = [process.execPath, ...process.execArgv, ...process.argv.slice(1)]
  process.execve(process.execPath, args, { ...SETTINGS, ...process.env })
}
setTimeout(flushCompileCache, LOADED_MS).unref()
await import('./main.ts')
