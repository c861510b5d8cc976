/** Measures the sound of a recording that is being finished, in a worker, between the blocks of the live nodes. */
import type { KernelSource } from '#dsp/kernels.ts'
import { SoundFile } from '#engine/analysis/sound-file.ts'
import { frameBytes } from '#shared/pcm.ts'
import { Span, type SpanFigures } from './span.ts'

/** A few milliseconds of work: live blocks do not wait longer for their meters. */
const BLOCK_SAMPLES = 1 << 14

/** Frames of the file that are silence in place of lost sound. */
export interface LostFrames {
  readonly from: number
  readonly to: number
}

/** `lost`: ascending; no figure counts it. Undefined for a file that cannot be read to its end, or when `stopped`. */
export async function measureFile(
  path: string,
  lost: readonly LostFrames[],
  open: KernelSource,
  stopped: () => boolean,
): Promise<SpanFigures | undefined> {
  const opened = await SoundFile.open(path)
  if (!opened.ok) return undefined
  const file = opened.value
  const { format, frames } = file
  const span = new Span(format, open)
  const buffers = open()
  try {
    const most = Math.ceil(BLOCK_SAMPLES / format.channels)
    const bytes = new Uint8Array(most * frameBytes(format))
    const planes = buffers.planes(format.channels, most)
    const hear = async (from: number, to: number): Promise<boolean> => {
      for (let at = from; at < to && !stopped();) {
        const n = Math.min(most, to - at)
        const read = await file.read(at, n, bytes)
        if (!read.ok) return false
        buffers.vectors.decodePlanar(bytes, format, n, planes)
        span.process(planes, n)
        at += n
      }
      return !stopped()
    }
    let at = 0
    for (const { from, to } of lost) {
      if (!(await hear(at, from))) return undefined
      span.gap(to - from)
      at = to
    }
    return (await hear(at, frames)) ? span.read() : undefined
  } finally {
    span.dispose()
    buffers.dispose()
    await file.close()
  }
}
