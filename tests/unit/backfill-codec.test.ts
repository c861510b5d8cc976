/** Backfill on the wire: what goes comes back, and nothing that a stranger sends makes it throw. */
import {
  backfillRequest,
  encodeBackfill,
  parseBackfill,
  type BackfillReply,
  type BackfillRequest,
} from '#wire/backfill.ts'
import { parseRequest } from '#wire/control.ts'
import { parseMeta } from '#wire/meta.ts'
import { FLAG_BACKFILL, PROTOCOL_VERSION } from '#wire/packet.ts'
import { describe, expect, test } from 'vitest'
import { blockOf } from '../support/ring-blocks.ts'

/** Numbers that are the same on every run (mulberry32). */
function dice(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

function u64(random: () => number): bigint {
  const bits = BigInt(Math.floor(random() * 65))
  return BigInt.asUintN(
    Number(bits),
    (BigInt(Math.floor(random() * 2 ** 32)) << 32n) | BigInt(Math.floor(random() * 2 ** 32)),
  )
}

function back(reply: BackfillReply): ReturnType<typeof parseBackfill> {
  const [json, ...parts] = encodeBackfill(reply, PROTOCOL_VERSION)
  return parseBackfill(json as string, parts as Uint8Array[], PROTOCOL_VERSION)
}

const reply: BackfillReply = {
  id: 7,
  status: 'ok',
  stream: 5n,
  from: 100n,
  to: 1100n,
  oldest: 0n,
  end: 9600n,
  ended: false,
  blocks: [blockOf(5n, 0, 0n, 480), blockOf(5n, 1, 480n, 480), blockOf(5n, 2, 960n, 480)],
}

describe('request', () => {
  test('comes back as it went, for any stream and positions', () => {
    const random = dice(1)
    for (let i = 0; i < 2000; i++) {
      const from = u64(random) >> 1n
      const request: BackfillRequest = {
        id: Math.floor(random() * 2 ** 53),
        op: 'backfill',
        stream: u64(random),
        from,
        to: from + 1n + (u64(random) >> 2n),
        ...(random() < 0.5 ? { maxBytes: 1 + Math.floor(random() * 2 ** 40) } : {}),
      }
      const json = backfillRequest(request, PROTOCOL_VERSION)
      expect(parseRequest(json, PROTOCOL_VERSION)).toEqual({ ok: true, value: request, id: request.id })
    }
  })

  const good = { v: 1, id: 9, op: 'backfill', stream: '00000000000000ff', from: '0', to: '1' }
  test.each([
    ['no stream', { stream: undefined }],
    ['a short stream', { stream: 'ff' }],
    ['a stream with a sign', { stream: '-0000000000000ff' }],
    ['positions that are numbers', { from: 0, to: 1 }],
    ['an empty range', { to: '0' }],
    ['a range backwards', { from: '5', to: '4' }],
    ['a position beyond 64 bits', { to: `${2n ** 64n}` }],
    ['a negative position', { from: '-1' }],
    ['a hexadecimal position', { from: '0x1' }],
    ['no bytes', { maxBytes: 0 }],
    ['half a byte', { maxBytes: 0.5 }],
    ['bytes in words', { maxBytes: '10' }],
  ])('with %s is refused in words, with its id', (_, change) => {
    const read = parseRequest(JSON.stringify({ ...good, ...change }), 1)
    expect(read).toMatchObject({ ok: false, id: 9, fault: { code: 'bad-command' } })
    expect(parseRequest(JSON.stringify(good), 1)).toMatchObject({ ok: true })
  })
})

describe('answer', () => {
  test('comes back as it went, the blocks marked', () => {
    const marked = reply.blocks.map(({ header, samples }) => ({
      header: { ...header, flags: header.flags | FLAG_BACKFILL },
      samples,
    }))
    expect(back(reply)).toEqual({ ok: true, id: 7, value: { ...reply, blocks: marked } })
  })

  test('without blocks, for any positions', () => {
    const random = dice(2)
    for (let i = 0; i < 2000; i++) {
      const from = u64(random) >> 1n
      const bare: BackfillReply = {
        id: i,
        status: (['ok', 'gone', 'future', 'busy'] as const)[i % 4]!,
        stream: u64(random),
        from,
        to: from + (u64(random) >> 1n),
        ...(random() < 0.5 ? { oldest: u64(random) } : {}),
        ...(random() < 0.5 ? { end: u64(random) } : {}),
        ended: random() < 0.5,
        blocks: [],
      }
      expect(back(bare)).toEqual({ ok: true, id: i, value: bare })
    }
  })

  test.each<[string, Partial<BackfillReply>]>([
    ['of another stream', { blocks: [blockOf(6n, 0, 480n, 480)] }],
    ['before the range', { from: 480n }],
    ['behind the range', { to: 960n }],
    ['twice', { blocks: [reply.blocks[1]!, reply.blocks[1]!] }],
    ['in the wrong order', { blocks: [reply.blocks[1]!, reply.blocks[0]!] }],
    ['though it is gone', { status: 'gone' }],
  ])('is refused with a block %s', (_, change) => {
    expect(back({ ...reply, ...change })).toMatchObject({ ok: false, id: 7, fault: { code: 'bad-packet' } })
  })

  test('that is an error gives its words', () => {
    expect(parseBackfill('{"v":1,"id":3,"op":"error","message":"No\\u0000."}', [], 1)).toEqual({
      ok: false,
      id: 3,
      fault: { code: 'bad-command', message: 'No .' },
    })
  })
})

describe('junk', () => {
  /** A message with bytes changed, cut off, doubled or swapped. */
  function spoil(bytes: Uint8Array, random: () => number): Uint8Array {
    const out = Uint8Array.from(bytes)
    const what = random()
    if (what < 0.2) return out.subarray(0, Math.floor(random() * out.length))
    if (what < 0.3) return Uint8Array.from({ length: Math.floor(random() * 200) }, () => Math.floor(random() * 256))
    for (let n = 1 + Math.floor(random() * 4); n > 0 && out.length > 0; n--)
      out[Math.floor(random() * out.length)] = Math.floor(random() * 256)
    return out
  }

  test('never throws, and what is taken is sound', () => {
    const random = dice(3)
    const parts = encodeBackfill(reply, 1).map((p) => (typeof p === 'string' ? Buffer.from(p) : p))
    let taken = 0
    for (let i = 0; i < 20_000; i++) {
      const which = Math.floor(random() * (parts.length + 1))
      const sent = parts.map((part, k) => (k === which ? spoil(part, random) : part))
      if (random() < 0.1) sent.splice(Math.floor(random() * sent.length), 1)
      const read = parseBackfill(Buffer.from(sent[0] ?? []).toString(), sent.slice(1), 1)
      if (!read.ok) continue
      taken++
      for (const { header, samples } of read.value.blocks) {
        expect(header.stream).toBe(read.value.stream)
        expect(samples.byteLength).toBe(
          header.frames * header.channels * (header.format === 's16' ? 2 : header.format === 's24' ? 3 : 4),
        )
      }
    }
    expect(taken).toBeGreaterThan(1000)
    expect(taken).toBeLessThan(19_000)
  })

  test('as values of every kind in every field', () => {
    const random = dice(4)
    const values = [
      null,
      true,
      0,
      -1,
      1e308,
      0.5,
      '',
      '0',
      '9'.repeat(400),
      '-5',
      'ff',
      [],
      {},
      [[]],
      '\u0000',
      '0'.repeat(16),
    ]
    const heads = [
      JSON.parse(encodeBackfill(reply, 1)[0] as string) as Record<string, unknown>,
      JSON.parse(backfillRequest(reply, 1)) as Record<string, unknown>,
    ]
    for (const head of heads)
      for (const field of Object.keys(head))
        for (const value of values) {
          const json = JSON.stringify({ ...head, [field]: value })
          parseBackfill(json, [], 1)
          parseRequest(json, 1)
        }
    const stream = {
      id: '0'.repeat(16),
      format: 's32',
      channels: 1,
      rate: 48_000,
      from: '0',
      to: '1',
      ended: true,
      utc: '0',
    }
    const meta = { protocol: 1, id: 'a', source: { state: 'running' }, ringSeconds: 1 }
    for (let i = 0; i < 5000; i++) {
      const field = Object.keys(stream)[Math.floor(random() * 8)]!
      const value = values[Math.floor(random() * values.length)]
      const read = parseMeta(
        JSON.stringify({ ...meta, ring: { kind: 'disk', streams: [{ ...stream, [field]: value }, value] } }),
        1,
      )
      for (const held of read.ok ? (read.value.ring?.streams ?? []) : []) {
        expect(BigInt(held.from)).toBeLessThan(BigInt(held.to))
        BigInt(held.utc)
      }
      expect(parseMeta(JSON.stringify({ ...meta, ring: value }), 1)).toMatchObject({ ok: true })
    }
  })
})
