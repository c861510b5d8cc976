/** Checks a recording against its certificate: is the sound on the disk still what was recorded. Reads a file of any size. */
import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { join, dirname, basename } from 'node:path'
import { crc32 } from 'node:zlib'
import { frameBytes, type StreamFormat } from '#shared/pcm.ts'
import { SoundFile } from '#engine/analysis/sound-file.ts'
import type { Certificate } from './certificate.ts'
import { CERTIFICATE_ENDING } from './certificate.ts'
import { parseCertificate } from './certificate-parse.ts'
import { timeText } from './words.ts'

/**
 * good: the sound is what was recorded. changed: as long as it was, with other samples. cut, longer: it has another length.
 * format: it is sound of another kind. no-certificate, bad-certificate, unfinished, unreadable: it cannot be told.
 */
export type VerifyState =
  | 'good'
  | 'changed'
  | 'cut'
  | 'longer'
  | 'format'
  | 'no-certificate'
  | 'bad-certificate'
  | 'unfinished'
  | 'unreadable'
  | 'stopped'

export interface Verification {
  readonly file: string
  readonly state: VerifyState
  /** For the person: what is right or wrong, and where. */
  readonly sentence: string
  /** The first figure that differs. */
  readonly differs?: { readonly figure: string; readonly certified: string | number; readonly found: string | number }
  /** Where the sound was changed, s from the beginning: some sample between these. */
  readonly changed?: { readonly from: number; readonly to: number }
  /** Of the certificate; absent where there is none. */
  readonly certificate?: Certificate
}

export interface VerifyOptions {
  /** Told from 0 to 1 as it goes. */
  readonly progress?: (share: number) => void
  /** Asked between pieces; true ends it. */
  readonly stopped?: () => boolean
}

const READ_BYTES = 1 << 20

/** `file`: a recording, or its certificate. Never rejects because of what is on the disk. */
export async function verify(file: string, options: VerifyOptions = {}): Promise<Verification> {
  const path = file.endsWith(`.wav${CERTIFICATE_ENDING}`) ? file.slice(0, -CERTIFICATE_ENDING.length) : file
  const not = (state: VerifyState, sentence: string): Verification => ({ file: path, state, sentence })
  if (path.endsWith('.part'))
    return not('unfinished', 'It is not finished: it is being recorded, or waits to be taken up again.')
  const certified = await certificateOf(path)
  const sound = await SoundFile.open(path)
  try {
    if (!certified.ok && certified.state === 'no-certificate' && !sound.ok && (await isMissing(path)))
      return not('unreadable', (await isMissing(`${path}.part`)) ? 'There is no such file.' : `${UNFINISHED}.`)
    if (!certified.ok) return not(certified.state, certified.sentence)
    const { certificate } = certified
    if (!sound.ok) {
      const gone = await isMissing(path)
      const sentence = gone ? 'There is a certificate, but the recording itself is gone.' : sound.fault.message
      return { ...not('unreadable', sentence), certificate }
    }
    return { file: path, ...(await compare(sound.value, certificate, options)), certificate }
  } finally {
    if (sound.ok) await sound.value.close()
  }
}

const UNFINISHED = 'It is not finished: it is being recorded, or waits to be taken up again'

type Found = Omit<Verification, 'file' | 'certificate'>

async function compare(sound: SoundFile, certificate: Certificate, options: VerifyOptions): Promise<Found> {
  const { audio, format } = certificate
  const kind = differing(format, sound.format)
  if (kind) {
    const { figure, certified, found } = kind
    const sentence = `It is another sound: its ${WORDS[figure]} is ${found}, and ${certified} was recorded.`
    return { state: 'format', sentence, differs: kind }
  }
  const { frames } = sound
  const read = await sums(sound, certificate, options)
  if (read === undefined) return { state: 'stopped', sentence: 'Stopped before its end.' }
  if ('sentence' in read) return { state: 'unreadable', sentence: read.sentence }
  const place = read.changed
  const seconds = (n: number): string => timeText(n / format.rate)
  const where = place && `Sound between ${timeText(place.from)} and ${timeText(place.to)} is not what was recorded`
  const changed = place ? { changed: place } : {}
  if (frames !== audio.frames) {
    const state = frames < audio.frames ? 'cut' : 'longer'
    const by = Math.abs(frames - audio.frames)
    const amount = `${by} frames (${seconds(by)})`
    const counts = `It has ${frames} frames, and ${audio.frames} were recorded`
    const head =
      state === 'cut'
        ? `It is cut off at ${seconds(frames)}: ${amount} are missing.`
        : `It is ${amount} longer than what was recorded.`
    const same = read.compared > 0 ? ` The sound up to ${seconds(read.compared)} is as it was.` : ''
    const rest = where ? ` ${where}, too.` : same
    const differs = { figure: 'frames', certified: audio.frames, found: frames }
    return { state, sentence: `${head} ${counts}.${rest}`, differs, ...changed }
  }
  if (read.sha256 === audio.sha256) return { state: 'good', sentence: 'The sound is what was recorded.' }
  const differs = { figure: 'sha256', certified: audio.sha256, found: read.sha256 }
  const sentence = where
    ? `${where}.`
    : 'The sound is not what was recorded, though each piece of it has its checksum: the certificate may have been changed.'
  return { state: 'changed', sentence, differs, ...changed }
}

const WORDS = { channels: 'number of channels', rate: 'sample rate', format: 'sample format' }

function differing(certified: StreamFormat, found: StreamFormat) {
  for (const figure of ['channels', 'rate', 'format'] as const)
    if (certified[figure] !== found[figure]) return { figure, certified: certified[figure], found: found[figure] }
  return undefined
}

interface Sums {
  readonly sha256: string
  readonly changed: Verification['changed']
  readonly compared: number
}

/**
 * Checksums of the sound as far as it is there. `changed`: from the first to the last piece that differs, s; a piece of
 * which only a part is there is not compared. `compared`: frames up to the last one that is. Undefined when it was stopped.
 */
async function sums(
  sound: SoundFile,
  { audio, format }: Certificate,
  { progress, stopped }: VerifyOptions,
): Promise<Sums | { sentence: string } | undefined> {
  const size = frameBytes(format)
  const pieceFrames = Math.round(audio.pieceSeconds * format.rate)
  const buffer = Buffer.allocUnsafe(Math.max(size, READ_BYTES - (READ_BYTES % size)))
  const sha = createHash('sha256')
  let changed: { from: number; to: number } | undefined
  let compared = 0
  let crc = 0
  for (let at = 0; at < sound.frames;) {
    if (stopped?.()) return undefined
    const pieceEnd = Math.min((Math.floor(at / pieceFrames) + 1) * pieceFrames, audio.frames)
    const until = at < audio.frames ? Math.min(pieceEnd, sound.frames) : sound.frames
    const count = Math.min(buffer.length / size, until - at)
    const read = await sound.read(at, count, buffer)
    if (!read.ok) return { sentence: read.fault.message }
    const bytes = buffer.subarray(0, count * size)
    sha.update(bytes)
    crc = crc32(bytes, crc)
    at += count
    if (at === pieceEnd) {
      const piece = Math.ceil(at / pieceFrames) - 1
      const certified = audio.crc32.slice(8 * piece, 8 * piece + 8)
      if (crc.toString(16).padStart(8, '0') !== certified)
        changed = { from: changed?.from ?? (piece * pieceFrames) / format.rate, to: at / format.rate }
      compared = at
      crc = 0
    }
    progress?.(at / sound.frames)
  }
  return { sha256: sha.digest('hex'), changed, compared }
}

type Certified =
  { ok: true; certificate: Certificate } | { ok: false; state: 'no-certificate' | 'bad-certificate'; sentence: string }

async function certificateOf(path: string): Promise<Certified> {
  const name = `${basename(path)}${CERTIFICATE_ENDING}`
  let text: string
  try {
    text = await readFile(join(dirname(path), name), 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR')
      return { ok: false, state: 'no-certificate', sentence: `It has no certificate (${name} is not beside it).` }
    return { ok: false, state: 'bad-certificate', sentence: `Its certificate ${name} cannot be read (${code}).` }
  }
  const parsed = parseCertificate(text)
  if (parsed.ok) return { ok: true, certificate: parsed.value }
  return { ok: false, state: 'bad-certificate', sentence: `${name}: ${parsed.fault.message}` }
}

async function isMissing(path: string): Promise<boolean> {
  return stat(path).then(
    () => false,
    () => true,
  )
}
