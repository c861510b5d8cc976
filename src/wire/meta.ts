/** What a node says about itself once a second and on every change, as JSON under `meta/<nodeId>/`. Field table: docs/wire.md. */
import { fail, ok, type Result } from '#shared/result.ts'
import { isSampleFormat, MAX_CHANNELS, MAX_RATE, MIN_RATE, type StreamFormat } from '#shared/pcm.ts'
import { isNodeId } from './topics.ts'

/** `running`: sound flows. `opening`: the device is being opened. `lost`: it went away or could not be opened; the node retries. */
export type SourceState = 'opening' | 'running' | 'lost' | 'ended'

export interface NodeMeta {
  readonly protocol: number
  readonly id: string
  readonly name: string
  readonly software: string
  readonly source: {
    /** `alsa`, `wav`, `tone`, … */
    readonly kind: string
    /** The device, file or signal, for people. */
    readonly label: string
    /** True for made-up sound; screens must show it. */
    readonly simulated: boolean
    readonly state: SourceState
    /** Why the source is not running, one sentence; absent while it runs. */
    readonly message?: string
  }
  /** Absent until the first device opens. */
  readonly stream?: StreamFormat & { readonly id: string; readonly blockFrames: number }
  /** The microphone's calibration file, as given to the node. */
  readonly calibration?: { readonly file: string; readonly text: string; readonly serial?: string }
  /** Length of the ring that backfill is served from, s; 0 without one. */
  readonly ringSeconds: number
  /** Absent without a ring. */
  readonly ring?: RingMeta
  readonly counters: NodeCounters
}

export interface RingMeta {
  /** `disk`: it survives a restart of the node. */
  readonly kind: 'memory' | 'disk'
  /** What it holds, newest stream first, at most MAX_RING_STREAMS. */
  readonly streams: readonly RingStream[]
  /** What is wrong with it, one sentence; absent while all is well. */
  readonly message?: string
}

/** Positions and times as decimal strings, because JSON numbers stop at 2^53. */
export interface RingStream extends StreamFormat {
  /** 16 hexadecimal digits. */
  readonly id: string
  /** First position it holds and the one behind the last. */
  readonly from: string
  readonly to: string
  /** The stream is over. */
  readonly ended: boolean
  /** UTC of the frame at `from`, ns since 1970. */
  readonly utc: string
}

export const MAX_RING_STREAMS = 16

export interface NodeCounters {
  readonly blocks: number
  /** Times the capture device reported lost frames. */
  readonly overruns: number
  /** Frames lost before the node saw them. */
  readonly overrunFrames: number
  /** Times the source was opened anew. */
  readonly reopened: number
  /** Connections to the port of the sound, now. */
  readonly subscribers: number
  /** Requests on the control port that were not valid, and answers that nobody fetched. */
  readonly requestsRefused: number
  readonly answersDropped: number
  /** Requests for backfill that came, those that were put off because too many ask, blocks and bytes of samples served. */
  readonly backfillRequests: number
  readonly backfillBusy: number
  readonly backfillBlocks: number
  readonly backfillBytes: number
  /** Blocks that the disk was too slow or too full for, and failures of the disk. */
  readonly spoolDropped: number
  readonly spoolErrors: number
  readonly uptimeSeconds: number
  /** CPU of the node process and its capture child, percent of one core, over the last second. */
  readonly cpuPercent: number
  readonly memoryBytes: number
}

/** A calibration file is a few tens of kB; 1 MB keeps the metadata sane whatever a stranger sends. */
export const MAX_CALIBRATION_BYTES = 1 << 20
export const MAX_META_BYTES = MAX_CALIBRATION_BYTES * 2

/** Checks metadata that came from outside. Strings are clipped and stripped of control characters. Fault: `bad-metadata`, `version-mismatch`. */
export function parseMeta(json: string, protocol: number): Result<NodeMeta> {
  if (json.length > MAX_META_BYTES) return bad('it is too long')
  let raw: unknown
  try {
    raw = JSON.parse(json)
  } catch {
    return bad('it is not JSON')
  }
  if (!isRecord(raw)) return bad('it is not an object')
  if (typeof raw['protocol'] !== 'number') return bad('it names no protocol')
  if (raw['protocol'] !== protocol)
    return fail(
      'version-mismatch',
      `The node speaks wire version ${raw['protocol']} and this workstation version ${protocol}. Update the older of the two.`,
    )
  if (!isNodeId(raw['id'])) return bad('its node id is not valid')
  const source = raw['source']
  if (!isRecord(source)) return bad('it describes no source')
  const state = source['state']
  if (state !== 'opening' && state !== 'running' && state !== 'lost' && state !== 'ended')
    return bad('its source state is unknown')
  const stream = raw['stream'] === undefined ? ok(undefined) : parseStream(raw['stream'])
  if (!stream.ok) return stream
  const calibration = parseCalibration(raw['calibration'])
  const ring = parseRing(raw['ring'])
  const counters = isRecord(raw['counters']) ? raw['counters'] : {}
  return ok({
    protocol,
    id: raw['id'],
    name: text(raw['name'], 100) || raw['id'],
    software: text(raw['software'], 100),
    source: {
      kind: text(source['kind'], 20),
      label: text(source['label'], 300),
      simulated: source['simulated'] === true,
      state,
      ...(source['message'] === undefined ? {} : { message: text(source['message'], 500) }),
    },
    ...(stream.value ? { stream: stream.value } : {}),
    ...(calibration ? { calibration } : {}),
    ringSeconds: count(raw['ringSeconds']),
    ...(ring ? { ring } : {}),
    counters: {
      blocks: count(counters['blocks']),
      overruns: count(counters['overruns']),
      overrunFrames: count(counters['overrunFrames']),
      reopened: count(counters['reopened']),
      subscribers: count(counters['subscribers']),
      requestsRefused: count(counters['requestsRefused']),
      answersDropped: count(counters['answersDropped']),
      backfillRequests: count(counters['backfillRequests']),
      backfillBusy: count(counters['backfillBusy']),
      backfillBlocks: count(counters['backfillBlocks']),
      backfillBytes: count(counters['backfillBytes']),
      spoolDropped: count(counters['spoolDropped']),
      spoolErrors: count(counters['spoolErrors']),
      uptimeSeconds: count(counters['uptimeSeconds']),
      cpuPercent: count(counters['cpuPercent']),
      memoryBytes: count(counters['memoryBytes']),
    },
  })
}

function parseStream(raw: unknown): Result<NonNullable<NodeMeta['stream']>> {
  if (!isRecord(raw)) return bad('its stream is not an object')
  const { id, blockFrames } = raw
  if (!isStreamId(id)) return bad('its stream id is not 16 hex digits')
  const format = parseFormat(raw)
  if (!format.ok) return format
  if (!within(blockFrames, 1, MAX_RATE)) return bad('its block length is not valid')
  return ok({ id, ...format.value, blockFrames })
}

function parseFormat({ format, channels, rate }: Record<string, unknown>): Result<StreamFormat> {
  if (!isSampleFormat(format)) return bad('its sample format is unknown')
  if (!within(channels, 1, MAX_CHANNELS)) return bad('its channel count is not valid')
  if (!within(rate, MIN_RATE, MAX_RATE)) return bad('its rate is not valid')
  return ok({ format, channels, rate })
}

/** A ring that cannot be read is as good as none: the sound that comes live does not depend on it. */
function parseRing(raw: unknown): RingMeta | undefined {
  if (!isRecord(raw) || (raw['kind'] !== 'memory' && raw['kind'] !== 'disk') || !Array.isArray(raw['streams']))
    return undefined
  const streams = raw['streams'].slice(0, MAX_RING_STREAMS).flatMap(parseRingStream)
  const message = text(raw['message'], 500)
  return { kind: raw['kind'], streams, ...(message ? { message } : {}) }
}

function parseRingStream(raw: unknown): RingStream[] {
  if (!isRecord(raw)) return []
  const { id, from, to, ended, utc } = raw
  const format = parseFormat(raw)
  if (!format.ok || !isStreamId(id) || !isDecimal(from) || !isDecimal(to) || !isDecimal(utc)) return []
  return 0n <= BigInt(from) && BigInt(from) < BigInt(to)
    ? [{ id, ...format.value, from, to, ended: ended === true, utc }]
    : []
}

function isStreamId(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{16}$/.test(value)
}

/** A time before 1970 is one that the clock of a node without a battery shows: nothing to refuse a ring for. */
function isDecimal(value: unknown): value is string {
  return typeof value === 'string' && /^-?\d{1,20}$/.test(value)
}

function parseCalibration(raw: unknown): NodeMeta['calibration'] {
  if (!isRecord(raw) || typeof raw['text'] !== 'string' || raw['text'].length > MAX_CALIBRATION_BYTES) return undefined
  const serial = raw['serial'] === undefined ? '' : text(raw['serial'], 60)
  return { file: text(raw['file'], 200), text: raw['text'], ...(serial ? { serial } : {}) }
}

/** `stream` as it stands in metadata: 16 hex digits. */
export function streamIdText(stream: bigint): string {
  return stream.toString(16).padStart(16, '0')
}

function within(value: unknown, low: number, high: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high
}

function count(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : 0
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A stranger's string made safe to show: no control or direction-changing characters, at most `limit` long. */
export function text(value: unknown, limit: number): string {
  if (typeof value !== 'string') return ''
  return value
    .replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, ' ')
    .slice(0, limit)
    .trim()
}

function bad(why: string): Result<never> {
  return fail('bad-metadata', `The node's description was refused: ${why}.`)
}
