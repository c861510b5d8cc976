/**
 * Loaded into a measured program (`node --import`): SIGUSR2 collects its garbage and gives back the room it lay in, in
 * every thread, so that what the program holds can be told from what V8 keeps at hand.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { BroadcastChannel, isMainThread } from 'node:worker_threads'

setFlagsFromString('--expose-gc')
const gc = runInNewContext('gc')
const collect = () => gc({ type: 'major', execution: 'sync', flavor: 'last-resort' })
// Signals come to the main thread alone.
const threads = new BroadcastChannel('farfield:collect')
if (isMainThread)
  process.on('SIGUSR2', () => {
    threads.postMessage('collect')
    collect()
  })
else threads.onmessage = collect
threads.unref()
