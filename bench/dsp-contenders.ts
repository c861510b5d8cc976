/** What is raced, and against what. Each run hears the same noise anew and returns the CPU seconds that it took. */
import type { DisposableStore } from '#shared/lifecycle.ts'
import { planBank } from '#dsp/band-bank.ts'
import { partitionFrames } from '#dsp/convolver.ts'
import { type Kernels, type KernelSource, REFERENCE } from '#dsp/kernels.ts'
import { loadKernels } from '#dsp/wasm/kernels.ts'
import { readKernels } from '#engine/dsp/kernels.ts'
import { loudnessMeter } from '#meters/loudness/meter.ts'
import { readingLength, type MeterDefinition } from '#meters/meter.ts'
import { METERS, meterIndex } from '#meters/registry.ts'
import { FullRateBands } from '../tests/support/bands-full-rate.ts'
import { interleave } from '../tests/support/material.ts'
import { noise } from '../tests/support/signals.ts'
import { Peers } from './dsp-peers.ts'

export interface Contender {
  readonly id: string
  readonly title: string
  /** Of sound in a run. */
  readonly channelSeconds: number
  run(): Promise<number> | number
}

const RATE = 48_000
const BLOCK_FRAMES = 480
const SECONDS = 20
const CHANNELS = 2
/** sox is a process that has to start. */
const SOX_SECONDS = 300
const TAPS = 4096
const POLL_FRAMES = RATE / 10

const EVERYTHING = ['loudness', 'sound-level', 'bands', 'spectrum'].map((id) => METERS[meterIndex(id)]!)

/** Noise that swells and fades: no gate is always open and the largest peak not always the last. */
function swelling(seconds: number, seed: number): Float32Array {
  return noise(seconds * RATE, seed, 0.5).map((x, i) => x * (0.6 + 0.4 * Math.sin((2 * Math.PI * i) / (RATE * 7.3))))
}

/** CPU seconds of this process, its compiler and collector included. */
function used(work: () => void): number {
  const start = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1e6
}

/** Plays `planes` in blocks as they come from a node, from the memory of `kernels`. */
class Player {
  readonly #block: Float32Array[]
  readonly #blocks: readonly (readonly Float32Array[])[]

  constructor(kernels: Kernels, planes: readonly Float32Array[]) {
    this.#block = kernels.planes(planes.length, BLOCK_FRAMES)
    this.#blocks = Array.from({ length: planes[0]!.length / BLOCK_FRAMES }, (_, i) =>
      planes.map((plane) => plane.subarray(i * BLOCK_FRAMES, (i + 1) * BLOCK_FRAMES)),
    )
  }

  play(hear: (block: Float32Array[], frames: number) => void): void {
    let frames = 0
    for (const block of this.#blocks) {
      for (let c = 0; c < block.length; c++) this.#block[c]!.set(block[c]!)
      hear(this.#block, (frames += BLOCK_FRAMES))
    }
  }
}

export function contenders(store: DisposableStore): readonly Contender[] {
  const bytes = readKernels()
  if (!bytes) throw new Error('the kernels are not built; run "npm run build"')
  const open = loadKernels(bytes)
  const peers = new Peers(store)
  const stereo = [swelling(SECONDS, 1), swelling(SECONDS, 2)]
  const mono = [stereo[0]!]
  const file = peers.file('stereo.f32', interleave(stereo))
  const long = peers.file('mono.f32', interleave([swelling(SOX_SECONDS, 3)]))
  // Decaying noise: it has the length of a calibration filter and no structure that a program could make use of.
  const taps = noise(TAPS, 4, 0.03).map((x, i) => x * Math.exp(-i / 400))
  const tapsFile = peers.file('taps.txt', taps.join('\n'))

  const meters = (
    id: string,
    title: string,
    source: KernelSource,
    planes: readonly Float32Array[],
    definitions: readonly MeterDefinition[],
    more: { readonly poll?: boolean; readonly prune?: boolean; readonly calibrate?: boolean } = {},
  ): Contender => {
    const kernels = source()
    const shape = { rate: RATE, channels: planes.length }
    const made = definitions.map((d) => d.create(shape, {}, more.prune === false ? unpruned(kernels) : kernels))
    const outs = definitions.map((d) => new Float32Array(readingLength(d.layout(shape))))
    const convolver = more.calibrate ? kernels.convolver(taps, planes.length, partitionFrames(RATE)) : undefined
    const player = new Player(kernels, planes)
    const read = (): void => made.forEach((meter, i) => meter.read(outs[i]!))
    const run = (): number => {
      for (const meter of made) meter.reset()
      return used(() => {
        player.play((block, frames) => {
          convolver?.process(block, block, BLOCK_FRAMES)
          for (const meter of made) meter.process(block, BLOCK_FRAMES)
          if (more.poll && frames % POLL_FRAMES === 0) read()
        })
        read()
      })
    }
    return { id, title, channelSeconds: SECONDS * planes.length, run }
  }

  const kernels = open()
  const player = new Player(kernels, mono)
  const convolver = kernels.convolver(taps, 1, partitionFrames(RATE))
  const plan = planBank(RATE)
  const bank = kernels.bandBank(plan)
  const [block] = kernels.planes(1, plan.block)
  const power = new Float64Array(plan.bands.length)
  const bankBlocks = Array.from({ length: (SECONDS * RATE) / plan.block }, (_, i) =>
    mono[0]!.subarray(i * plan.block, (i + 1) * plan.block),
  )

  return [
    ebur128(peers, 'ebur128', 'libebur128: M, S, I, LRA, true peak', file, 0),
    meters('loudness', 'loudness chain: M/S at 10 ms, I, LRA, full true peak', open, stereo, [loudnessMeter], {
      prune: false,
    }),
    meters('loudness-pruned', 'loudness chain, true peak pruned', open, stereo, [loudnessMeter]),
    meters('loudness-plain', 'loudness chain in plain TypeScript', () => REFERENCE, stereo, [loudnessMeter]),
    ebur128(peers, 'ebur128-polled', 'libebur128, polled at 10 Hz', file, POLL_FRAMES),
    meters('loudness-polled', 'loudness chain, full true peak, polled at 10 Hz', open, stereo, [loudnessMeter], {
      poll: true,
      prune: false,
    }),
    meters(
      'everything',
      'everything: calibration, loudness, true peak, A+C+Z, 31 bands, spectrum',
      open,
      mono,
      EVERYTHING,
      {
        calibrate: true,
      },
    ),
    {
      id: 'sox',
      title: `sox fir, ${TAPS} taps`,
      channelSeconds: SOX_SECONDS,
      run: () => peers.fir(long, tapsFile),
    },
    {
      id: 'convolver',
      title: `calibration filter, ${TAPS} taps`,
      channelSeconds: SECONDS,
      run: () => used(() => player.play((block) => convolver.process(block, block, BLOCK_FRAMES))),
    },
    {
      id: 'bank',
      title: 'third-octave bank, multirate',
      channelSeconds: SECONDS,
      run: () =>
        used(() => {
          for (const frames of bankBlocks) {
            block!.set(frames)
            bank.process(block!, power)
          }
        }),
    },
    {
      id: 'bank-plain',
      title: 'third-octave bank in plain TypeScript at the full rate',
      channelSeconds: SECONDS / 4,
      run: () => {
        const bank = new FullRateBands(RATE)
        return used(() => {
          for (let at = 0; at < (RATE * SECONDS) / 4; at += BLOCK_FRAMES)
            bank.process(mono[0]!.subarray(at, at + BLOCK_FRAMES))
        })
      },
    },
  ]
}

function ebur128(peers: Peers, id: string, title: string, file: string, poll: number): Contender {
  return {
    id,
    title,
    channelSeconds: SECONDS * CHANNELS,
    run: () => peers.ebur128(file, CHANNELS, SECONDS * RATE, poll),
  }
}

/** Kernels for a loudness meter whose true peak looks between all samples. */
function unpruned(kernels: Kernels): Kernels {
  return {
    ...REFERENCE,
    kWeightedEnergy: (rate, channels) => kernels.kWeightedEnergy(rate, channels),
    truePeak: (rate, channels) => kernels.truePeak(rate, channels, { prune: false }),
  }
}
