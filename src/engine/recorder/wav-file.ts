/**
 * One WAV file being written at positions: the sample of frame `n` lies at `head + (n - first) × frame size`, whatever
 * the order in which blocks come. Writing twice changes nothing; what never comes stays silence.
 *
 * While it grows its name ends in `.part` and its sizes are the "unknown" of 0xFFFFFFFF, which every program reads to
 * the end of the file. A file that outgrows 4 GiB becomes RF64 (EBU Tech 3306) in the space that a JUNK chunk keeps free.
 */
import { access, open, rename, unlink, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import wavefile from 'wavefile'
import { frameBytes, sampleBytes, type StreamFormat } from '#shared/pcm.ts'
import type { Result } from '#shared/result.ts'
import { numbered } from './names.ts'

const UNKNOWN_SIZE = 0xffffffff
/** Of the ds64 chunk without a table, and of the JUNK chunk that keeps its place. */
const DS64_BYTES = 28
/** WAVE_FORMAT_EXTENSIBLE: without it programs guess what the channels are, and warn of more than 16 bits. */
const EXTENSIBLE = 0xfffe
const PCM = 1
/** Floats are written in the plain form: of the extended one sox wants an extension that the others do not expect. */
const FLOAT = 3
/** What follows the kind of samples in every KSDATAFORMAT_SUBTYPE. */
const SUBTYPE_TAIL = [0x00100000, 0xaa000080, 0x719b3800]
/** Speakers of mono (front centre) and stereo (front left and right). More channels are microphones without such a place. */
const SPEAKERS: Readonly<Record<number, number>> = { 1: 0x4, 2: 0x3 }

/** The bytes before the first sample, of a file that is still growing. Chunks: JUNK, fmt, fact, data. */
export function wavHeader(format: StreamFormat): Buffer {
  const float = format.format === 'f32'
  const bits = sampleBytes(format.format) * 8
  const wav = new wavefile.WaveFile()
  wav.fromScratch(format.channels, format.rate, float ? '32f' : `${bits}`, [])
  // The space for ds64 has to be the first chunk.
  Object.assign(wav.junk, { chunkId: 'JUNK', chunkData: Array.from({ length: DS64_BYTES }, () => 0) })
  const plain = { chunkSize: 18, audioFormat: FLOAT, cbSize: 0 }
  const extended = { chunkSize: 40, audioFormat: EXTENSIBLE, cbSize: 22, validBitsPerSample: bits }
  const places = { dwChannelMask: SPEAKERS[format.channels] ?? 0, subformat: [PCM, ...SUBTYPE_TAIL] }
  Object.assign(wav.fmt, float ? plain : { ...extended, ...places })
  Object.assign(wav.fact, { chunkId: 'fact', chunkSize: 4, dwSampleLength: UNKNOWN_SIZE })
  const header = Buffer.from(wav.toBuffer())
  header.writeUInt32LE(UNKNOWN_SIZE, 4)
  header.writeUInt32LE(UNKNOWN_SIZE, header.length - 4)
  return header
}

/** The header with its final sizes. `dataBytes` is exact; a pad byte is the caller's to write. */
export function finalHeader(format: StreamFormat, dataBytes: number): Buffer {
  const header = wavHeader(format)
  const frames = dataBytes / frameBytes(format)
  const riffBytes = header.length - 8 + dataBytes + (dataBytes & 1)
  header.writeUInt32LE(Math.min(frames, UNKNOWN_SIZE), header.length - 12)
  if (riffBytes < UNKNOWN_SIZE) {
    header.writeUInt32LE(riffBytes, 4)
    header.writeUInt32LE(dataBytes, header.length - 4)
    return header
  }
  header.write('RF64', 0, 'latin1')
  header.write('ds64', 12, 'latin1')
  header.writeBigUInt64LE(BigInt(riffBytes), 20)
  header.writeBigUInt64LE(BigInt(dataBytes), 28)
  header.writeBigUInt64LE(BigInt(frames), 36)
  return header
}

export class WavFile {
  readonly name: string
  readonly format: StreamFormat
  /** Position of the file's first frame in its stream. */
  readonly first: bigint
  readonly stream: bigint
  readonly #folder: string
  readonly #handle: FileHandle
  readonly #headBytes: number
  #end = 0

  private constructor(folder: string, name: string, handle: FileHandle, at: WavStart, headBytes: number) {
    this.#folder = folder
    this.name = name
    this.#handle = handle
    this.format = at.format
    this.stream = at.stream
    this.first = at.first
    this.#headBytes = headBytes
  }

  /** Creates `stem.wav.part` in `folder`, which must exist, or with the next free number. Rejects with the system's error. */
  static async create(folder: string, stem: string, at: WavStart): Promise<WavFile> {
    const { name, handle } = await openFree(folder, stem)
    const header = wavHeader(at.format)
    try {
      await handle.write(header, 0, header.length, 0)
    } catch (error) {
      await handle.close()
      await unlink(join(folder, `${name}.part`))
      throw error
    }
    return new WavFile(folder, name, handle, at, header.length)
  }

  /** Bytes from the first sample to the end of the newest one written. */
  get dataBytes(): number {
    return this.#end
  }

  /** Writes contiguous samples whose first frame is `frame` (at or after `first`). Rejects with the system's error. */
  async write(frame: bigint, chunks: readonly Buffer[]): Promise<void> {
    const start = Number(frame - this.first) * frameBytes(this.format)
    const total = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
    let buffers = [...chunks]
    for (let done = 0; done < total;) {
      const { bytesWritten } = await this.#handle.writev(buffers, this.#headBytes + start + done)
      done += bytesWritten
      this.#end = Math.max(this.#end, start + done - (done % frameBytes(this.format)))
      buffers = skip(buffers, bytesWritten)
    }
  }

  get headBytes(): number {
    return this.#headBytes
  }

  /** Opens `name.part` again. Rejects with the system's error. */
  static async reopen(
    folder: string,
    name: string,
    at: WavStart,
    _end: bigint,
    _holes: readonly { readonly from: bigint; readonly to: bigint }[],
  ): Promise<Result<WavFile>> {
    const handle = await open(join(folder, `${name}.part`), 'r+')
    const file = new WavFile(folder, name, handle, at, wavHeader(at.format).length)
    file.#end = (await handle.stat()).size - file.#headBytes
    return { ok: true, value: file }
  }

  /** Silence up to `end`. */
  async extend(end: bigint): Promise<void> {
    this.#end = Math.max(this.#end, Number(end - this.first) * frameBytes(this.format))
    await this.#handle.truncate(this.#headBytes + this.#end)
  }

  async sync(): Promise<void> {
    await this.#handle.datasync()
  }

  async close(): Promise<void> {
    await this.#handle.close()
  }

  /** Whole frames, right sizes, safe on the disk, under its final name. Also after a failed write. */
  async finish(): Promise<void> {
    try {
      const header = finalHeader(this.format, this.#end)
      await this.#handle.write(header, 0, header.length, 0)
      await this.#handle.truncate(this.#headBytes + this.#end + (this.#end & 1))
      await this.#handle.sync()
    } finally {
      await this.#handle.close()
    }
    await rename(join(this.#folder, `${this.name}.part`), join(this.#folder, this.name))
  }
}

export interface WavStart {
  readonly format: StreamFormat
  readonly stream: bigint
  readonly first: bigint
  readonly info?: unknown
}

/** Whoever holds the `.part` of a name is the only one who will make that name, so looking for it afterwards is safe. */
async function openFree(folder: string, stem: string): Promise<{ name: string; handle: FileHandle }> {
  for (let n = 1; ; n++) {
    const name = numbered(stem, n)
    const part = join(folder, `${name}.part`)
    let handle: FileHandle
    try {
      handle = await open(part, 'wx')
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
