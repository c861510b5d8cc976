/** A DSP worker thread: the chains of the nodes it was given, and nothing else. */
import { parentPort } from 'node:worker_threads'
import type { Settings } from '#meters/meter.ts'
import { loadKernels } from '#dsp/wasm/kernels.ts'
import { type BlockBatch, type CapturedBlock, takeBlocks } from './batch.ts'
import { Chain } from './chain.ts'
import { readKernels } from './kernels.ts'
import { measureFile } from './measure.ts'
import type { FromWorker, Order, ToWorker } from './messages.ts'
import { ReportWriter } from './report.ts'

const SPAN_EVERY_MS = 500

interface Entry {
  chain: Chain | undefined
  calibration: string | null
  watched: readonly string[]
  listening: boolean
  paused: boolean
  readonly chosen: Map<string, Settings>
  taken: number
}

const port = parentPort!
const nodes = new Map<number, Entry>()
const openKernels = loadKernels(readKernels(), (why) => say({ t: 'slow', why }))
/** Values of the last report: the next one will have about as many. */
let reported = 0
let lastSpan = 0
let stopped = false

function say(message: FromWorker, transfer: readonly ArrayBuffer[] = []): void {
  port.postMessage(message, transfer)
}

function entryOf(node: number): Entry {
  let entry = nodes.get(node)
  if (!entry) {
    entry = {
      chain: undefined,
      calibration: null,
      watched: [],
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
  else if (result.value) say({ t: 'calibrated', node, applied: result.value })
}

/** Meters the blocks and reads each node's meters right after, while what they know lies in the caches. */
function meter(blocks: BlockBatch): void {
  const writer = new ReportWriter(nodes.size, Math.ceil(1.25 * reported))
  takeBlocks(blocks, take, (node) => read(node, writer))
  const report = writer.report
  reported = report.values.length
  say({ t: 'report', report, spent: blocks.buffer }, [report.heads.buffer, report.values.buffer, blocks.buffer])
  const now = performance.now()
  if (now - lastSpan < SPAN_EVERY_MS) return
  lastSpan = now
  for (const [node, { chain }] of nodes) for (const span of chain?.spans ?? []) saySpan(node, span, false)
}

function take(node: number, block: CapturedBlock): void {
  const entry = entryOf(node)
  entry.chain?.take(block)
  entry.taken++
}

function read(node: number, writer: ReportWriter): void {
  const entry = entryOf(node)
  writer.node(node, entry.taken)
  entry.taken = 0
  if (!entry.chain) return
  entry.chain.read(writer)
  const tone = entry.chain.takeTone()
  if (tone) say({ t: 'tone', node, ...tone })
}

function saySpan(node: number, span: string, final: boolean): void {
  const reading = nodes.get(node)?.chain?.readSpan(span, final)
  if (reading) say({ t: 'span', node, reading })
}

function obey(message: Order): void {
  if (message.t === 'stop') {
    stopped = true
    port.close()
    return
  }
  if (message.t === 'measure') {
    const { request, file, lost } = message
    void measureFile(file, lost, openKernels, () => stopped).then((figures) => say({ t: 'measured', request, figures }))
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
      entry.watched = message.meters
      entry.chain?.watch(message.meters)
      break
    case 'listen':
      entry.listening = message.on
      entry.chain?.listen(message.on)
      break
    case 'reset':
      entry.chain?.reset(message.meter)
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
  if (blocks) meter(blocks)
  orders.forEach(obey)
})
