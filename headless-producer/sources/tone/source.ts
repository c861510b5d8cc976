import { frameBytes, type StreamFormat } from '#shared/pcm.ts'
import { ok, type Result } from '#shared/result.ts'
import { pace } from '#producer/sources/pacer.ts'
import type { OpenSource, Source, SourceKind, SourceRequest, SourceSink } from '#producer/sources/source.ts'
import { writeCount } from './count.ts'
import { encodeSamples } from './encode.ts'
import { readSignal } from './signals.ts'

/** Makes the bytes of the next frames of a stream, from its beginning. */
interface Generator {
  write(out: Uint8Array): void
  skip(frames: number): void
}

/** Made-up sound, at the speed of a real device. */
export const tone: SourceKind = {
  kind: 'tone',
  create(argument, request) {
    const format = { rate: request.rate ?? 48_000, channels: request.channels ?? 2, format: request.format ?? 's32' }
    const make = generatorOf(argument || 'demo', format, request.firstFrame ?? 0n)
    return Promise.resolve(make.ok ? ok(new ToneSource(argument || 'demo', format, request, make.value)) : make)
  },
}

class ToneSource implements Source {
  readonly label: string
  readonly simulated = true
  #format: StreamFormat
  #blockMs: number
  #make: () => Generator

  constructor(label: string, format: StreamFormat, request: SourceRequest, make: () => Generator) {
    this.label = label
    this.#format = format
    this.#blockMs = request.blockMs
    this.#make = make
  }

  open(sink: SourceSink): Promise<Result<OpenSource>> {
    const generator = this.#make()
    const bytes = frameBytes(this.#format)
    sink.begin(this.#format)
    const stop = pace(this.#format.rate, this.#blockMs, {
      produce(frames, endNs) {
        const out = new Uint8Array(frames * bytes)
        generator.write(out)
        sink.data(out, endNs)
        return true
      },
      skip(frames) {
        generator.skip(frames)
        sink.lost(frames)
      },
    })
    return Promise.resolve(ok({ close: () => Promise.resolve(stop()) }))
  }
}

function generatorOf(text: string, format: StreamFormat, firstFrame: bigint): Result<() => Generator> {
  if (text === 'count') return ok(() => counter(format, firstFrame))
  const read = readSignal(text, format.rate)
  if (!read.ok) return read
  const { kind, values } = read.value
  return ok(() => {
    const signal = kind.make(format, values)
    let samples = new Float64Array(0)
    return {
      write(out) {
        const count = (out.byteLength / frameBytes(format)) * format.channels
        if (samples.length !== count) samples = new Float64Array(count)
        signal.render(samples)
        encodeSamples(samples, format.format, out)
      },
      skip: (frames) => signal.skip(frames),
    }
  })
}

function counter(format: StreamFormat, firstFrame: bigint): Generator {
  let position = firstFrame
  return {
    write(out) {
      writeCount(out, format, position)
      position += BigInt(out.byteLength / frameBytes(format))
    },
    skip: (frames) => void (position += BigInt(frames)),
  }
}
