/**
 * Sound asked for once more on the control port: one request, one answer of several parts. Field table: docs/wire.md.
 * Ranges are positions `[from, to)` of one stream, decimal strings on the wire, because JSON numbers stop at 2^53.
 */
import { fail, ok, type Result } from '#shared/result.ts'
import { isRecord, streamIdText, text } from './meta.ts'
import { decodeHeader, encodeHeader, FLAG_BACKFILL, HEADER_BYTES, type BlockHeader } from './packet.ts'

/** The most that one answer brings, unless a single block is longer: the next question of somebody else comes soon. */
export const MAX_BACKFILL_BYTES = 1 << 20
export const MAX_BACKFILL_SECONDS = 2

export interface BackfillRequest {
  readonly id: number
  readonly op: 'backfill'
  readonly stream: bigint
  /** `[from, to)`, frames, `from < to`. */
  readonly from: bigint
  readonly to: bigint
  /** The asker wants no more bytes of samples than this; at least one block comes. */
  readonly maxBytes?: number
}

/**
 * `ok`: the range is settled, see `BackfillReply`. `gone`: the node does not have what stood at `from`.
 * `future`: it was not captured yet, or is on its way to the node's disk. `busy`: too many ask, ask again later.
 */
export type BackfillStatus = 'ok' | 'gone' | 'future' | 'busy'

const STATUSES: readonly BackfillStatus[] = ['ok', 'gone', 'future', 'busy']

export interface RingBlock {
  readonly header: BlockHeader
  readonly samples: Uint8Array
}

export interface BackfillReply {
  readonly id: number
  readonly status: BackfillStatus
  readonly stream: bigint
  /** With `ok` the part of what was asked that this answer settles: what lies in it and in no block was never captured. */
  readonly from: bigint
  readonly to: bigint
  /** First position at or behind `from` that the node has (with `ok`, the first it has at all); absent when there is none. */
  readonly oldest?: bigint
  /** Position behind the newest frame of the stream; absent when the node knows nothing of it. */
  readonly end?: bigint
  /** The stream is over: nothing will come behind `end`. */
  readonly ended: boolean
  /** Whole blocks as they were captured, ascending; those that overlap the range. */
  readonly blocks: readonly RingBlock[]
}

const NUMBER = /^\d{1,20}$/
const STREAM = /^[0-9a-f]{16}$/
const MAX_POSITION = 2n ** 64n - 1n

/** For the workstation: the request as it is sent. */
export function backfillRequest(request: Omit<BackfillRequest, 'op'>, protocol: number): string {
  const { id, stream, from, to, maxBytes } = request
  return JSON.stringify({
    v: protocol,
    id,
    op: 'backfill',
    stream: streamIdText(stream),
    from: `${from}`,
    to: `${to}`,
    ...(maxBytes === undefined ? {} : { maxBytes }),
  })
}

/** For the node: the fields of a request that named this operation. Fault: `bad-command`. */
export function readBackfillRequest(raw: Record<string, unknown>, id: number): Result<BackfillRequest> {
  const { stream, maxBytes } = raw
  const from = position(raw['from'])
  const to = position(raw['to'])
  if (typeof stream !== 'string' || !STREAM.test(stream))
    return fail('bad-command', 'A backfill needs "stream", 16 hexadecimal digits.')
  if (from === undefined || to === undefined || from >= to)
    return fail('bad-command', 'A backfill needs "from" and "to", positions as decimal strings, "from" below "to".')
  if (maxBytes === undefined) return ok({ id, op: 'backfill', stream: BigInt(`0x${stream}`), from, to })
  if (typeof maxBytes !== 'number' || !Number.isSafeInteger(maxBytes) || maxBytes < 1)
    return fail('bad-command', 'The "maxBytes" of a backfill must be a whole number above 0.')
  return ok({ id, op: 'backfill', stream: BigInt(`0x${stream}`), from, to, maxBytes })
}

/** For the node: the parts of an answer. The blocks get FLAG_BACKFILL; their samples are not copied. */
export function encodeBackfill(reply: BackfillReply, protocol: number): (string | Uint8Array)[] {
  const { id, status, stream, from, to, oldest, end, ended, blocks } = reply
  const head = {
    v: protocol,
    id,
    op: 'backfill',
    status,
    stream: streamIdText(stream),
    from: `${from}`,
    to: `${to}`,
    ...(oldest === undefined ? {} : { oldest: `${oldest}` }),
    ...(end === undefined ? {} : { end: `${end}` }),
    ended,
  }
  const parts: (string | Uint8Array)[] = [JSON.stringify(head)]
  for (const { header, samples } of blocks) {
    const bytes = new Uint8Array(HEADER_BYTES)
    encodeHeader({ ...header, flags: header.flags | FLAG_BACKFILL }, bytes)
    parts.push(bytes, samples)
  }
  return parts
}

/**
 * For the workstation: an answer as it came, `json` its first part and `parts` those behind it. Everything is checked but
 * the CRC of the samples, which the caller does. The samples are views of `parts`. `id` is told with a fault too, where the answer had one.
 * Faults: `bad-command` when the node refused the request (its words), `bad-packet` for everything else.
 */
export function parseBackfill(
  json: string,
  parts: readonly Uint8Array[],
  protocol: number,
): Result<BackfillReply> & { readonly id?: number } {
  const raw = parseJson(json)
  if (!raw) return bad('it is not a JSON object')
  const id = typeof raw['id'] === 'number' && Number.isSafeInteger(raw['id']) ? raw['id'] : undefined
  if (id === undefined) return bad('it has no id')
  if (raw['op'] === 'error')
    return { ...fail('bad-command', text(raw['message'], 500) || 'The node refused the request.'), id }
  const read = readReply(raw, id, protocol)
  if (!read.ok) return { ...read, id }
  const blocks = readBlocks(parts, read.value)
  return blocks.ok ? { ...ok({ ...read.value, blocks: blocks.value }), id } : { ...blocks, id }
}

type Head = Omit<BackfillReply, 'blocks'>

function readReply(raw: Record<string, unknown>, id: number, protocol: number): Result<Head> {
  const { stream, ended } = raw
  const status = STATUSES.find((s) => s === raw['status'])
  const from = position(raw['from'])
  const to = position(raw['to'])
  const oldest = position(raw['oldest'])
  const end = position(raw['end'])
  if (raw['v'] !== protocol || raw['op'] !== 'backfill' || !status) return bad('it is of an unknown kind')
  if (typeof stream !== 'string' || !STREAM.test(stream)) return bad('its stream is not 16 hexadecimal digits')
  if (from === undefined || to === undefined || from > to) return bad('its range is not valid')
  if (oldest === undefined && raw['oldest'] !== undefined) return bad('its oldest position is not valid')
  if (end === undefined && raw['end'] !== undefined) return bad('its end is not valid')
  return ok({
    id,
    status,
    stream: BigInt(`0x${stream}`),
    from,
    to,
    ...(oldest === undefined ? {} : { oldest }),
    ...(end === undefined ? {} : { end }),
    ended: ended === true,
  })
}

/** Every block belongs to the stream, overlaps the range and lies behind the one before. */
function readBlocks(parts: readonly Uint8Array[], head: Head): Result<readonly RingBlock[]> {
  if (parts.length % 2 === 1) return bad('a block has no samples')
  if (head.status !== 'ok' && parts.length > 0) return bad('it brings blocks though it has none')
  const blocks: RingBlock[] = []
  let behind = 0n
  for (let i = 0; i < parts.length; i += 2) {
    const samples = parts[i + 1]!
    const header = decodeHeader(parts[i]!, samples.byteLength)
    if (!header.ok) return header
    const { stream, firstFrame, frames } = header.value
    const end = firstFrame + BigInt(frames)
    if (stream !== head.stream) return bad('a block is of another stream')
    if (firstFrame < behind || firstFrame >= head.to || end <= head.from) return bad('a block is out of its range')
    behind = end
    blocks.push({ header: header.value, samples })
  }
  return ok(blocks)
}

function position(value: unknown): bigint | undefined {
  if (typeof value !== 'string' || !NUMBER.test(value)) return undefined
  const read = BigInt(value)
  return read <= MAX_POSITION ? read : undefined
}

function parseJson(json: string): Record<string, unknown> | undefined {
  try {
    const raw: unknown = JSON.parse(json)
    return isRecord(raw) ? raw : undefined
  } catch {
    return undefined
  }
}

function bad(why: string): ReturnType<typeof fail> {
  return fail('bad-packet', `An answer to a backfill was refused: ${why}.`)
}
