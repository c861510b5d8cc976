/** The broadcast extension of a WAV file, version 2 (EBU Tech 3285): where the sound is from, when it began, how loud it is. */
import type { StreamFormat } from '#shared/pcm.ts'

/** What a file says of its origin. Sentences and names may hold any character; what the chunk cannot hold becomes `?`. */
export interface WavInfo {
  readonly node: { readonly name: string; readonly id?: string; readonly software?: string }
  /** Name and version of what writes the file. */
  readonly program: string
  /** Of the take that the file belongs to. */
  readonly take: string
  /** Moment of the first frame, UTC ns since 1970. */
  readonly utcNs: bigint
  /** What is known of the microphone, in one line; absent where it is not calibrated. */
  readonly calibration?: string
}

/** Of the whole file. A figure that is absent or null is not known. */
export interface WavLoudness {
  /** LUFS. */
  readonly integrated?: number | null
  /** LU. */
  readonly range?: number | null
  /** dBTP. */
  readonly truePeak?: number | null
  /** LUFS. */
  readonly momentaryMax?: number | null
  readonly shortTermMax?: number | null
}

/** Fixed part of the chunk (clause 2.3) and the coding history, which has a fixed place so that the header never grows. */
const FIXED_BYTES = 602
const HISTORY_BYTES = 510
export const BEXT_BYTES = FIXED_BYTES + HISTORY_BYTES
const AT = { originator: 256, reference: 288, date: 320, time: 330, timeReference: 338, version: 346, loudness: 412 }
/** A loudness figure that is not known. */
const UNKNOWN = 0x7fff

export interface BextStart {
  readonly format: StreamFormat
  readonly stream: bigint
  readonly first: bigint
  readonly info?: WavInfo
}

/** Contents of the chunk, BEXT_BYTES. Date, time and time reference are those of this computer's time zone, as file names are. */
export function bext(start: BextStart, loudness: WavLoudness = {}): Buffer {
  const { info } = start
  const out = Buffer.alloc(BEXT_BYTES)
  text(out, reference(start.stream, start.first), AT.reference, 32)
  out.writeUInt16LE(2, AT.version)
  const { integrated, range, truePeak, momentaryMax, shortTermMax } = loudness
  for (const [i, figure] of [integrated, range, truePeak, momentaryMax, shortTermMax].entries())
    out.writeInt16LE(hundredths(figure), AT.loudness + 2 * i)
  if (!info) return out
  const { date, time, frames } = timeOf(info.utcNs, start.format.rate)
  text(out, description(info), 0, 256)
  text(out, info.program, AT.originator, 32)
  text(out, date, AT.date, 10)
  text(out, time, AT.time, 8)
  out.writeBigUInt64LE(frames, AT.timeReference)
  text(out, history(start.format, info), FIXED_BYTES, HISTORY_BYTES - 1)
  return out
}

/** Names one file among all: 16 hex digits of its stream and 16 of the position of its first frame. */
export function reference(stream: bigint, first: bigint): string {
  return stream.toString(16).padStart(16, '0') + BigInt.asUintN(64, first).toString(16).padStart(16, '0')
}

/** Of the contents of a chunk. Empty where there is none. */
export function referenceOf(chunk: Buffer): string {
  return chunk.toString('latin1', AT.reference, AT.reference + 32).replaceAll('\0', '')
}

/** First the node's name: many programs show 64 characters. */
function description({ node, calibration, take, utcNs }: WavInfo): string {
  const from = node.software === undefined ? node.name : `${node.name} (${node.software})`
  const rest = [`begins ${utcText(utcNs)}`, `calibration: ${calibration ?? 'none'}`, `take ${take}`]
  return [from, ...rest].join('; ')
}

/** EBU R 98: one line a step, ended by CR LF. */
function history({ format, channels, rate }: StreamFormat, info: WavInfo): string {
  const bits = { s16: 16, s24: 24, s32: 32, f32: 32 }[format]
  const mode = channels === 1 ? 'mono' : channels === 2 ? 'stereo' : 'multitrack'
  const coding = `A=${format === 'f32' ? 'FLOAT' : 'PCM'},F=${rate},W=${bits},M=${mode}`
  const words = [info.node.name, info.node.id ?? '', info.program, `calibration: ${info.calibration ?? 'none'}`]
  // A comma or a line end would begin another field or step.
  const told = words.filter((word) => word !== '').map((word) => word.replace(/[,\r\n]+/g, ' '))
  return `${coding},T=${told.join('; ')}`.slice(0, HISTORY_BYTES - 3) + '\r\n'
}

/** "2026-03-01T14:05:09.123456789Z", exact. */
export function utcText(utcNs: bigint): string {
  const [ms, rest] = split(utcNs, 1_000_000n)
  return new Date(Number(ms)).toISOString().replace('Z', `${String(rest).padStart(6, '0')}Z`)
}

/** Date and time of day, and frames from midnight to the moment, rounded to the nearest. */
function timeOf(utcNs: bigint, rate: number): { date: string; time: string; frames: bigint } {
  const [seconds, ns] = split(utcNs, 1_000_000_000n)
  const at = new Date(Number(seconds) * 1000)
  const two = (n: number): string => String(n).padStart(2, '0')
  const sinceMidnight = at.getHours() * 3600 + at.getMinutes() * 60 + at.getSeconds()
  const nsSinceMidnight = BigInt(sinceMidnight) * 1_000_000_000n + ns
  return {
    date: [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-'),
    time: [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':'),
    frames: (nsSinceMidnight * BigInt(rate) + 500_000_000n) / 1_000_000_000n,
  }
}

/** Quotient and a rest that is never negative. */
function split(value: bigint, by: bigint): [bigint, bigint] {
  const rest = ((value % by) + by) % by
  return [(value - rest) / by, rest]
}

function hundredths(figure: number | null | undefined): number {
  if (figure === undefined || figure === null || !Number.isFinite(figure)) return UNKNOWN
  // Beyond these a figure of sound makes no sense (clause 2.4).
  return Math.max(-9999, Math.min(9999, Math.round(figure * 100)))
}

/** The chunk is ASCII: letters keep their base, what has none becomes `?`. */
function text(out: Buffer, value: string, at: number, length: number): void {
  const ascii = value
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x20-\x7e\r\n]/gu, '?')
  out.write(ascii.slice(0, length), at, 'latin1')
}
