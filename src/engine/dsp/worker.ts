/** A DSP worker thread: the chains of the nodes it was given, and nothing else. */
import { parentPort } from 'node:worker_threads'
import type { Settings } from '#meters/meter.ts'
import { loadKernels } from '#dsp/wasm/kernels.ts'
import { type CapturedBlock, takeBlocks } from './batch.ts'
import { Chain } from './chain.ts'
import { readKernels } from './kernels.ts'
import type { FromWorker, Order, ToWorker } from './messages.ts'
import { ReportWriter } from './report.ts'

/** Meters are read when nothing waits any more; no later than this while more and more comes. */
const READ_AT_LEAST_MS = 50
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
const openKernels = loadKernels(readKernels(), (why) => say({ t: 'slow', why }))
let lastRead = 0
let lastSpan = 0
let reading: NodeJS.Immediate | undefined
/** Buffers whose blocks were taken since the last report. */
let spent: ArrayBuffer[] = []

function say(message: FromWorker, transfer: readonly ArrayBuffer[] = []): void {
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

function readAll(): void {
  clearImmediate(reading)
  reading = undefined
  lastRead = performance.now()
  let count = 0
  let length = 0
  for (const { taken, chain } of nodes.values()) {
    if (taken === 0) continue
    count++
    length += chain?.news ?? 0
  }
  const report = new ReportWriter(count, length)
  for (const [node, entry] of nodes) {
    if (entry.taken === 0) continue
    report.node(node, entry.taken)
    entry.taken = 0
    if (!entry.chain) continue
    const tone = entry.chain.takeTone()
    if (tone) say({ t: 'tone', node, ...tone })
    entry.chain.read(report)
  }
  const { heads, values } = report
  say({ t: 'report', report: { heads, values }, spent }, [heads.buffer, values.buffer, ...spent])
  spent = []
  if (lastRead - lastSpan >= SPAN_EVERY_MS) {
    lastSpan = lastRead
    for (const [node, { chain }] of nodes) for (const span of chain?.spans ?? []) saySpan(node, span, false)
  }
}

function saySpan(node: number, span: string, final: boolean): void {
  const reading = nodes.get(node)?.chain?.readSpan(span, final)
  if (reading) say({ t: 'span', node, reading })
}

function take(node: number, block: CapturedBlock): void {
  const entry = entryOf(node)
  entry.chain?.take(block)
  entry.taken++
}

function obey(message: Order): void {
  if (message.t === 'stop') {
    clearImmediate(reading)
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
      entry.chain = new Chain(message.format, openKernels, entry.chosen)
      entry.chain.pause(entry.paused)
      entry.chain.watch(entry.watched)
      entry.chain.listen(entry.listening)
      calibrate(message.node, entry)
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

port.on('message', ({ blocks, orders }: ToWorker) => {
  if (blocks) {
    takeBlocks(blocks, take)
    spent.push(blocks.buffer)
    if (performance.now() - lastRead > READ_AT_LEAST_MS) readAll()
    else reading ??= setImmediate(readAll)
  }
  orders.forEach(obey)
})
