/** Holds a recorded file of the counting signal (`tone:count`) against what the source made: every frame of it. */
import { open } from 'node:fs/promises'
import { writeCount } from '#producer/sources/tone/count.ts'
import { frameBytes, type StreamFormat } from '#shared/pcm.ts'
import { readWavHead, WAV_HEAD_BYTES } from '#shared/wav.ts'

/** Frames in a row that are not what the source made: silence where nothing came, or something else. */
export interface WrongRun {
  readonly kind: 'silence' | 'other'
  /** Frames after the beginning of the file. */
  readonly at: number
  readonly frames: number
}

export interface CountFile {
  readonly format: StreamFormat
  readonly frames: number
  /** Position that the count tells for the first frame of the file, modulo 2^16, 2^24 or 2^32 as the format holds it. */
  readonly first: number
  /** Empty: the file equals the source. */
  readonly wrong: readonly WrongRun[]
}

const CHUNK_FRAMES = 1 << 16

/** Reads what the header promises, or all there is while the file is still being written. Throws when it is no WAV file. */
export async function readCountFile(path: string): Promise<CountFile> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const start = Buffer.alloc(Math.min(WAV_HEAD_BYTES, size))
    await file.read(start, 0, start.length, 0)
    const head = readWavHead(start)
    if (!head.ok) throw new Error(`${path}: ${head.fault.message}`)
    const { format, dataOffset, dataBytes } = head.value
    const align = frameBytes(format)
    const there = Math.max(0, size - dataOffset)
    const frames = Math.floor(Math.min(dataBytes ?? there, there) / align)
    const chunk = Buffer.alloc(CHUNK_FRAMES * align)
    const expected = Buffer.alloc(chunk.length)
    const wrong: WrongRun[] = []
    let first: number | undefined
    for (let at = 0; at < frames; at += CHUNK_FRAMES) {
      const bytes = chunk.subarray(0, Math.min(CHUNK_FRAMES, frames - at) * align)
      await file.read(bytes, 0, bytes.length, dataOffset + at * align)
      first ??= tellFirst(bytes, format, at)
      writeCount(expected.subarray(0, bytes.length), format, (first ?? 0) + at)
      if (first !== undefined && bytes.equals(expected.subarray(0, bytes.length))) continue
      compare(bytes, first === undefined ? undefined : expected, align, at, wrong)
    }
    return { format, frames, first: first ?? 0, wrong }
  } finally {
    await file.close()
  }
}

/** How many frames are silence, and how many are anything else that the source did not make there. */
export function tally(file: CountFile): { readonly silent: number; readonly other: number } {
  const sum = (kind: WrongRun['kind']): number =>
    file.wrong.reduce((total, run) => total + (run.kind === kind ? run.frames : 0), 0)
  return { silent: sum('silence'), other: sum('other') }
}

/** The count of the file's first frame, from the first frame of `bytes` that is not silent; undefined where all are. */
function tellFirst(bytes: Buffer, format: StreamFormat, at: number): number | undefined {
  const align = frameBytes(format)
  for (let i = 0; i < bytes.length; i += align) {
    if (!bytes.subarray(i, i + align).some((byte) => byte !== 0)) continue
    const bits = format.format === 'f32' ? 24 : (8 * align) / format.channels
    const told = format.format === 'f32' ? bytes.readFloatLE(i) * 2 ** 24 : bytes.readUIntLE(i, bits / 8)
    return (told - at - i / align + 2 ** bits) % 2 ** bits
  }
  return undefined
}

/** Without `expected` everything is silence. */
function compare(bytes: Buffer, expected: Buffer | undefined, align: number, at: number, wrong: WrongRun[]): void {
  for (let i = 0; i < bytes.length; i += align) {
    const frame = bytes.subarray(i, i + align)
    if (expected && frame.compare(expected, i, i + align) === 0) continue
    const kind = frame.some((byte) => byte !== 0) ? 'other' : 'silence'
    const position = at + i / align
    const last = wrong.at(-1)
    if (last && last.kind === kind && last.at + last.frames === position)
      wrong[wrong.length - 1] = { ...last, frames: last.frames + 1 }
    else wrong.push({ kind, at: position, frames: 1 })
  }
}
