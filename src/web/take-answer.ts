/** Files of finished takes over HTTP, whole or a stretch of them (RFC 9110, section 14), the same in a browser and in the desktop's own origin. */
import { takeFileAt, TAKES_PATH, type TakeFile, type TakeFileForm } from '#contract/take-files.ts'
import type { HandOut } from '#engine/recorder/hand-out.ts'
import type { FaultCode, Result } from '#shared/result.ts'

/** Opens a file of a take. Faults: `not-found`, `busy` while it is not finished, `file-missing`, `bad-wav`. */
export type OpenTakeFile = (file: TakeFile) => Promise<Result<HandOut>>

export interface TakeRequest {
  readonly method: string
  /** As it was sent, without what follows `?`. */
  readonly path: string
  /** By its name in small letters. */
  header(name: string): string | undefined
}

export function isTakePath(path: string): boolean {
  return path.startsWith(TAKES_PATH)
}

const STATUS: Partial<Record<FaultCode, number>> = { busy: 409 }

/** To a GET or HEAD. What cannot be given is answered with a sentence for the person. */
export async function answerTake(request: TakeRequest, open: OpenTakeFile): Promise<Response> {
  const wanted = takeFileAt(request.path)
  if (!wanted) return sentence(404, 'There is no such recording here.')
  const opened = await open(wanted)
  if (!opened.ok) return sentence(STATUS[opened.fault.code] ?? 404, opened.fault.message)
  const file = opened.value
  const tag = `"${file.tag}"`
  const headers = new Headers({
    'Accept-Ranges': 'bytes',
    'Cache-Control': 'private, no-cache',
    'Content-Type': wanted.form === 'certificate' ? 'application/json' : 'audio/wav',
    ETag: tag,
    ...disposition(wanted.form, file.name),
  })
  // Of a file that is another one by now a stretch would be no continuation.
  const ifRange = request.header('if-range')
  const asked = ifRange === undefined || ifRange === tag ? request.header('range') : undefined
  const range = asked === undefined ? undefined : rangeOf(asked, file.bytes)
  if (range === 'none') {
    await file.close()
    headers.set('Content-Range', `bytes */${file.bytes}`)
    headers.set('Content-Length', '0')
    return new Response(null, { status: 416, headers })
  }
  const { from, to } = range ?? { from: 0, to: file.bytes }
  headers.set('Content-Length', String(to - from))
  if (range) headers.set('Content-Range', `bytes ${from}-${to - 1}/${file.bytes}`)
  const status = range ? 206 : 200
  if (request.method === 'HEAD') {
    await file.close()
    return new Response(null, { status, headers })
  }
  return new Response(body(file, from, to), { status, headers })
}

/** The one stretch [from, to) that is asked for; undefined where the whole is to be sent; none where nothing of it is there. */
export function rangeOf(header: string, bytes: number): { from: number; to: number } | 'none' | undefined {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header.trim())
  if (!match || (match[1] === '' && match[2] === '')) return undefined
  if (match[1] === '') {
    const last = Math.min(Number(match[2]), bytes)
    return last === 0 ? 'none' : { from: bytes - last, to: bytes }
  }
  const from = Number(match[1])
  const to = match[2] === '' ? bytes : Math.min(Number(match[2]) + 1, bytes)
  if (match[2] !== '' && Number(match[2]) < from) return undefined
  return from >= bytes ? 'none' : { from, to }
}

/** Read as it is taken; closed at its end, and when whoever reads goes away. */
function body(file: HandOut, from: number, to: number): ReadableStream<Uint8Array> {
  const pieces = file.read(from, to)
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { value, done } = await pieces.next()
          if (!done) return controller.enqueue(value)
          await file.close()
          controller.close()
        } catch (error) {
          await file.close()
          throw error
        }
      },
      cancel: () => file.close(),
    },
    { highWaterMark: 1 },
  )
}

function disposition(form: TakeFileForm, name: string): Record<string, string> {
  if (typeof form === 'object') return {}
  return { 'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}` }
}

function sentence(status: number, text: string): Response {
  const headers = { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' }
  return new Response(text, { status, headers })
}
