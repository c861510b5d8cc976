/**
 * Loaded into a measured program (`node --import`): SIGUSR2 collects its garbage and gives back the room it lay in, in
 * every thread, and writes how many bytes of objects and buffers are left to a file of its own in FARFIELD_HELD.
 */
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { BroadcastChannel, isMainThread, threadId } from 'node:worker_threads'

setFlagsFromString('--expose-gc')
const gc = runInNewContext('gc')
const name = `${process.pid}-${threadId}`
const [file, written] = [name, `.${name}`].map((each) => join(process.env.FARFIELD_HELD, each))
const collect = () => {
  gc({ type: 'major', execution: 'sync', flavor: 'last-resort' })
  const held = getHeapStatistics().used_heap_size + process.memoryUsage().arrayBuffers
  // Whoever reads it finds a whole number.
  writeFileSync(written, `${held}`)
  renameSync(written, file)
}
// Signals come to the main thread alone.
const threads = new BroadcastChannel('farfield:collect')
if (isMainThread)
  process.on('SIGUSR2', () => {
    threads.postMessage('collect')
    collect()
  })
else threads.onmessage = collect
threads.unref()
