/** Reads the journal of a take, which may be torn, damaged or written by anybody. */
import { isSampleFormat, MAX_CHANNELS, MAX_RATE, MIN_RATE, type StreamFormat } from '#shared/pcm.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import { recordingChoices } from '#contract/commands.ts'
import {
  apply,
  JOURNAL_VERSION,
  type JournalState,
  type Line,
  type LossCause,
  type PartHead,
  type TakeHead,
} from './journal.ts'

/**
 * What a journal says, as far as it can be read: a crash tears the last line, and what follows a damaged line is not
 * believed. Faults: `bad-journal`, `version-mismatch`.
 */
export function parseJournal(text: string): Result<JournalState> {
  const lines = text.split('\n')
  // A line is only whole with its end.
  lines.pop()
  const [first, ...rest] = lines
  const head = first === undefined ? undefined : asRecord(parseJson(first))
  if (head?.['t'] !== 'take') return fail('bad-journal', 'This is not the journal of a take.')
  if (head['v'] !== JOURNAL_VERSION)
    return fail(
      'version-mismatch',
      `The journal is of version ${String(head['v'])}; this program reads version ${JOURNAL_VERSION}. Finish the take with the program that began it.`,
    )
  const take = takeHead(head['take'])
  if (!take) return fail('bad-journal', 'The first line of the journal is damaged.')
  const state: JournalState = { take, parts: [], markers: [], seenAt: take.startedAt, resumed: 0 }
  for (const text of rest) {
    const line = parseLine(text)
    if (!line || !apply(state, line)) break
  }
  return ok(state)
}

type Raw = Record<string, unknown>

function parseLine(text: string): Line | undefined {
  const raw = asRecord(parseJson(text))
  if (!raw) return undefined
  const { t, n, at } = raw
  if (t === 'mark') {
    const marker = asRecord(raw['marker'])
    const [stream, position, label] = [big(marker?.['stream']), big(marker?.['position']), marker?.['label']]
    return stream !== undefined && position !== undefined && typeof label === 'string'
      ? { t, marker: { stream, position, label } }
      : undefined
  }
  if (t === 'resumed') return isTime(at) ? { t, at } : undefined
  if (t === 'stop') {
    const ends = Array.isArray(raw['ends']) ? raw['ends'].map(pair) : undefined
    return isTime(at) && ends?.every((e) => e !== undefined) ? { t, at, ends: new Map(ends) } : undefined
  }
  if (typeof n !== 'number' || !Number.isInteger(n) || n < 0) return undefined
  if (t === 'part') {
    const part = partHead(raw['part'])
    return part && { t, n, part }
  }
  if (t === 'sealed') return { t, n }
  if (t === 'safe') {
    const end = big(raw['end'])
    const holes = Array.isArray(raw['holes']) ? raw['holes'].map(pair) : undefined
    if (end === undefined || !isTime(at) || !holes?.every((h) => h !== undefined && h[0] < h[1])) return undefined
    return { t, n, end, holes: holes.map((h) => ({ from: h![0], to: h![1] })), over: raw['over'] === true, at }
  }
  const piece = asRecord(raw['piece'])
  const [from, to] = [big(piece?.['from']), big(piece?.['to'])]
  if (from === undefined || to === undefined || from >= to) return undefined
  if (t === 'lost') return isCause(piece?.['cause']) ? { t, n, piece: { from, to, cause: piece['cause'] } } : undefined
  if (t === 'repair') return isTime(piece?.['at']) ? { t, n, piece: { from, to, at: piece['at'] } } : undefined
  return undefined
}

function takeHead(value: unknown): TakeHead | undefined {
  const raw = asRecord(value)
  const node = asRecord(raw?.['node'])
  if (!raw || !node) return undefined
  const { id, group, stem, startedAt, limit, ringSeconds } = raw
  const { name, address, id: nodeId, software } = node
  const { calibration } = raw
  const format = streamFormat(raw['format'])
  const choices = recordingChoices(raw['choices'])
  if (!format || !choices || !isTime(startedAt) || !isTime(ringSeconds)) return undefined
  if (typeof id !== 'string' || typeof group !== 'string' || typeof stem !== 'string') return undefined
  if (typeof name !== 'string' || typeof address !== 'string') return undefined
  if (limit !== undefined && !isTime(limit)) return undefined
  return {
    id,
    group,
    node: {
      name,
      address,
      ...(typeof nodeId === 'string' ? { id: nodeId } : {}),
      ...(typeof software === 'string' ? { software } : {}),
    },
    ...(typeof calibration === 'string' ? { calibration } : {}),
    format,
    choices,
    stem,
    startedAt,
    ringSeconds,
    ...(limit === undefined ? {} : { limit }),
  }
}

function partHead(value: unknown): PartHead | undefined {
  const raw = asRecord(value)
  if (!raw) return undefined
  const [stream, first, opening, utcNs] = ['stream', 'first', 'opening', 'utcNs'].map((key) => big(raw[key]))
  const seam = raw['seam'] === undefined ? undefined : big(raw['seam'])
  const format = streamFormat(raw['format'])
  const { name } = raw
  if (stream === undefined || first === undefined || opening === undefined || utcNs === undefined) return undefined
  // The name is one inside the folder, whatever somebody wrote into the journal.
  if (!format || typeof name !== 'string' || name === '' || /[/\\]|^\.\.?$/.test(name)) return undefined
  return { name, stream, first, opening, utcNs, format, ...(seam === undefined ? {} : { seam }) }
}

function streamFormat(value: unknown): StreamFormat | undefined {
  const raw = asRecord(value)
  if (!raw) return undefined
  const { format, channels, rate } = raw
  return isSampleFormat(format) && isWhole(channels, 1, MAX_CHANNELS) && isWhole(rate, MIN_RATE, MAX_RATE)
    ? { format, channels, rate }
    : undefined
}

function isWhole(value: unknown, low: number, high: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}

function isCause(value: unknown): value is LossCause {
  return value === 'capture' || value === 'network' || value === 'ring' || value === 'node' || value === 'disk'
}

function pair(value: unknown): [bigint, bigint] | undefined {
  if (!Array.isArray(value) || value.length !== 2) return undefined
  const [a, b] = [big(value[0]), big(value[1])]
  return a !== undefined && b !== undefined ? [a, b] : undefined
}

/** Positions are decimal strings: a number of JSON is a double. */
function big(value: unknown): bigint | undefined {
  return typeof value === 'string' && /^-?\d{1,20}$/.test(value) ? BigInt(value) : undefined
}

function asRecord(value: unknown): Raw | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Raw) : undefined
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
