/** How many nodes the real DSP worker carries: it is fed in real time, as the engine feeds it. */
import { once } from 'node:events'
import { Lane } from '#engine/dsp/lane.ts'
import type { FromWorker } from '#engine/dsp/messages.ts'
import { readReport } from '#engine/dsp/report.ts'
import { noise } from '../tests/support/signals.ts'

const RATE = 48_000
const BLOCK_FRAMES = 480
const BLOCK_MS = 10
/** Of one channel there is no correlation, and a waveform is not a measurement. */
const PICTURES = ['spectrum', 'spectrogram']

/**
 * CPU seconds of the worker per second of sound of one node, while it has `nodes` of them: mono, s32 as captured, calibrated,
 * every measurement on, spectrum and spectrogram watched.
 */
export async function workerCost(nodes: number, seconds: number, calibration: string): Promise<number> {
  const blocks = { sent: 0, taken: 0 }
  const lane = new Lane(
    new URL('../src/engine/dsp/worker.ts', import.meta.url),
    (news) => {
      if (news.t === 'calibration-refused') throw new Error(news.fault.message)
    },
    (error) => {
      throw error
    },
  )
  const { worker } = lane
  worker.on('message', (message: FromWorker) => {
    if (message.t === 'report') for (const { taken } of readReport(message.report)) blocks.taken += taken
  })
  const sounds = Array.from(
    { length: 16 },
    (_, i) => new Uint8Array(Int32Array.from(noise(BLOCK_FRAMES, i, 0.1), (x) => x * 2 ** 31).buffer),
  )
  let position = 0
  /** A block of every `BLOCK_MS`th node, from `first` on. */
  const some = (first: number): void => {
    for (let node = first; node < nodes; node += BLOCK_MS) {
      const bytes = sounds[blocks.sent++ % sounds.length]!
      const heard = lane.block(node, { bytes, frames: BLOCK_FRAMES, gap: 0, position, capturedAt: Date.now() })
      if (!heard) throw new Error(`the worker cannot keep up with ${nodes} nodes`)
    }
  }
  /** Nodes keep no step with each other: each millisecond some of them send. */
  const feed = async (turns: number): Promise<void> => {
    const start = performance.now()
    for (let ms = 0; ms < turns * BLOCK_MS; ms++) {
      if (ms % BLOCK_MS === 0) position += BLOCK_FRAMES
      some(ms % BLOCK_MS)
      await sleep(start + ms + 1 - performance.now())
    }
  }
  const drained = async (): Promise<void> => {
    while (blocks.taken < blocks.sent) await once(worker, 'message')
  }
  for (let node = 0; node < nodes; node++) {
    lane.enter(node)
    lane.order({ t: 'open', node, format: { format: 's32', channels: 1, rate: RATE } })
    lane.order({ t: 'calibrate', node, text: calibration })
    lane.order({ t: 'watch', node, meters: PICTURES })
  }
  // Until the filters are designed and the compiler has done its work.
  await feed(1)
  await drained()
  await feed(200)
  await drained()
  const before = await worker.cpuUsage()
  await feed((seconds * 1000) / BLOCK_MS)
  await drained()
  const after = await worker.cpuUsage(before)
  lane.order({ t: 'stop' })
  await lane.ended
  return (after.user + after.system) / 1e6 / (nodes * seconds)
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)))
}
