/** Reads certificates, which anybody may have changed: what a check relies on is looked at, the rest is passed on as it is. */
import { frameBytes, isSampleFormat, MAX_CHANNELS, MAX_RATE, MIN_RATE, type StreamFormat } from '#shared/pcm.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import { CERTIFICATE_VERSION, type Certificate } from './certificate.ts'

/** Faults: `bad-certificate`, `version-mismatch`. */
export function parseCertificate(text: string): Result<Certificate> {
  let raw: Record<string, unknown> | undefined
  try {
    raw = asRecord(JSON.parse(text))
  } catch {
    return fail('bad-certificate', 'The certificate is not JSON; it was changed or cut.')
  }
  const version = raw?.['certificate']
  if (typeof version !== 'number') return fail('bad-certificate', 'This is not a certificate of a recording.')
  if (version !== CERTIFICATE_VERSION)
    return fail(
      'version-mismatch',
      `The certificate is of version ${version}; this program reads version ${CERTIFICATE_VERSION}. Use a newer Farfield.`,
    )
  const odd = oddField(raw!)
  return odd === undefined
    ? ok(raw as unknown as Certificate)
    : fail('bad-certificate', `The certificate was changed or is damaged: its field ${odd} makes no sense.`)
}

function oddField(raw: Record<string, unknown>): string | undefined {
  const { format, channels, rate } = asRecord(raw['format']) ?? {}
  if (!isSampleFormat(format)) return 'format.format'
  if (!isWhole(channels) || channels < 1 || channels > MAX_CHANNELS) return 'format.channels'
  if (!isWhole(rate) || rate < MIN_RATE || rate > MAX_RATE) return 'format.rate'
  const audio = asRecord(raw['audio']) ?? {}
  const { frames, bytes, sha256, pieceSeconds, crc32 } = audio
  if (!isWhole(frames)) return 'audio.frames'
  const shape: StreamFormat = { format, channels, rate }
  if (bytes !== frames * frameBytes(shape)) return 'audio.bytes'
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) return 'audio.sha256'
  if (!isWhole(pieceSeconds) || pieceSeconds < 1) return 'audio.pieceSeconds'
  const pieces = Math.ceil(frames / (pieceSeconds * rate))
  if (typeof crc32 !== 'string' || !/^[0-9a-f]*$/.test(crc32) || crc32.length !== 8 * pieces) return 'audio.crc32'
  const verdict = asRecord(raw['verdict'])
  if (typeof verdict?.['sentence'] !== 'string' || typeof verdict['whole'] !== 'boolean') return 'verdict'
  return undefined
}

function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

function asRecord(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined
}
