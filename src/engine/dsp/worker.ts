/** A DSP worker thread: the chains of the nodes it was given, and nothing else. */
import { parentPort } from 'node:worker_threads'
import type { NodeReadings } from '#contract/frame.ts'
import type { Settings } from '#meters/meter.ts'
import { loadKernels } from '#dsp/wasm/kernels.ts'
import { Chain } from './chain.ts'
import { readKernels } from './kernels.ts'
import type { FromWorker, ToWorker } from './messages.ts'

/** A screen draws at most every 16.7 ms; readings more often would only be merged. */
const READ_EVERY_MS = 16
const SPAN_EVERY_MS = 500

interface Entry {
  chain: Chain | undefined
  calibration: string | null
  watched: boolean
  listening: boolean
  paused: boolean
  readonly chosen: Map<string, Settings>
  taken: number
}

const port = parentPort!
const nodes = new Map<number, Entry>()
const openKernels = loadKernels(readKernels())
let lastRead = 0
let lastSpan = 0
let timer: NodeJS.Timeout | undefined

function say(message: FromWorker, transfer: ArrayBuffer[] = []): void {
  port.postMessage(message, transfer)
}

function entryOf(node: number): Entry {
  let entry = nodes.get(node)
  if (!entry) {
    entry = {
      chain: undefined,
      calibration: null,
      watched: false,
      listening: false,
      paused: false,
      chosen: new Map(),
      taken: 0,
    }
    nodes.set(node, entry)
  }
  return entry
}

function calibrate(node: number, entry: Entry): void {
  if (!entry.chain) return
  const result = entry.chain.calibrate(entry.calibration)
  if (!result.ok) say({ t: 'calibration-refused', node, fault: result.fault })
  else if (entry.calibration !== null) say({ t: 'calibrated', node, residualDb: result.value })
}

/** Soon after news, but not before the last readings are old enough. */
function readSoon(): void {
  timer ??= setTimeout(readAll, Math.max(0, lastRead + READ_EVERY_MS - performance.now()))
}

function readAll(): void {
  timer = undefined
  lastRead = performance.now()
  const readings: NodeReadings[] = []
  const taken: [number, number][] = []
  // One buffer for all nodes: each that is made and handed over costs more than the readings in it.
  let length = 0
  for (const { taken, chain } of nodes.values()) if (taken > 0 && chain) length += chain.news
  const values = new Float32Array(length)
  let at = 0
  for (const [node, entry] of nodes) {
    if (entry.taken === 0) continue
    taken.push([node, entry.taken])
    entry.taken = 0
    if (!entry.chain) continue
    const tone = entry.chain.takeTone()
    if (tone) say({ t: 'tone', node, ...tone })
    const { news } = entry.chain
    readings.push(entry.chain.read(values, at))
    at += news
  }
  say({ t: 'readings', nodes: readings, taken }, [values.buffer])
  if (lastRead - lastSpan >= SPAN_EVERY_MS) {
    lastSpan = lastRead
    for (const [node, { chain }] of nodes) for (const span of chain?.spans ?? []) saySpan(node, span, false)
  }
}

function saySpan(node: number, span: string, final: boolean): void {
  const reading = nodes.get(node)?.chain?.readSpan(span, final)
  if (reading) say({ t: 'span', node, reading })
}

function handle(message: ToWorker): void {
  if (message.t === 'stop') {
    clearTimeout(timer)
    port.close()
    return
  }
  if (message.t === 'close') {
    nodes.get(message.node)?.chain?.dispose()
    nodes.delete(message.node)
    return
  }
  const entry = entryOf(message.node)
  switch (message.t) {
    case 'open':
      for (const span of entry.chain?.spans ?? []) saySpan(message.node, span, true)
      entry.chain?.dispose()
      entry.chain = new Chain(message.node, message.format, openKernels, entry.chosen)
      entry.chain.pause(entry.paused)
      entry.chain.watch(entry.watched)
      entry.chain.listen(entry.listening)
      calibrate(message.node, entry)
      break
    case 'block':
      entry.chain?.take(message)
      entry.taken++
      readSoon()
      break
    case 'calibrate':
      entry.calibration = message.text
      calibrate(message.node, entry)
      break
    case 'watch':
      entry.watched = message.on
      entry.chain?.watch(message.on)
      break
    case 'listen':
      entry.listening = message.on
      entry.chain?.listen(message.on)
      break
    case 'reset':
      entry.chain?.reset()
      break
    case 'pause':
      entry.paused = message.on
      entry.chain?.pause(message.on)
      break
    case 'choose':
      entry.chosen.set(message.meter, message.settings)
      entry.chain?.choose(message.meter)
      break
    case 'span-begin':
      entry.chain?.beginSpan(message.span)
      break
    case 'span-end':
      saySpan(message.node, message.span, true)
      break
  }
}

port.on('message', (batch: readonly ToWorker[]) => batch.forEach(handle))
