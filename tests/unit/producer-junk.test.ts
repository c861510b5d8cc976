/** Whatever arrives, the readers answer with a value or a fault and never throw. */
import { uniformNoise } from '#producer/sources/tone/pink.ts'
import { parseReply, parseRequest } from '#wire/control.ts'
import { parseMeta } from '#wire/meta.ts'
import { decodeHeader, HEADER_BYTES } from '#wire/packet.ts'
import { expect, test } from 'vitest'
import { headerBytes } from '../support/header.ts'

const noise = uniformNoise(20_260_101)
const random = (below: number): number => Math.floor(((noise() / Math.sqrt(3) + 1) / 2) * below)

/** Half of them pure noise, half of them a good header with a few bytes changed, so that every check is reached. */
function packets(count: number, each: (packet: Uint8Array, samples: number) => void): void {
  const good = headerBytes()
  const packet = new Uint8Array(96)
  for (let n = 0; n < count; n++) {
    if (n % 2 === 0) {
      for (let i = 0; i < packet.length; i++) packet[i] = random(256)
      each(packet.subarray(0, random(97)), random(20_000))
    } else {
      packet.set(good)
      for (let changes = random(4); changes > 0; changes--) packet[random(HEADER_BYTES)] = random(256)
      each(packet.subarray(0, HEADER_BYTES), 960)
    }
  }
}

test('1,000,000 random packets to the header reader: 0 throws', { timeout: 60_000 }, () => {
  const outcomes = { taken: 0, refused: 0 }
  packets(1_000_000, (packet, samples) => outcomes[decodeHeader(packet, samples).ok ? 'taken' : 'refused']++)
  expect(outcomes.taken + outcomes.refused).toBe(1_000_000)
  expect(outcomes.taken).toBeGreaterThan(100_000)
  expect(outcomes.refused).toBeGreaterThan(500_000)
})

const JSON_PARTS = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ':',
  ',',
  'null',
  'true',
  '1e999',
  '-0',
  '"id"',
  '"v":1',
  '"op":"time"',
  '"t1"',
]
const FIELDS = [
  'protocol',
  'id',
  'name',
  'source',
  'stream',
  'calibration',
  'counters',
  'v',
  'op',
  't1',
  'meta',
  '__proto__',
]
const VALUES = [null, true, 0, -1, 1, 2 ** 60, 1.5, '', 'ab', 'hello', 'time', [], {}, [null], { state: 'running' }]

/** Noise, JSON-like soup, and well-formed objects of the right names with the wrong things in them. */
function texts(count: number, each: (json: string) => void): void {
  for (let n = 0; n < count; n++) {
    if (n % 3 === 0) each(String.fromCharCode(...Array.from({ length: random(40) }, () => random(0x2000))))
    else if (n % 3 === 1) each(Array.from({ length: random(20) }, () => JSON_PARTS[random(JSON_PARTS.length)]).join(''))
    else {
      const entry = (): [string, unknown] => [FIELDS[random(FIELDS.length)]!, VALUES[random(VALUES.length)]]
      each(
        JSON.stringify(
          Object.fromEntries([['v', 1], ['protocol', 1], ['id', 'a'], entry(), entry(), entry(), entry()]),
        ),
      )
    }
  }
}

test('random texts to the readers of metadata and control: 0 throws', { timeout: 60_000 }, () => {
  let read = 0
  texts(200_000, (json) => {
    for (const parsed of [parseMeta(json, 1), parseRequest(json, 1), parseReply(json, 1)])
      read += parsed.ok || parsed.fault.message.length > 0 ? 1 : 0
  })
  expect(read).toBe(600_000)
})
