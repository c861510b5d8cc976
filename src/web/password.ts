/** The password of the browser host: scrypt (RFC 7914), salted; only the hash is ever stored. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { fail, ok, type Result } from '#shared/result.ts'

/** As it lies in the settings; `salt` and `hash` are base64. */
export interface StoredPassword {
  readonly salt: string
  readonly hash: string
  readonly N: number
  readonly r: number
  readonly p: number
}

export const MIN_PASSWORD = 10
export const MAX_PASSWORD = 256

/** 32 MB and about 0.1 s a guess. */
const COST = { N: 1 << 15, r: 8, p: 1 }
const HASH_BYTES = 32
const SALT_BYTES = 16
/** Bounds what a damaged settings file can make us allocate. */
const MAX_MEMORY = 256 << 20

/** Gives the password back, or `bad-argument` with a sentence. */
export function checkPassword(text: string): Result<string> {
  const { length } = text
  if (length < MIN_PASSWORD)
    return fail(
      'bad-argument',
      `The password needs at least ${MIN_PASSWORD} characters; this one has ${length}. A few words in a row are easy to remember.`,
    )
  if (length > MAX_PASSWORD)
    return fail('bad-argument', `The password may have up to ${MAX_PASSWORD} characters; this one has ${length}.`)
  return ok(text)
}

/** Throws for a text that `checkPassword` refuses. */
export async function hashPassword(text: string): Promise<StoredPassword> {
  const checked = checkPassword(text)
  if (!checked.ok) throw new Error(checked.fault.message)
  const salt = randomBytes(SALT_BYTES)
  const hash = await derive(text, salt, COST)
  return { salt: salt.toString('base64'), hash: hash.toString('base64'), ...COST }
}

export async function verifyPassword(text: string, stored: StoredPassword): Promise<boolean> {
  if (text.length > MAX_PASSWORD) return false
  const hash = await derive(text, Buffer.from(stored.salt, 'base64'), stored)
  return timingSafeEqual(hash, Buffer.from(stored.hash, 'base64'))
}

/** True for what `verifyPassword` can take: a settings file is input like any other. */
export function isStoredPassword(value: unknown): value is StoredPassword {
  if (typeof value !== 'object' || value === null) return false
  const { salt, hash, N, r, p } = value as Record<string, unknown>
  if (!isWhole(N, 1 << 14, 1 << 20) || (N & (N - 1)) !== 0 || !isWhole(r, 1, 32) || !isWhole(p, 1, 16)) return false
  if (128 * N * r > MAX_MEMORY) return false
  return isBase64(salt, SALT_BYTES, 64) && isBase64(hash, HASH_BYTES, HASH_BYTES)
}

/** One text, one byte sequence, whichever keyboard composed its accents. */
function derive(text: string, salt: Buffer, { N, r, p }: { N: number; r: number; p: number }): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const maxmem = 128 * N * r + 128 * r * p + (1 << 20)
    scrypt(text.normalize('NFKC'), salt, HASH_BYTES, { N, r, p, maxmem }, (error, key) => {
      if (error) reject(error)
      else resolve(key)
    })
  })
}

function isWhole(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
}

function isBase64(value: unknown, least: number, most: number): boolean {
  if (typeof value !== 'string' || !/^[A-Za-z0-9+/]+={0,2}$/.test(value)) return false
  const { length } = Buffer.from(value, 'base64')
  return length >= least && length <= most
}
