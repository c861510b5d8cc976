import { describe, expect, test } from 'vitest'
import { numbered, safeName, takeName } from '#engine/recorder/names.ts'
import { finalHeader, wavHeader } from '#engine/recorder/wav/header.ts'
import { frameBytes, SAMPLE_FORMATS, type StreamFormat } from '#shared/pcm.ts'
import { readWavHead } from '#shared/wav.ts'

describe('file names', () => {
  test.each([
    ['attic', 'attic'],
    ['Werkstatt 2.Stock', 'Werkstatt 2.Stock'],
    ['../../etc/passwd', '_.._etc_passwd'],
    ['..', 'node_'],
    ['', 'node_'],
    ['   ', 'node_'],
    ['.hidden', 'hidden'],
    ['a/b\\c:d*e?f"g<h>i|j', 'a_b_c_d_e_f_g_h_i_j'],
    ['line\nbreak\u0000\u001b[31m', 'line_break_31m'],
    ['CON', 'node_CON'],
    ['aux.attic', 'node_aux.attic'],
    ['Console', 'Console'],
    ['🎤', '_'],
    ['e\u0301tage', 'étage'],
    ['ห้องใต้หลังคา', 'ห้องใต้หลังคา'],
  ])('%j becomes %j', (name, safe) => {
    expect(safeName(name)).toBe(safe)
  })

  test.each(['x', 'é', '屋', '𠮷'])('a name of 10,000 %s fits a file system, cut between characters', (character) => {
    const name = `${takeName(character.repeat(10_000), new Date(2026, 2, 1, 14, 5, 9))}_part12_345.wav.part`
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255)
    expect(Buffer.from(name).toString()).toBe(name)
    expect(name).toMatch(new RegExp(`^${character}{30,}_2026-03-01_14-05-09_part`, 'u'))
  })

  test('numbers begin with 2', () => {
    expect([1, 2, 11].map((n) => numbered('attic', n))).toEqual(['attic.wav', 'attic_2.wav', 'attic_11.wav'])
  })
})

const FORMATS: StreamFormat[] = SAMPLE_FORMATS.flatMap((format) =>
  [1, 2, 6, 64].map((channels) => ({ format, channels, rate: 48_000 })),
)

describe('header', () => {
  test.each(FORMATS)('of $channels channels of $format says what it is', (format) => {
    const bytes = frameBytes(format) * 1000
    const head = readWavHead(finalHeader(format, bytes))
    expect(head).toEqual({ ok: true, value: { format, dataOffset: wavHeader(format).length, dataBytes: bytes } })
    // The sizes of a file that still grows are not known.
    expect(readWavHead(wavHeader(format))).toMatchObject({ ok: true, value: { format, dataBytes: undefined } })
  })

  test('stays RIFF to the last frame that fits, and is RF64 from the next one on', () => {
    const format = { format: 's32', channels: 2, rate: 48_000 } as const
    const head = wavHeader(format).length
    const most = Math.floor((0xffffffff - 1 - (head - 8)) / 8) * 8
    const riff = finalHeader(format, most)
    expect(riff.toString('latin1', 0, 4)).toBe('RIFF')
    expect(riff.toString('latin1', 12, 16)).toBe('JUNK')
    expect(riff.readUInt32LE(4)).toBe(most + head - 8)
    expect(riff.readUInt32LE(head - 4)).toBe(most)
    const rf64 = finalHeader(format, most + 8)
    expect(rf64).toHaveLength(head)
    expect(rf64.toString('latin1', 0, 4)).toBe('RF64')
    expect(rf64.toString('latin1', 12, 16)).toBe('ds64')
    expect([rf64.readUInt32LE(4), rf64.readUInt32LE(head - 4)]).toEqual([0xffffffff, 0xffffffff])
    expect(rf64.readBigUInt64LE(20)).toBe(BigInt(most + 8 + head - 8))
    expect(readWavHead(rf64)).toMatchObject({ ok: true, value: { dataBytes: most + 8 } })
  })

  test.each([5 * 2 ** 30, 2 ** 45])('of %i bytes counts its frames', (bytes) => {
    const format = { format: 's24', channels: 1, rate: 48_000 } as const
    const dataBytes = bytes - (bytes % 3)
    const header = finalHeader(format, dataBytes)
    expect(header.readBigUInt64LE(28)).toBe(BigInt(dataBytes))
    expect(header.readBigUInt64LE(36)).toBe(BigInt(dataBytes / 3))
    // The pad byte after an odd length belongs to RIFF.
    expect(header.readBigUInt64LE(20)).toBe(BigInt(header.length - 8 + dataBytes + (dataBytes % 2)))
  })
})
