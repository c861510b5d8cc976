import { SAMPLE_FORMATS } from '#shared/pcm.ts'
import { encodeReply, parseReply, parseRequest, type ControlReply } from '#wire/control.ts'
import { parseMeta, streamIdText, type NodeMeta } from '#wire/meta.ts'
import { decodeHeader, encodeHeader, HEADER_BYTES, PROTOCOL_VERSION, type BlockHeader } from '#wire/packet.ts'
import { isNodeId, metaTopic, nodeIdOfTopic, parseAddress, pcmTopic } from '#wire/topics.ts'
import { describe, expect, test } from 'vitest'

const header: BlockHeader = {
  format: 's24',
  channels: 3,
  rate: 96_000,
  flags: 3,
  stream: 0xfedcba9876543210n,
  sequence: 2n ** 53n + 1n,
  firstFrame: 2n ** 60n + 7n,
  monotonicNs: 2n ** 63n + 5n,
  utcNs: -1n,
  frames: 960,
  crc: 0xdeadbeef,
}
const BYTES = 960 * 9

function encoded(change: Partial<BlockHeader> = {}): Uint8Array {
  const out = new Uint8Array(HEADER_BYTES)
  encodeHeader({ ...header, ...change }, out)
  return out
}

describe('header', () => {
  test.each(SAMPLE_FORMATS)('comes back as it went, %s', (format) => {
    const bytes = 960 * 3 * { s16: 2, s24: 3, s32: 4, f32: 4 }[format]
    expect(decodeHeader(encoded({ format }), bytes)).toEqual({ ok: true, value: { ...header, format } })
  })

  test('has the bytes of the field table', () => {
    const out = Buffer.from(encoded())
    expect(out.subarray(0, 4).toString('latin1')).toBe('FFLD')
    expect([...out.subarray(4, 8)]).toEqual([1, 1, 2, 3])
    expect([out.readUInt16LE(8), out.readUInt16LE(10), out.readUInt32LE(12)]).toEqual([3, 64, 96_000])
    expect(out.readBigUInt64LE(16)).toBe(header.stream)
    expect(out.readBigUInt64LE(24)).toBe(header.sequence)
    expect(out.readBigUInt64LE(32)).toBe(header.firstFrame)
    expect(out.readBigUInt64LE(40)).toBe(header.monotonicNs)
    expect(out.readBigInt64LE(48)).toBe(-1n)
    expect([out.readUInt32LE(56), out.readUInt32LE(60)]).toEqual([960, 0xdeadbeef])
  })

  test.each([
    ['a foreign beginning', 0, [0x50], BYTES, 'bad-packet'],
    ['another version', 4, [2], BYTES, 'version-mismatch'],
    ['an unknown kind', 5, [9], BYTES, 'bad-packet'],
    ['an unknown format', 6, [0], BYTES, 'bad-packet'],
    ['no channels', 8, [0, 0], BYTES, 'bad-packet'],
    ['65 channels', 8, [65, 0], BYTES, 'bad-packet'],
    ['another header length', 10, [65, 0], BYTES, 'bad-packet'],
    ['a rate of 0', 12, [0, 0, 0, 0], BYTES, 'bad-packet'],
    ['no frames', 56, [0, 0, 0, 0], 0, 'bad-packet'],
    ['a length that contradicts it', 56, [193], BYTES, 'bad-packet'],
    ['4 billion frames', 56, [255, 255, 255, 255], (2 ** 32 - 1) * 9, 'bad-packet'],
  ])('refuses %s', (_, at, bytes, samples, code) => {
    const changed = encoded()
    changed.set(bytes, at)
    expect(decodeHeader(changed, samples)).toMatchObject({ ok: false, fault: { code } })
  })

  test('refuses a short one', () => {
    expect(decodeHeader(encoded().subarray(0, 63), BYTES)).toMatchObject({ ok: false, fault: { code: 'bad-packet' } })
  })
})

const meta: NodeMeta = {
  protocol: PROTOCOL_VERSION,
  id: 'attic-1',
  name: 'Attic',
  software: 'farfield-node 0.1.0',
  source: { kind: 'alsa', label: 'hw:1', simulated: false, state: 'lost', message: 'It went away.' },
  stream: { id: streamIdText(255n), format: 's32', channels: 2, rate: 48_000, blockFrames: 480 },
  calibration: { file: 'mic.txt', text: '20 1\n30 2\n', serial: '7023270' },
  ringSeconds: 120,
  ring: {
    kind: 'disk',
    streams: [
      {
        id: streamIdText(255n),
        format: 's32',
        channels: 2,
        rate: 48_000,
        from: `${2n ** 53n + 1n}`,
        to: `${2n ** 60n}`,
        ended: false,
        utc: '-5',
      },
    ],
    message: 'The disk is full.',
  },
  counters: {
    blocks: 1,
    overruns: 2,
    overrunFrames: 3,
    reopened: 4,
    subscribers: 8,
    requestsRefused: 15,
    answersDropped: 16,
    backfillRequests: 9,
    backfillBusy: 10,
    backfillBlocks: 11,
    backfillBytes: 12,
    spoolDropped: 13,
    spoolErrors: 14,
    uptimeSeconds: 5,
    cpuPercent: 1.5,
    memoryBytes: 7,
  },
}

describe('metadata', () => {
  const parse = (change: object): ReturnType<typeof parseMeta> =>
    parseMeta(JSON.stringify({ ...meta, ...change }), PROTOCOL_VERSION)

  test('comes back as it went', () => {
    expect(parse({})).toEqual({ ok: true, value: meta })
    expect(meta.stream!.id).toBe('00000000000000ff')
  })

  test('ignores unknown fields and survives nonsense in the counters', () => {
    expect(parse({ more: 1, counters: { blocks: -1, overruns: 'many' } })).toMatchObject({
      ok: true,
      value: { counters: { blocks: 0, overruns: 0, memoryBytes: 0 } },
    })
  })

  test('takes control characters and overrides of direction out of names', () => {
    const parsed = parse({ name: `A\u0000B\u202eC${'x'.repeat(200)}` })
    expect(parsed.ok && parsed.value.name).toBe(`A B C${'x'.repeat(95)}`)
  })

  test.each([
    ['another protocol', { protocol: 2 }, 'version-mismatch'],
    ['no protocol', { protocol: null }, 'bad-metadata'],
    ['a bad id', { id: '../etc' }, 'bad-metadata'],
    ['no source', { source: 3 }, 'bad-metadata'],
    ['an unknown state', { source: { ...meta.source, state: 'happy' } }, 'bad-metadata'],
    ['a bad stream id', { stream: { ...meta.stream, id: 'xyz' } }, 'bad-metadata'],
    ['a bad rate', { stream: { ...meta.stream, rate: 1e9 } }, 'bad-metadata'],
    ['half a channel', { stream: { ...meta.stream, channels: 1.5 } }, 'bad-metadata'],
  ])('refuses %s', (_, change, code) => {
    expect(parse(change)).toMatchObject({ ok: false, fault: { code } })
  })
})

describe('control', () => {
  test('reads the requests of the page', () => {
    expect(parseRequest('{"v":1,"id":7,"op":"hello"}', 1)).toEqual({ ok: true, value: { id: 7, op: 'hello' } })
    expect(parseRequest('{"v":1,"id":8,"op":"time","t1":"12"}', 1)).toMatchObject({ ok: true, value: { t1: '12' } })
  })

  test.each([
    ['no JSON', 'hello', undefined],
    ['a list', '[]', undefined],
    ['no id', '{"v":1,"op":"hello"}', undefined],
    ['another version', '{"v":2,"id":3,"op":"hello"}', 3],
    ['an unknown operation', '{"v":1,"id":4,"op":"format-disk"}', 4],
    ['a time that is a number', '{"v":1,"id":5,"op":"time","t1":12}', 5],
    ['a negative time', '{"v":1,"id":6,"op":"time","t1":"-12"}', 6],
  ])('refuses %s and says to which request', (_, json, id) => {
    const read = parseRequest(json, 1)
    expect(read.ok).toBe(false)
    expect(read.id).toBe(id)
  })

  test.each<ControlReply>([
    { id: 1, op: 'hello', meta },
    { id: 2, op: 'time', time: { t1: 1n, t2: 2n ** 63n, t3: 3n, utc: 1_700_000_000_000_000_001n } },
    { id: 3, op: 'error', message: 'No.' },
  ])('answers come back as they went: $op', (reply) => {
    expect(parseReply(encodeReply(reply, 1), 1)).toEqual({ ok: true, value: reply })
  })
})

describe('addresses and topics', () => {
  test.each([
    ['pi.local', 'tcp://pi.local:5555', 'tcp://pi.local:5556'],
    // One place, one address: nobody adds a node twice.
    ['localhost', 'tcp://127.0.0.1:5555', 'tcp://127.0.0.1:5556'],
    ['192.0.2.7:6000', 'tcp://192.0.2.7:6000', 'tcp://192.0.2.7:6001'],
    ['tcp://[fe80::1]:5555', 'tcp://[fe80::1]:5555', 'tcp://[fe80::1]:5556'],
    [' inproc://demo ', 'inproc://demo', 'inproc://demo-control'],
  ])('%s', (typed, pub, control) => {
    expect(parseAddress(typed)).toEqual({ ok: true, value: { pub, control } })
  })

  test.each(['', 'http://pi', 'pi:0', 'pi:65535', '1.2.3', '1.2.3.256', 'a b', '---', 'ipc:///tmp/x'])(
    'refuses "%s"',
    (typed) => {
      expect(parseAddress(typed)).toMatchObject({ ok: false, fault: { code: 'bad-address' } })
    },
  )

  test('topics name their node and nothing else', () => {
    expect(nodeIdOfTopic(pcmTopic('ab'))).toEqual({ kind: 'pcm', nodeId: 'ab' })
    expect(nodeIdOfTopic(metaTopic('ab'))).toEqual({ kind: 'meta', nodeId: 'ab' })
    for (const topic of ['', 'pcm/', 'pcm/ab', 'pcm/a/b/', 'pcm/AB/', 'log/ab/'])
      expect(nodeIdOfTopic(topic)).toBeUndefined()
    for (const id of ['', '-a', 'A', 'a'.repeat(64), 'a.b', 3]) expect(isNodeId(id)).toBe(false)
  })
})
