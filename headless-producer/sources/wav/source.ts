import { frameBytes, describeFormat, type StreamFormat } from '#shared/pcm.ts'
import { fail, ok, type Fault, type Result } from '#shared/result.ts'
import { readWavHead, WAV_HEAD_BYTES } from '#shared/wav.ts'
import { pace } from '#producer/sources/pacer.ts'
import type { OpenSource, Source, SourceKind, SourceRequest, SourceSink } from '#producer/sources/source.ts'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { basename } from 'node:path'

/** A file at the speed of a real device, over and over or once. Frame p of the stream is frame p (mod its length) of the file. */
export const wav: SourceKind = {
  kind: 'wav',
  create(path, request) {
    if (path === '') return Promise.resolve(fail('bad-argument', 'Name the file: --source wav:FILE.'))
    const file = openFile(path)
    if (!file.ok) return Promise.resolve(file)
    closeSync(file.value.fd)
    const clash = contradiction(file.value.format, request)
    return Promise.resolve(clash ? { ok: false, fault: clash } : ok(new WavSource(path, request)))
  },
}

interface OpenFile {
  readonly fd: number
  readonly format: StreamFormat
  readonly dataOffset: number
  readonly frames: number
}

class WavSource implements Source {
  readonly label: string
  readonly simulated = false
  #path: string
  #request: SourceRequest

  constructor(path: string, request: SourceRequest) {
    this.label = basename(path)
    this.#path = path
    this.#request = request
  }

  open(sink: SourceSink): Promise<Result<OpenSource>> {
    const file = openFile(this.#path)
    if (!file.ok) return Promise.resolve(file)
    const { fd, format, dataOffset, frames } = file.value
    const bytes = frameBytes(format)
    const once = this.#request.once ?? false
    let at = 0
    let closed = false
    const close = (): void => {
      if (!closed) closeSync(fd)
      closed = true
      stop()
    }
    sink.begin(format)
    const stop = pace(format.rate, this.#request.blockMs, {
      produce(wanted, endNs) {
        const count = once ? Math.min(wanted, frames - at) : wanted
        const out = new Uint8Array(count * bytes)
        for (let made = 0; made < count;) {
          const stretch = Math.min(count - made, frames - at)
          // The next few kilobytes of a file that is read in order: from the page cache, so worth no thread.
          const read = readSync(fd, out, made * bytes, stretch * bytes, dataOffset + at * bytes)
          if (read < stretch * bytes) {
            close()
            sink.end({ code: 'bad-wav', message: 'The WAV file became shorter while it was played.' })
            return false
          }
          made += stretch
          at = (at + stretch) % frames
        }
        sink.data(out, endNs)
        if (!once || at !== 0) return true
        close()
        sink.end()
        return false
      },
      skip(missed) {
        // A file played once is not skipped past its last frame, so that it still ends.
        const skipped = once ? Math.min(missed, frames - 1 - at) : missed
        at = (at + skipped) % frames
        if (skipped > 0) sink.lost(skipped)
      },
    })
    return Promise.resolve(ok({ close: () => Promise.resolve(close()) }))
  }
}

/** Opens and checks. Faults: `file-missing`, `bad-wav`, `format-unsupported`. */
function openFile(path: string): Result<OpenFile> {
  let fd: number
  try {
    fd = openSync(path, 'r')
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'There is no such file' : 'The file cannot be read'
    return fail('file-missing', `${why}: ${path}`)
  }
  const read = readOpenFile(fd, path)
  if (!read.ok) closeSync(fd)
  return read
}

function readOpenFile(fd: number, path: string): Result<OpenFile> {
  const stat = fstatSync(fd)
  if (!stat.isFile()) return fail('bad-wav', `${path} is not a file.`)
  const start = new Uint8Array(Math.min(WAV_HEAD_BYTES, stat.size))
  readSync(fd, start, 0, start.byteLength, 0)
  const head = readWavHead(start)
  if (!head.ok) return fail(head.fault.code, `${path}: ${head.fault.message}`)
  const { format, dataOffset, dataBytes } = head.value
  const present = stat.size - dataOffset
  const frames = Math.floor(Math.min(dataBytes ?? present, present) / frameBytes(format))
  if (frames < 1) return fail('bad-wav', `${path}: This WAV file holds no sound.`)
  return ok({ fd, format, dataOffset, frames })
}

/** The node does no processing, so a file can only be broadcast as it is. */
function contradiction(file: StreamFormat, asked: SourceRequest): Fault | undefined {
  const differs =
    (asked.rate !== undefined && asked.rate !== file.rate) ||
    (asked.channels !== undefined && asked.channels !== file.channels) ||
    (asked.format !== undefined && asked.format !== file.format)
  return differs
    ? {
        code: 'format-unsupported',
        message: `The file is ${describeFormat(file)} and is broadcast as it is. Leave out --rate, --channels and --format.`,
      }
    : undefined
}
