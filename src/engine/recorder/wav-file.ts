/**
 * One WAV file on the disk. The bytes are those that were captured; a frame's place follows from its position in the stream
 * alone, so a hole stays silence until a late block fills it. While it grows it is called `.part` and every program can read
 * it to its end (`wav/header.ts`); finished, it has its sizes, markers and checksums.
 */
import { access, open, rename, unlink, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { frameBytes, sameFormat, type StreamFormat } from '#shared/pcm.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import { readWavHead } from '#shared/wav.ts'
import type { Range } from '#engine/backfill/ranges.ts'
import { numbered } from './names.ts'
import { bext, reference, referenceOf, type WavInfo, type WavLoudness } from './wav/bext.ts'
import type { Checksums } from './wav/checksum.ts'
import { flushed } from './wav/flush.ts'
import { bextOf, finalHeader, wavHeader } from './wav/header.ts'
import { SoundSum } from './wav/sound-sum.ts'
import { trailing, type WavMarker } from './wav/trailing.ts'

export interface WavStart {
  readonly format: StreamFormat
  readonly stream: bigint
  /** Position of the file's first frame in its stream. */
  readonly first: bigint
  /** Said in the file; without it the file only names its stream and position. */
  readonly info?: WavInfo
}

/** What is only known when all sound is there. */
export interface WavEnding {
  /** In place of what `WavStart` said. */
  readonly info?: WavInfo
  readonly loudness?: WavLoudness
  readonly markers?: readonly WavMarker[]
  /** Called when the sound is safe and before the file has its final name, so that what has that name has a certificate. */
  readonly witness?: (audio: FinishedAudio) => Promise<void>
}

export interface FinishedAudio extends Checksums {
  /** File name. */
  readonly name: string
  readonly frames: number
  /** Bytes of samples. */
  readonly bytes: number
}

export class WavFile {
  readonly name: string
  readonly format: StreamFormat
  readonly first: bigint
  readonly stream: bigint
  /** Bytes before the first sample, from the beginning to the end. */
  readonly headBytes: number
  readonly #info: WavInfo | undefined
  readonly #folder: string
  readonly #handle: FileHandle
  readonly #sum: SoundSum
  #end: number

  private constructor(folder: string, name: string, handle: FileHandle, at: WavStart, headBytes: number, end: number) {
    this.#folder = folder
    this.name = name
    this.#handle = handle
    this.format = at.format
    this.stream = at.stream
    this.first = at.first
    this.#info = at.info
    this.headBytes = headBytes
    this.#end = end
    this.#sum = new SoundSum(handle, headBytes, at.format, at.first)
  }

  /** Creates `stem.wav.part` in `folder`, which must exist, or with the next free number. Rejects with the system's error. */
  static async create(folder: string, stem: string, at: WavStart): Promise<WavFile> {
    const { name, handle } = await openFree(folder, stem)
    const header = wavHeader(at.format, bext(at))
    try {
      await handle.write(header, 0, header.length, 0)
    } catch (error) {
      await handle.close()
      await unlink(join(folder, `${name}.part`))
      throw error
    }
    return new WavFile(folder, name, handle, at, header.length, 0)
  }

  /**
   * Opens `name.part` again to go on with it. What is known to be right is [first, end) without `holes`; what the file has
   * behind `end` stays until it is written again. Faults: `file-missing`, `bad-wav`. Rejects with the system's error.
   */
  static async reopen(
    folder: string,
    name: string,
    at: WavStart,
    end: bigint,
    holes: readonly Range[],
  ): Promise<Result<WavFile>> {
    const path = join(folder, `${name}.part`)
    let handle: FileHandle
    try {
      handle = await open(path, 'r+')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT')
        return fail('file-missing', `${path} is gone. The take cannot go on in it.`)
      throw error
    }
    try {
      const length = wavHeader(at.format).length
      const header = Buffer.alloc(length)
      await handle.read(header, 0, length, 0)
      if (!isOurs(header, at)) {
        await handle.close()
        return fail('bad-wav', `${path} is not the file that was being recorded. It was left as it is.`)
      }
      const { size } = await handle.stat()
      const frames = Math.floor(Math.max(0, size - length) / frameBytes(at.format))
      const file = new WavFile(folder, name, handle, at, length, frames * frameBytes(at.format))
      const there = at.first + BigInt(frames)
      file.#sum.ready(at.first, end < there ? end : there, holes)
      return ok(file)
    } catch (error) {
      await handle.close()
      throw error
    }
  }

  /** Bytes from the first sample to the end of the newest one written. */
  get dataBytes(): number {
    return this.#end
  }

  /**
   * Writes contiguous samples whose first frame is `frame` (at or after `first`). Sound that the checksum covers already is
   * not written again. Rejects with the system's error.
   */
  async write(frame: bigint, chunks: readonly Buffer[]): Promise<void> {
    const size = frameBytes(this.format)
    const total = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
    const start = Number(frame - this.first) * size
    const kept = this.#sum.begin(frame, frame + BigInt(total / size))
    let buffers = skip([...chunks], Math.min(total, kept * size))
    for (let done = Math.min(total, kept * size); done < total;) {
      const { bytesWritten } = await this.#handle.writev(buffers, this.headBytes + start + done)
      done += bytesWritten
      this.#end = Math.max(this.#end, start + done - (done % size))
      buffers = skip(buffers, bytesWritten)
    }
    this.#sum.wrote(frame, chunks)
  }

  /** Makes the file reach to the frame `end`, with silence behind what is there. Rejects with the system's error. */
  async extend(end: bigint): Promise<void> {
    const bytes = Number(end - this.first) * frameBytes(this.format)
    if (bytes <= this.#end) return
    await this.#handle.truncate(this.headBytes + bytes)
    this.#end = bytes
  }

  /** These frames will never come: the checksum goes on over what the file has there. They may come all the same. */
  settle({ from, to }: Range): void {
    this.#sum.settle(from, to)
  }

  /** Resolves when what was written before is safe on the disk. Writes go on meanwhile. Rejects with the system's error. */
  async sync(): Promise<void> {
    this.#sum.follow()
    await flushed(this.#handle)
    await this.check()
  }

  /** Rejects with ENOENT when somebody has removed the file: it takes sound as before and keeps none of it. */
  async check(): Promise<void> {
    const { nlink } = await this.#handle.stat()
    if (nlink === 0) throw Object.assign(new Error(`${this.name} was removed`), { code: 'ENOENT' })
  }

  /** Leaves it as `.part`. */
  async close(): Promise<void> {
    await this.#sum.rest()
    await this.#handle.close()
  }

  /**
   * Whole frames, right sizes, safe on the disk, under its final name. Also after a failed write; on a full disk without
   * what follows the sound. Rejects with the system's error; with that of the witness when all is done.
   */
  async finish({ info = this.#info, loudness, markers = [], witness }: WavEnding = {}): Promise<FinishedAudio> {
    const { format, stream, first, name } = this
    const frames = this.#end / frameBytes(format)
    let sums: Checksums
    try {
      const soundEnd = this.headBytes + this.#end + (this.#end & 1)
      // A crash while this file was being finished left chunks behind the sound.
      await this.#handle.truncate(this.headBytes + this.#end)
      await this.#handle.truncate(soundEnd)
      sums = await this.#sum.end(first + BigInt(frames))
      const trailingBytes = await this.#append(trailing(format, info, markers), soundEnd)
      const chunk = bext({ format, stream, first, ...(info ? { info } : {}) }, loudness)
      const header = finalHeader(format, this.#end, chunk, trailingBytes)
      await this.#handle.write(header, 0, header.length, 0)
      await this.#handle.sync()
    } finally {
      await this.close()
    }
    const audio = { name, frames, bytes: this.#end, ...sums }
    try {
      await witness?.(audio)
    } finally {
      await rename(join(this.#folder, `${name}.part`), join(this.#folder, name))
    }
    return audio
  }

  /** Returns how much was put there: all or nothing. */
  async #append(chunks: Buffer, at: number): Promise<number> {
    try {
      for (let done = 0; done < chunks.length;)
        done += (await this.#handle.write(chunks, done, chunks.length - done, at + done)).bytesWritten
      return chunks.length
    } catch {
      await this.#handle.truncate(at)
      return 0
    }
  }
}

function isOurs(header: Buffer, { format, stream, first }: WavStart): boolean {
  const head = readWavHead(header)
  return (
    head.ok &&
    sameFormat(head.value.format, format) &&
    head.value.dataOffset === header.length &&
    referenceOf(bextOf(header)) === reference(stream, first)
  )
}

/** Whoever holds the `.part` of a name is the only one who will make that name, so looking for it afterwards is safe. */
async function openFree(folder: string, stem: string): Promise<{ name: string; handle: FileHandle }> {
  for (let n = 1; ; n++) {
    const name = numbered(stem, n)
    const part = join(folder, `${name}.part`)
    let handle: FileHandle
    try {
      handle = await open(part, 'wx+')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue
      throw error
    }
    const taken = await access(join(folder, name)).then(
      () => true,
      () => false,
    )
    if (!taken) return { name, handle }
    await handle.close()
    await unlink(part)
  }
}

function skip(buffers: Buffer[], bytes: number): Buffer[] {
  let left = bytes
  return buffers.flatMap((buffer) => {
    if (left >= buffer.length) {
      left -= buffer.length
      return []
    }
    const rest = buffer.subarray(left)
    left = 0
    return [rest]
  })
}
