/** A WAV file read from its beginning to its end in blocks: its size does not matter, and it may still be growing. */
import type { Stats } from 'node:fs'
import { constants, open, type FileHandle } from 'node:fs/promises'
import { frameBytes, type StreamFormat } from '#shared/pcm.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import { readWavHead, WAV_HEAD_BYTES, type WavHead } from '#shared/wav.ts'

/** Of a pipe, without waiting for a writer. */
const READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist',
  EACCES: 'may not be read by you',
  EPERM: 'may not be read by you',
}

export class SoundFile {
  readonly format: StreamFormat
  /** Whole frames that are there. */
  readonly frames: number
  /** Frames that the header promises beyond these: the file was cut off. */
  readonly missingFrames: number
  /** When the file was last written, ms since 1970. */
  readonly changedAt: number
  readonly #handle: FileHandle
  readonly #path: string
  readonly #dataOffset: number

  private constructor(path: string, handle: FileHandle, { size: bytes, mtimeMs }: Stats, head: WavHead) {
    const size = frameBytes(head.format)
    const present = Math.max(0, bytes - head.dataOffset)
    this.#path = path
    this.changedAt = Math.round(mtimeMs)
    this.#handle = handle
    this.#dataOffset = head.dataOffset
    this.format = head.format
    this.frames = Math.floor(Math.min(head.dataBytes ?? present, present) / size)
    this.missingFrames = head.dataBytes === undefined ? 0 : Math.floor(head.dataBytes / size) - this.frames
  }

  /** Of a file that is still being written, what is there now is read. Faults: `file-missing`, `bad-wav`, `format-unsupported`. */
  static async open(path: string): Promise<Result<SoundFile>> {
    let handle: FileHandle | undefined
    try {
      handle = await open(path, READ)
      const file = await SoundFile.#read(path, handle)
      if (!file.ok) await handle.close()
      return file
    } catch (error) {
      await handle?.close()
      return unreadable(path, error)
    }
  }

  static async #read(path: string, handle: FileHandle): Promise<Result<SoundFile>> {
    const stat = await handle.stat()
    if (stat.isDirectory()) return fail('bad-wav', `${path} is a folder. Name a WAV file.`)
    if (!stat.isFile()) return fail('bad-wav', `${path} is not a file. Name a WAV file.`)
    if (stat.size === 0) return fail('bad-wav', `${path} is empty.`)
    const start = new Uint8Array(Math.min(WAV_HEAD_BYTES, stat.size))
    const { bytesRead } = await handle.read(start, 0, start.length, 0)
    const head = readWavHead(start.subarray(0, bytesRead))
    if (!head.ok) return fail(head.fault.code, `${path}: ${head.fault.message}`)
    const file = new SoundFile(path, handle, stat, head.value)
    return file.frames > 0 ? ok(file) : fail('bad-wav', `${path}: This WAV file holds no sound.`)
  }

  /** Reads `count` frames from frame `from` into `out`. Faults: `file-missing`, and `bad-wav` where the file became shorter. */
  async read(from: number, count: number, out: Uint8Array): Promise<Result<null>> {
    const size = frameBytes(this.format)
    try {
      for (let done = 0; done < count * size;) {
        const at = this.#dataOffset + from * size + done
        const { bytesRead } = await this.#handle.read(out, done, count * size - done, at)
        if (bytesRead === 0) return fail('bad-wav', `${this.#path} became shorter while it was read.`)
        done += bytesRead
      }
      return ok(null)
    } catch (error) {
      return unreadable(this.#path, error)
    }
  }

  close(): Promise<void> {
    return this.#handle.close()
  }
}

function unreadable(path: string, error: unknown): ReturnType<typeof fail> {
  const code = (error as NodeJS.ErrnoException).code ?? String(error)
  return fail('file-missing', `${path} ${REASONS[code] ?? `cannot be read (${code})`}. Name a WAV file.`)
}
