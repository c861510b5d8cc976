/**
 * What is known of an unfinished take, beside its files: JSON lines, each complete in itself, appended after the sound it
 * speaks of is on the disk. Whoever reads it after a crash knows which frames are safe. Pure: files are `journal-file.ts`.
 */
import { isSampleFormat, MAX_CHANNELS, MAX_RATE, MIN_RATE, type StreamFormat } from '#shared/pcm.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import { recordingChoices } from '#contract/commands.ts'
import type { RecordingChoices } from '#contract/state.ts'
import type { Range } from '#engine/backfill/ranges.ts'

export const JOURNAL_VERSION = 1

export type LossCause = 'capture' | 'network' | 'ring' | 'node' | 'disk'

/** First line. */
export interface TakeHead {
  readonly id: string
  readonly group: string
  readonly node: { readonly name: string; readonly address: string; readonly id?: string; readonly software?: string }
  /** What is known of the microphone, in one line; absent where it is not calibrated. */
  readonly calibration?: string
  readonly format: StreamFormat
  readonly choices: RecordingChoices
  /** First part of the names of the files. */
  readonly stem: string
  /** Moment of the start, UTC ms. */
  readonly startedAt: number
  /** Length asked for, frames, without the pre-roll. */
  readonly limit?: number
  /** For how long the node can give sound again, s; 0 when it keeps none. */
  readonly ringSeconds: number
}

export interface PartHead {
  readonly name: string
  readonly stream: bigint
  readonly first: bigint
  readonly format: StreamFormat
  /** Where it ends because the take is split there. */
  readonly seam?: bigint
  /** Sound up to here is from before the take could have heard it, and was fetched. */
  readonly opening: bigint
  /** Moment of its first frame, UTC ns. */
  readonly utcNs: bigint
}

export interface LostPiece extends Range {
  readonly cause: LossCause
}
export interface Repair extends Range {
  /** When it came, UTC ms. */
  readonly at: number
}

export interface Marker {
  readonly stream: bigint
  readonly position: bigint
  readonly label: string
}

/** One file, as far as it is safe. */
export interface PartRecord extends PartHead {
  end: bigint
  holes: readonly Range[]
  /** Nothing will come behind `end`. */
  over: boolean
  sealed: boolean
  readonly lost: LostPiece[]
  readonly repairs: Repair[]
}

export interface JournalState {
  readonly take: TakeHead
  readonly parts: PartRecord[]
  readonly markers: Marker[]
  /** Ends of streams by the stop of the user; present after it. */
  stopped?: { readonly at: number; readonly ends: ReadonlyMap<bigint, bigint> }
  /** UTC ms of the newest line about sound. */
  seenAt: number
  resumed: number
}

export type Line =
  | { readonly t: 'part'; readonly n: number; readonly part: PartHead }
  | {
      readonly t: 'safe'
      readonly n: number
      readonly end: bigint
      readonly holes: readonly Range[]
      readonly over: boolean
      readonly at: number
    }
  | { readonly t: 'lost'; readonly n: number; readonly piece: LostPiece }
  | { readonly t: 'repair'; readonly n: number; readonly piece: Repair }
  | { readonly t: 'sealed'; readonly n: number }
  | { readonly t: 'mark'; readonly marker: Marker }
  | { readonly t: 'stop'; readonly at: number; readonly ends: ReadonlyMap<bigint, bigint> }
  | { readonly t: 'resumed'; readonly at: number }

export function headLine(take: TakeHead): string {
  return encode({ t: 'take', v: JOURNAL_VERSION, take })
}

export function lineOf(line: Line): string {
  return encode(line)
}

/** Everything again, in as few lines as possible. */
export function linesOf(state: JournalState): string {
  const lines: Line[] = []
  for (const [n, part] of state.parts.entries()) {
    const { name, stream, first, format, opening, utcNs, seam } = part
    lines.push({
      t: 'part',
      n,
      part: { name, stream, first, format, opening, utcNs, ...(seam === undefined ? {} : { seam }) },
    })
    lines.push({ t: 'safe', n, end: part.end, holes: part.holes, over: part.over, at: state.seenAt })
    for (const piece of part.lost) lines.push({ t: 'lost', n, piece })
    for (const piece of part.repairs) lines.push({ t: 'repair', n, piece })
    if (part.sealed) lines.push({ t: 'sealed', n })
  }
  for (const marker of state.markers) lines.push({ t: 'mark', marker })
  if (state.stopped) lines.push({ t: 'stop', ...state.stopped })
  for (let n = 0; n < state.resumed; n++) lines.push({ t: 'resumed', at: state.seenAt })
  return headLine(state.take) + lines.map(lineOf).join('')
}

/** Applies a line to what is known. False when it does not fit what came before: then it is damaged. */
export function apply(state: JournalState, line: Line): boolean {
  if (line.t === 'part') {
    if (line.n !== state.parts.length) return false
    state.parts.push({
      ...line.part,
      end: line.part.first,
      holes: [],
      over: false,
      sealed: false,
      lost: [],
      repairs: [],
    })
    return true
  }
  if (line.t === 'mark') state.markers.push(line.marker)
  else if (line.t === 'stop') state.stopped = { at: line.at, ends: line.ends }
  else if (line.t === 'resumed') state.resumed++
  else {
    const part = state.parts[line.n]
    if (!part) return false
    if (line.t === 'lost') part.lost.push(line.piece)
    else if (line.t === 'repair') part.repairs.push(line.piece)
    else if (line.t === 'sealed') part.sealed = true
    else {
      if (line.end < part.first) return false
      part.end = line.end
      part.holes = line.holes
      part.over = line.over
      state.seenAt = line.at
    }
  }
  return true
}

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

function encode(value: object): string {
  return `${JSON.stringify(value, (_key, v: unknown) => {
    if (typeof v === 'bigint') return `${v}`
    if (v instanceof Map) return [...(v as Map<unknown, unknown>)]
    if (Array.isArray(v) && v.every(isRange)) return v.map((r) => [`${r.from}`, `${r.to}`])
    return v
  })}\n`
}

function isRange(value: unknown): value is Range {
  const raw = asRecord(value)
  return (
    raw !== undefined &&
    Object.keys(raw).length === 2 &&
    typeof raw['from'] === 'bigint' &&
    typeof raw['to'] === 'bigint'
  )
}
