/** One file of a take: which frames it should hold, which have come, which are on the disk, which never come. */
import { frameBytes, type StreamFormat } from '#shared/pcm.ts'
import { total, type Range } from '#engine/backfill/ranges.ts'
import { Coverage } from './coverage.ts'
import { putRepair, type LossCause, type LostPiece, type PartHead, type PartRecord, type Repair } from './journal.ts'
import type { WavFile } from './wav-file.ts'

export class Part {
  readonly stream: bigint
  readonly first: bigint
  readonly format: StreamFormat
  /** Where the take goes on in another file, exclusive. */
  readonly seam: bigint | undefined
  /** The moment of the start; sound before it is pre-roll. */
  readonly opening: bigint
  #passed: bigint
  readonly utcNs: bigint
  /** What was handed to the writer. */
  received: Coverage
  /** What the writer has written. */
  readonly written: Coverage
  /** After a crash: in the file, but not known to be right. Fetched again where that is possible. */
  doubtful: readonly Range[] = []
  readonly repairs: Repair[] = []
  /** Nothing will come behind `received.end`. */
  over = false
  state: 'open' | 'sealing' | 'sealed' = 'open'
  file: WavFile | undefined
  /** Of the file; absent until it was made. */
  name: string | undefined
  /** Number in the journal; absent until it was written there. */
  number: number | undefined
  /** Written since the last flush. */
  dirty = false
  #lost: readonly LostPiece[] = []
  /** How often missing sound was asked for again in vain. */
  asked = 0

  constructor(head: Omit<PartHead, 'name'>, coverage = new Coverage(head.first)) {
    this.stream = head.stream
    this.first = head.first
    this.format = head.format
    this.seam = head.seam
    this.opening = head.opening
    this.#passed = head.opening
    this.utcNs = head.utcNs
    this.received = coverage
    this.written = coverage.copy()
  }

  /** As the journal knew it, with sound up to `fileEnd` in the file: what lies behind the last line is there, but not to be trusted. */
  static restored(record: PartRecord, number: number, fileEnd: bigint): Part {
    const end = fileEnd > record.end ? fileEnd : record.end
    const beyond = { from: record.end, to: end }
    const part = new Part(record, new Coverage(record.first, end, [...record.holes, beyond]))
    if (end > record.end) part.doubtful = [beyond]
    if (record.sealed) part.state = 'sealed'
    part.repairs.push(...record.repairs)
    part.#lost = record.lost
    part.over = record.over
    part.name = record.name
    part.number = number
    return part
  }

  get frames(): number {
    return this.received.frames
  }
  get bytes(): number {
    return this.frames * frameBytes(this.format)
  }
  get seconds(): number {
    return this.frames / this.format.rate
  }
  get lost(): readonly LostPiece[] {
    return this.#lost
  }
  get missingFrames(): number {
    return this.received.holes.frames
  }
  get repairedFrames(): number {
    return Number(total(this.repairs))
  }

  /** Up to here sound had passed when the take began: what of it has to be fetched is neither a gap nor a repair. */
  get passed(): bigint {
    return this.#passed
  }

  /** Live sound had come up to here when the take began. */
  begunAt(heard: bigint): void {
    if (heard > this.#passed) this.#passed = heard
  }

  /** What the disk did not take is missing, and nothing more will come. */
  keepWritten(): void {
    this.received = this.written.copy()
    this.over = true
    this.lose({ from: this.first, to: this.received.end }, 'disk')
  }

  /** Missing, and may still come. */
  pending(): readonly Range[] {
    const { items } = this.received.holes
    return this.#lost.length === 0 ? items : items.flatMap((hole) => without(hole, this.#lost))
  }

  /** What is missing of `range` will never come. Returns what is new of that. Doubtful sound stays as it is in the file. */
  lose(range: Range, cause: LossCause): readonly LostPiece[] {
    const kept = this.doubtful.flatMap((d) => overlap(d, range))
    for (const { from, to } of kept) this.received.put(from, to)
    const pieces = this.received.holes
      .within(range.from, range.to)
      .flatMap((hole) => without(hole, this.#lost))
      .map((piece) => ({ ...piece, cause }))
    this.#lost = merged([...this.#lost, ...pieces])
    for (const piece of kept) this.file?.settle(piece)
    return pieces
  }

  /** Sound that fills holes came. Returns the repairs to tell of: what had passed when the take began is none. */
  filled(closed: readonly Range[], at: number): readonly Repair[] {
    const fresh: Repair[] = []
    for (const range of closed) {
      this.#lost = this.#lost.flatMap((piece) =>
        without(piece, [range]).map((rest) => ({ ...rest, cause: piece.cause })),
      )
      this.doubtful = this.doubtful.flatMap((d) => without(d, [range]))
      const from = range.from > this.#passed ? range.from : this.#passed
      if (from >= range.to) continue
      const piece = { from, to: range.to, at }
      fresh.push(piece)
      putRepair(this.repairs, piece)
    }
    return fresh
  }
}

/** What of `range` is in none of `others`, ascending. */
export function without(range: Range, others: readonly Range[]): Range[] {
  let rest: Range[] = [{ from: range.from, to: range.to }]
  for (const { from, to } of others)
    rest = rest.flatMap((r) =>
      to <= r.from || from >= r.to
        ? [r]
        : [...(r.from < from ? [{ from: r.from, to: from }] : []), ...(to < r.to ? [{ from: to, to: r.to }] : [])],
    )
  return rest
}

/** Ascending, and pieces of one cause that touch as one. */
function merged(pieces: readonly LostPiece[]): LostPiece[] {
  const out: LostPiece[] = []
  for (const piece of pieces.toSorted((a, b) => (a.from < b.from ? -1 : 1))) {
    const last = out.at(-1)
    if (last?.to === piece.from && last.cause === piece.cause) out[out.length - 1] = { ...last, to: piece.to }
    else out.push(piece)
  }
  return out
}

function overlap(a: Range, b: Range): Range[] {
  const from = a.from > b.from ? a.from : b.from
  const to = a.to < b.to ? a.to : b.to
  return from < to ? [{ from, to }] : []
}
