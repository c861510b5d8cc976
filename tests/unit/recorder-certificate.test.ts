import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { certify, type Ledger } from '#engine/recorder/certificate.ts'
import { parseCertificate } from '#engine/recorder/certificate-parse.ts'
import { bext, BEXT_BYTES, reference, referenceOf, utcText } from '#engine/recorder/wav/bext.ts'
import { RunningChecksum } from '#engine/recorder/wav/checksum.ts'
import { bextOf, finalHeader, wavHeader } from '#engine/recorder/wav/header.ts'
import type { StreamFormat } from '#shared/pcm.ts'
import { noiseBytes } from '../support/node-sound.ts'

const FORMAT: StreamFormat = { format: 's16', channels: 2, rate: 48_000 }
const FIRST = 2n ** 53n + 1n
const AUDIO = { name: 'attic.wav', frames: 480_000, bytes: 1_920_000, sha256: 'a'.repeat(64), crc32: '0'.repeat(8) }

function ledger(more: Partial<Ledger> = {}): Ledger {
  return {
    take: { id: 'take', group: 'group', part: 1, resumed: 0 },
    node: { name: 'attic', address: 'tcp://127.0.0.1:5555' },
    program: 'farfield 0.1.0',
    format: FORMAT,
    stream: 0xabcn,
    first: FIRST,
    end: FIRST + 480_000n,
    utcNs: 1_772_370_309_123_456_789n,
    lost: [],
    repairs: [],
    markers: [],
    ...more,
  }
}

describe('a certificate', () => {
  test('of a whole recording says so', () => {
    const { verdict, frames, origin } = certify(ledger(), AUDIO)
    expect(verdict).toEqual({ whole: true, sentence: 'Complete: 0:10.000, 480000 frames, nothing is missing.' })
    expect(frames).toEqual({ expected: 480_000, written: 480_000, missing: 0 })
    // Exact where a double is not.
    expect(origin).toEqual({
      utc: '2026-03-01T13:05:09.123456789Z',
      stream: '0000000000000abc',
      position: '9007199254740993',
    })
  })

  test('names what is missing, where and why, and what was repaired', () => {
    const lost = [{ from: FIRST + 48_000n, to: FIRST + 64_320n, cause: 'network' as const }]
    const repairs = [{ from: FIRST + 96_000n, to: FIRST + 120_000n, at: 0 }]
    const made = certify(ledger({ lost, repairs, markers: [{ position: FIRST + 5n, label: 'x' }] }), AUDIO)
    expect(made.verdict).toEqual({
      whole: false,
      sentence:
        'Not complete: 340 ms of 0:10.000 is missing in 1 gap (network), and is silence of the right length. 500 ms came late and is in its place.',
    })
    expect(made.gaps).toEqual([
      {
        position: `${FIRST + 48_000n}`,
        frame: 48_000,
        frames: 16_320,
        seconds: 0.34,
        cause: 'network',
        sentence: expect.stringMatching(/^340 ms at 0:01\.000 is lost and stays silent: /),
      },
    ])
    expect(made.repairs).toMatchObject([
      { frame: 96_000, frames: 24_000, seconds: 0.5, at: '1970-01-01T00:00:00.000Z' },
    ])
    expect(made.markers).toEqual([{ frame: 5, label: 'x' }])
    expect(made.frames).toEqual({ expected: 480_000, written: 463_680, missing: 16_320 })
  })

  test('says that a full disk ended it', () => {
    const made = certify(ledger({ ended: 'disk-full' }), AUDIO)
    expect(made.ended).toBe('disk-full')
    expect(made.verdict).toEqual({
      whole: true,
      sentence:
        'Complete up to its early end: 0:10.000, 480000 frames, nothing is missing. The recording ended early: the disk was full.',
    })
    const cut = certify(ledger({ ended: 'disk-full' }), { ...AUDIO, frames: 470_000 }).verdict
    expect(cut).toMatchObject({ whole: false, sentence: expect.stringMatching(/ended early: the disk was full\.$/) })
    expect(certify(ledger(), AUDIO).ended).toBeNull()
  })

  test('tells of one gap where one is, in however many pieces it was lost', () => {
    const piece = (from: number, to: number, cause: 'network' | 'ring') => ({
      from: FIRST + BigInt(from),
      to: FIRST + BigInt(to),
      cause,
    })
    const lost = [piece(10, 20, 'network'), piece(20, 25, 'network'), piece(25, 30, 'ring'), piece(31, 32, 'ring')]
    expect(certify(ledger({ lost }), AUDIO).gaps).toMatchObject([
      { frame: 10, frames: 15, cause: 'network' },
      { frame: 25, frames: 5, cause: 'ring' },
      { frame: 31, frames: 1, cause: 'ring' },
    ])
  })

  test('counts what the file does not reach as missing', () => {
    const made = certify(ledger(), { ...AUDIO, frames: 470_000 })
    expect(made.gaps).toMatchObject([{ frame: 470_000, frames: 10_000, cause: 'disk' }])
    expect(made.verdict.whole).toBe(false)
  })

  test('is read as it was written, and a changed one is told which field makes no sense', () => {
    const made = certify(ledger(), AUDIO)
    const text = JSON.stringify(made)
    expect(parseCertificate(text)).toEqual({ ok: true, value: made })
    const bent: [object, string][] = [
      [{ audio: { ...made.audio, sha256: 'x' } }, 'audio.sha256'],
      [{ audio: { ...made.audio, frames: -1 } }, 'audio.frames'],
      [{ audio: { ...made.audio, bytes: 7 } }, 'audio.bytes'],
      [{ audio: { ...made.audio, crc32: '' } }, 'audio.crc32'],
      [{ audio: null }, 'audio.frames'],
      [{ format: { ...made.format, rate: 1e9 } }, 'format.rate'],
      [{ verdict: 'good' }, 'verdict'],
      [{ certificate: 2 }, 'version 2'],
    ]
    for (const [change, named] of bent) {
      const read = parseCertificate(JSON.stringify({ ...made, ...change }))
      expect(read).toMatchObject({ ok: false, fault: { message: expect.stringContaining(named) } })
    }
    for (let cut = 0; cut < text.length; cut += 7) expect(parseCertificate(text.slice(0, cut)).ok).toBe(false)
  })
})

describe('the broadcast extension', () => {
  const info = {
    node: { name: 'Dachböden 屋', id: 'n1', software: 'farfield-node 0.1.0' },
    program: 'farfield 0.1.0',
    take: 'take',
    utcNs: BigInt(new Date(2026, 2, 1, 14, 5, 9).getTime()) * 1_000_000n + 500_000_000n,
  }
  const start = { format: FORMAT, stream: 0xabcn, first: FIRST, info }

  test('has its fields where EBU Tech 3285 puts them', () => {
    const chunk = bext(start, {
      integrated: -23.456,
      range: 5,
      truePeak: -1.1,
      momentaryMax: null,
      shortTermMax: Infinity,
    })
    expect(chunk).toHaveLength(BEXT_BYTES)
    const text = (from: number, length: number): string =>
      chunk.toString('latin1', from, from + length).replaceAll('\0', '')
    expect(text(0, 256)).toMatch(/^Dachboden \? \(farfield-node 0\.1\.0\); begins 2026-/)
    expect(text(256, 32)).toBe('farfield 0.1.0')
    expect([text(320, 10), text(330, 8)]).toEqual(['2026-03-01', '14:05:09'])
    // 14:05:09.5 after midnight.
    expect(chunk.readBigUInt64LE(338)).toBe(BigInt((14 * 3600 + 5 * 60 + 9) * 48_000 + 24_000))
    expect(chunk.readUInt16LE(346)).toBe(2)
    expect([0, 2, 4, 6, 8].map((at) => chunk.readInt16LE(412 + at))).toEqual([-2346, 500, -110, 0x7fff, 0x7fff])
    expect(text(602, BEXT_BYTES - 602)).toBe(
      'A=PCM,F=48000,W=16,M=stereo,T=Dachboden ?; n1; farfield 0.1.0; calibration: none\r\n',
    )
  })

  test('names stream and position, and nothing else without more', () => {
    expect(referenceOf(bext({ format: FORMAT, stream: 2n ** 64n - 1n, first: FIRST }))).toBe(
      'ffffffffffffffff0020000000000001',
    )
    expect(reference(1n, 2n)).toHaveLength(32)
  })

  test('never makes the header longer, whatever it says', () => {
    const long = { ...info, node: { name: '屋,\r\n'.repeat(5000) }, calibration: 'x'.repeat(5000) }
    const chunk = bext({ ...start, info: long })
    expect(chunk).toHaveLength(BEXT_BYTES)
    const header = finalHeader(FORMAT, 480_000, chunk, 1000)
    expect(header).toHaveLength(wavHeader(FORMAT).length)
    expect(bextOf(header)).toEqual(chunk)
  })

  test('tells moments to the nanosecond, before 1970 too', () => {
    expect([utcText(1n), utcText(-1n)]).toEqual(['1970-01-01T00:00:00.000000001Z', '1969-12-31T23:59:59.999999999Z'])
  })
})

test('running checksums are those of the whole, in whatever steps it comes', () => {
  const sound = Buffer.from(noiseBytes(100_003))
  const pieces = Array.from({ length: Math.ceil(sound.length / 1000) }, (_, i) =>
    sound.subarray(1000 * i, 1000 * i + 1000),
  )
  const crcs = pieces.map((piece) => crc32(piece).toString(16).padStart(8, '0')).join('')
  for (const step of [1, 7, 999, 1000, 1001, 50_000, 200_000]) {
    const sum = new RunningChecksum(1000)
    for (let at = 0; at < sound.length; at += step) sum.add(sound.subarray(at, at + step))
    expect(sum.bytes).toBe(sound.length)
    expect(sum.end()).toEqual({ sha256: createHash('sha256').update(sound).digest('hex'), crc32: crcs })
  }
})
