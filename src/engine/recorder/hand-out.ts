/** A finished file of a take as bytes of a known length, any stretch of which can be read: what a screen plays or keeps. */
import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Heard, TakeFileForm } from '#contract/take-files.ts'
import { decodePlanar, frameBytes, type StreamFormat } from '#shared/pcm.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import { SoundFile } from '#engine/analysis/sound-file.ts'
import { CERTIFICATE_ENDING } from './certificate.ts'
import { playedHeader } from './wav/played-header.ts'

export interface HandOut {
  /** File name. */
  readonly name: string
  readonly bytes: number
  /** Another one when the bytes are others. */
  readonly tag: string
  /** The bytes [from, to), in pieces. Rejects where the disk fails or the file became shorter. */
  read(from: number, to: number): AsyncGenerator<Uint8Array, void>
  /** Any number of times. */
  close(): Promise<void>
}

const PIECE_BYTES = 64 << 10

/** `path`: of a recording. Faults: `file-missing`, `bad-wav`, `format-unsupported`, `not-found` for a channel that it does not have. */
export function handOut(path: string, form: TakeFileForm): Promise<Result<HandOut>> {
  if (form === 'recording') return asItIs(path)
  if (form === 'certificate') return asItIs(`${path}${CERTIFICATE_ENDING}`)
  return asPlayed(path, form.heard)
}

async function asItIs(path: string): Promise<Result<HandOut>> {
  const file = await open(path, 'r').catch(() => undefined)
  if (!file) return missing(path)
  const { size, mtimeMs } = await file.stat()
  const close = closing(() => file.close())
  return ok({
    name: basename(path),
    bytes: size,
    tag: `${size.toString(36)}-${Math.round(mtimeMs).toString(36)}`,
    close,
    async *read(from, to) {
      for (let at = from; at < to;) {
        const piece = new Uint8Array(Math.min(PIECE_BYTES, to - at))
        const { bytesRead } = await file.read(piece, 0, piece.length, at)
        if (bytesRead === 0) throw new Error(`${path} became shorter while it was read`)
        yield piece.subarray(0, bytesRead)
        at += bytesRead
      }
    },
  })
}

/**
 * As 32-bit float of one or two channels: every sample format and any number of channels becomes what every browser plays,
 * 16 and 24 bits without a rounding. Nothing is computed ahead: which samples lie at which byte is arithmetic.
 */
async function asPlayed(path: string, heard: Heard): Promise<Result<HandOut>> {
  const opened = await SoundFile.open(path)
  if (!opened.ok) return opened.fault.code === 'file-missing' ? missing(path) : opened
  const sound = opened.value
  const { format, frames } = sound
  if (typeof heard === 'number' && heard >= format.channels) {
    await sound.close()
    return fail('not-found', `This recording has ${format.channels} channels, and no channel ${heard + 1}.`)
  }
  const channels = heard === 'pair' ? Math.min(2, format.channels) : 1
  const size = 4 * channels
  const header = playedHeader({ format: 'f32', channels, rate: format.rate }, frames)
  const close = closing(() => sound.close())
  return ok({
    name: basename(path),
    bytes: header.length + frames * size,
    tag: `${frames.toString(36)}-${sound.changedAt.toString(36)}-${heard}`,
    close,
    async *read(from, to) {
      if (from < header.length) yield header.subarray(from, Math.min(to, header.length))
      const [first, end] = [Math.max(from, header.length) - header.length, to - header.length]
      const mixer = new Mixer(format, heard, channels)
      for (let at = first; at < end;) {
        const frame = Math.floor(at / size)
        const count = Math.min(mixer.frames, frames - frame, Math.ceil(end / size) - frame)
        const read = await sound.read(frame, count, mixer.input)
        if (!read.ok) throw new Error(read.fault.message)
        const piece = mixer.mixed(count)
        const skip = at - frame * size
        const take = Math.min(piece.length - skip, end - at)
        yield piece.subarray(skip, skip + take)
        at += take
      }
    },
  })
}

/** Turns captured frames into those that are heard, a piece at a time. */
class Mixer {
  /** Of one piece. */
  readonly frames: number
  readonly input: Uint8Array
  readonly #format: StreamFormat
  readonly #heard: Heard
  readonly #channels: number
  readonly #planes: readonly Float32Array[]

  constructor(format: StreamFormat, heard: Heard, channels: number) {
    this.#format = format
    this.#heard = heard
    this.#channels = channels
    this.frames = Math.max(1, Math.floor(PIECE_BYTES / frameBytes(format)))
    this.input = new Uint8Array(this.frames * frameBytes(format))
    this.#planes = Array.from({ length: format.channels }, () => new Float32Array(this.frames))
  }

  /** Little-endian floats of the first `count` frames of the input, in an array of their own. */
  mixed(count: number): Uint8Array {
    decodePlanar(this.input, this.#format, count, this.#planes)
    const out = new Uint8Array(4 * this.#channels * count)
    const view = new DataView(out.buffer)
    for (let i = 0, at = 0; i < count; i++)
      for (let c = 0; c < this.#channels; c++, at += 4) view.setFloat32(at, this.#sample(c, i), true)
    return out
  }

  #sample(channel: number, frame: number): number {
    if (this.#heard === 'pair') return this.#planes[channel]![frame]!
    if (this.#heard !== 'mix') return this.#planes[this.#heard]![frame]!
    let sum = 0
    for (const plane of this.#planes) sum += plane[frame]!
    return sum / this.#planes.length
  }
}

function missing(path: string): Result<never> {
  return fail('file-missing', `${basename(path)} is not in its folder any more. It was moved, renamed or deleted.`)
}

function closing(close: () => Promise<void>): () => Promise<void> {
  let closed: Promise<void> | undefined
  return () => (closed ??= close())
}
