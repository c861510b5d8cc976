#!/usr/bin/env node
/**
 * The way into `farfield-node`. Node translates TypeScript with a compiler of its own, which takes 30 MB for as long as the
 * process lives and most of the time that a start takes. So what was translated is kept, and the next start needs no
 * compiler. For this alone the file is JavaScript: the first TypeScript must not come before the cache.
 */
import { enableCompileCache, flushCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

/** By then everything has been loaded. A node is seldom ended in peace, which is when Node would write the cache by itself. */
const LOADED_MS = 5000

// NODE_COMPILE_CACHE, where it is set, wins. A folder that cannot be written costs the memory and nothing else.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/farfield-node', import.meta.url)))
setTimeout(flushCompileCache, LOADED_MS).unref()
await import('./main.ts')
