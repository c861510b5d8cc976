/**
 * What is known of an unfinished take, beside its files: JSON lines, each complete in itself, appended after the sound it
 * speaks of is on the disk. Whoever reads it after a crash knows which frames are safe. Pure: files are `journal-file.ts`.
 */
import type { StreamFormat } from '#shared/pcm.ts'
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
  if (line.t === 'mark') putMarker(state.markers, line.marker)
  else if (line.t === 'stop') state.stopped = { at: line.at, ends: line.ends }
  else if (line.t === 'resumed') state.resumed++
  else {
    const part = state.parts[line.n]
    if (!part) return false
    if (line.t === 'lost') part.lost.push(line.piece)
    else if (line.t === 'repair') putRepair(part.repairs, line.piece)
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

/** One more repair, in one with the newest where it follows on: an outage comes back in hundreds of pieces. */
export function putRepair(repairs: Repair[], piece: Repair): void {
  const last = repairs.at(-1)
  if (last?.to === piece.from) repairs[repairs.length - 1] = { from: last.from, to: piece.to, at: piece.at }
  else repairs.push(piece)
}

/** Another mark, or another label for the one at its place. */
function putMarker(markers: Marker[], marker: Marker): void {
  const at = markers.findIndex((m) => m.stream === marker.stream && m.position === marker.position)
  if (at < 0) markers.push(marker)
  else markers[at] = marker
}

function encode(value: object): string {
  return `${JSON.stringify(value, (_key, v: unknown) => {
    if (typeof v === 'bigint') return `${v}`
    if (v instanceof Map) return [...(v as Map<unknown, unknown>)]
    if (Array.isArray(v) && v.every(isRange)) return v.map((r) => [`${r.from}`, `${r.to}`])
    return v
  })}\n`
}

/** A bare range: pieces with more to them keep their names. */
function isRange(value: unknown): value is Range {
  return typeof value === 'object' && value !== null && Object.keys(value).join() === 'from,to'
}
