/**
 * Feeds all meters and prints as JSON what that does to the heap; run with --expose-gc. Arguments: minutes of audio, channels, and
 * `kernels` for those in WebAssembly.
 *
 * `grown`: bytes in use after, less before, everything collected both times. `garbage`: bytes made and dropped in a minute of
 * audio, per meter and `all`. Blocks of 480 frames, a reading each 960.
 */
import { REFERENCE } from '#dsp/kernels.ts'
import { loadKernels } from '#dsp/wasm/kernels.ts'
import { readKernels } from '#engine/dsp/kernels.ts'
import { readingLength } from '#meters/meter.ts'
import { METERS } from '#meters/registry.ts'

const collect = globalThis.gc
if (!collect) throw new Error('run with --expose-gc')
const [minutes, channels] = process.argv.slice(2).map(Number) as [number, number]
const kernels = process.argv[4] === 'kernels' ? loadKernels(readKernels())() : REFERENCE
if (process.argv[4] === 'kernels' && kernels === REFERENCE) throw new Error('the kernels are not built')
const shape = { rate: 48_000, channels }
const BLOCK = 480
const SECOND = 48_000 / BLOCK

// A second of noise in blocks made before, so that only meters allocate.
let seed = 1
const blocks = Array.from({ length: SECOND }, () =>
  Array.from({ length: channels }, () =>
    Float32Array.from({ length: BLOCK }, () => {
      seed = (Math.imul(seed, 1664525) + 1013904223) | 0
      return seed / 2 ** 32
    }),
  ),
)
const running = METERS.map((definition) => ({
  id: definition.id,
  meter: definition.create(shape, {}, kernels),
  out: new Float32Array(readingLength(definition.layout(shape))),
}))

/** Where the kernels find sound without copying it. */
const planes = kernels.planes(channels, BLOCK)

function feed(meters: typeof running, seconds: number): void {
  for (let s = 0; s < seconds; s++) {
    for (let b = 0; b < SECOND; b++) {
      for (let c = 0; c < channels; c++) planes[c]!.set(blocks[b]![c]!)
      for (let m = 0; m < meters.length; m++) {
        meters[m]!.meter.process(planes, BLOCK)
        if (b % 2 === 1) meters[m]!.meter.read(meters[m]!.out)
      }
    }
  }
}

function inUse(): number {
  collect!()
  return process.memoryUsage().heapUsed
}

// Long enough for the compiler to be done with what it will ever compile.
feed(running, 60)
const before = inUse()
feed(running, minutes * 60)
const grown = inUse() - before

/** The young generation is large enough here (--max-semi-space-size) that nothing is collected within ten seconds. */
function garbage(meters: typeof running): number {
  const start = inUse()
  feed(meters, 10)
  return Math.max(0, process.memoryUsage().heapUsed - start) * 6
}
const each = Object.fromEntries(running.map((one) => [one.id, garbage([one])]))
process.stdout.write(JSON.stringify({ grown, garbage: { ...each, all: garbage(running) } }))
