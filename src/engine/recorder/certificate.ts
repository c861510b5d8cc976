/**
 * The continuity certificate of one recording: what its sound is, whether all of it is there, and checksums by which that can
 * be checked later. `NAME.wav.json` beside the file; `docs/certificate.md` lists the fields.
 */
import { open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { StreamFormat } from '#shared/pcm.ts'
import type { FaultCode } from '#shared/result.ts'
import { total } from '#engine/backfill/ranges.ts'
import type { NodeClockView } from '#engine/node-clock.ts'
import type { LostPiece, Marker, Repair } from './journal.ts'
import { utcText, type WavLoudness } from './wav/bext.ts'
import { PIECE_SECONDS } from './wav/checksum.ts'
import type { FinishedAudio } from './wav-file.ts'
import { lengthText, timeText, WHERE } from './words.ts'

export const CERTIFICATE_VERSION = 1
/** Behind the name of the recording. */
export const CERTIFICATE_ENDING = '.json'

/** What the take knows of one finished file. Positions are those of its stream. */
export interface Ledger {
  /** `part`: number of the file in it, from 1; `resumed`: how often it went on after a crash or a restart. */
  readonly take: { readonly id: string; readonly group: string; readonly part: number; readonly resumed: number }
  readonly node: {
    readonly name: string
    readonly address: string
    readonly id?: string
    readonly software?: string
  }
  /** Name and version of what recorded it. */
  readonly program: string
  readonly format: StreamFormat
  readonly stream: bigint
  readonly first: bigint
  /** Behind the last frame that the file should hold. */
  readonly end: bigint
  /** Moment of the first frame, UTC ns since 1970. */
  readonly utcNs: bigint
  /** Never came: silence in the file. Ascending, disjoint, inside [first, end). */
  readonly lost: readonly LostPiece[]
  /** Came later than the sound behind them. */
  readonly repairs: readonly Repair[]
  readonly markers: readonly Omit<Marker, 'stream'>[]
  /** Of the node, when the file was finished; absent where it is not known. */
  readonly clock?: NodeClockView
  /** What was known of the microphone, in one line; the sound itself is never corrected. */
  readonly calibration?: string
  readonly loudness?: WavLoudness
  /** The fault that ended the take; absent where the user did, or its length. */
  readonly ended?: FaultCode
}

export interface Verdict {
  readonly whole: boolean
  /** One line for the person. */
  readonly sentence: string
}

/** As it stands in the file; positions are decimal strings because a number of JSON is a double. */
export interface Certificate {
  readonly certificate: typeof CERTIFICATE_VERSION
  readonly file: string
  readonly verdict: Verdict
  readonly format: StreamFormat
  readonly frames: { readonly expected: number; readonly written: number; readonly missing: number }
  readonly audio: {
    readonly frames: number
    readonly bytes: number
    readonly sha256: string
    readonly pieceSeconds: number
    readonly crc32: string
  }
  readonly origin: { readonly utc: string; readonly stream: string; readonly position: string }
  readonly take: Ledger['take']
  readonly node: Ledger['node']
  readonly program: string
  /** How the take ended: null as it was meant to, or the code of the fault that ended it, such as `disk-full`. */
  readonly ended: string | null
  readonly gaps: readonly CertifiedGap[]
  readonly repairs: readonly CertifiedRepair[]
  readonly markers: readonly { readonly frame: number; readonly label: string }[]
  readonly clock: object | null
  readonly calibration: string | null
  readonly loudness: WavLoudness | null
}

interface CertifiedPlace {
  /** In the stream. */
  readonly position: string
  /** From the beginning of the file. */
  readonly frame: number
  readonly frames: number
  readonly seconds: number
}
export interface CertifiedGap extends CertifiedPlace {
  readonly cause: string
  readonly sentence: string
}
export interface CertifiedRepair extends CertifiedPlace {
  readonly at: string
}

/** Writes the certificate of `audio` in `folder`, in one step, and returns it. Rejects with the system's error. */
export async function seal(folder: string, ledger: Ledger, audio: FinishedAudio): Promise<Certificate> {
  const certificate = certify(ledger, audio)
  const path = join(folder, `${audio.name}${CERTIFICATE_ENDING}`)
  const file = await open(`${path}.part`, 'w')
  try {
    await file.writeFile(`${JSON.stringify(certificate, null, 2)}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(`${path}.part`, path)
  return certificate
}

export function certify(ledger: Ledger, audio: FinishedAudio): Certificate {
  const { format, first, end, stream, clock } = ledger
  const expected = Number(end - first)
  // What the file does not reach is missing too, whoever was to blame.
  const reached = first + BigInt(audio.frames)
  const lost: readonly LostPiece[] =
    reached < end
      ? [...ledger.lost.filter((p) => p.to <= reached), { from: reached, to: end, cause: 'disk' }]
      : ledger.lost
  const joined = joinedPieces(lost)
  const missing = Number(total(joined))
  const placed = ({ from, to }: { from: bigint; to: bigint }): CertifiedPlace => ({
    position: `${from}`,
    frame: Number(from - first),
    frames: Number(to - from),
    seconds: Number(to - from) / format.rate,
  })
  const gaps = joined.map((piece) => {
    const place = placed(piece)
    const what = `${lengthText(place.seconds)} at ${timeText(place.frame / format.rate)}`
    const sentence = `${what} is lost and stays silent: ${WHERE[piece.cause]}.`
    return { ...place, cause: piece.cause, sentence }
  })
  return {
    certificate: CERTIFICATE_VERSION,
    file: audio.name,
    verdict: verdict(expected, missing, gaps, Number(total(ledger.repairs)), format.rate, ledger.ended),
    format: { format: format.format, channels: format.channels, rate: format.rate },
    frames: { expected, written: expected - missing, missing },
    audio: {
      frames: audio.frames,
      bytes: audio.bytes,
      sha256: audio.sha256,
      pieceSeconds: PIECE_SECONDS,
      crc32: audio.crc32,
    },
    origin: { utc: utcText(ledger.utcNs), stream: stream.toString(16).padStart(16, '0'), position: `${first}` },
    take: ledger.take,
    node: ledger.node,
    program: ledger.program,
    ended: ledger.ended ?? null,
    gaps,
    repairs: ledger.repairs.map((piece) => ({ ...placed(piece), at: new Date(piece.at).toISOString() })),
    markers: ledger.markers.map(({ position, label }) => ({ frame: Number(position - first), label })),
    clock: clock ? { ...clock, offsetNs: `${clock.offsetNs}` } : null,
    calibration: ledger.calibration ?? null,
    loudness: ledger.loudness ?? null,
  }
}

/** What is lost without sound between is one gap, though it was told of in pieces. */
function joinedPieces(pieces: readonly LostPiece[]): LostPiece[] {
  const out: LostPiece[] = []
  for (const piece of pieces) {
    const last = out.at(-1)
    if (last?.to === piece.from && last.cause === piece.cause) out[out.length - 1] = { ...last, to: piece.to }
    else out.push(piece)
  }
  return out
}

/** Completes "The recording ended early: ". */
const ENDED: Partial<Record<FaultCode, string>> = {
  'disk-full': 'the disk was full',
  'folder-unwritable': 'the disk did not take any more',
}

function verdict(
  expected: number,
  missing: number,
  gaps: readonly CertifiedGap[],
  repaired: number,
  rate: number,
  ended: FaultCode | undefined,
): Verdict {
  const length = timeText(expected / rate)
  const refetched = repaired > 0 ? ` ${lengthText(repaired / rate)} came late and is in its place.` : ''
  const end = ended === undefined ? '' : ` The recording ended early: ${ENDED[ended] ?? 'the disk failed'}.`
  if (missing === 0) {
    const upTo = ended === undefined ? 'Complete' : 'Complete up to its early end'
    return { whole: true, sentence: `${upTo}: ${length}, ${expected} frames, nothing is missing.${refetched}${end}` }
  }
  const causes = [...new Set(gaps.map((gap) => gap.cause))].join(', ')
  const count = gaps.length === 1 ? '1 gap' : `${gaps.length} gaps`
  const head = `Not complete: ${lengthText(missing / rate)} of ${length} is missing in ${count} (${causes})`
  return { whole: false, sentence: `${head}, and is silence of the right length.${refetched}${end}` }
}
