/** What the workstation reads from strangers, beside headers, metadata and control: a value or a fault, never an exception. */
import { expect, test } from 'vitest'
import { decodeFrame, encodeFrame } from '#contract/frame.ts'
import { parseCalibration } from '#dsp/calibration-file.ts'
import { Tracker } from '#engine/tracker.ts'
import { finalHeader, wavHeader } from '#engine/recorder/wav/header.ts'
import { readWavHead } from '#shared/wav.ts'
import { decodeHeader } from '#wire/packet.ts'
import { nodeIdOfTopic, parseAddress } from '#wire/topics.ts'
import { headerBytes } from '../support/header.ts'
import { random } from '../support/signals.ts'

const next = random(20_260_302)
const below = (limit: number): number => Math.floor(next() * limit)

/** Noise of up to `most` bytes, or, more often, valid bytes that were cut, lengthened or changed in a few places. */
function* junk(count: number, most: number, valid: readonly Uint8Array[]): Generator<Uint8Array<ArrayBuffer>> {
  for (let n = 0; n < count; n++) {
    if (n % 4 === 0) {
      yield Uint8Array.from({ length: below(most) }, () => below(256))
      continue
    }
    const base = valid[below(valid.length)]!
    const bytes = new Uint8Array(n % 4 === 1 ? below(base.length + 8) : base.length)
    bytes.set(base.subarray(0, bytes.length))
    for (let changes = below(5); changes > 0 && bytes.length > 0; changes--)
      bytes[below(bytes.length)] = [0, 1, 0x7f, 0x80, 0xff, below(256)][below(6)]!
    yield bytes
  }
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')
const bytes = (words: string): Uint8Array => Buffer.from(words, 'latin1')

/** How many were taken; each of `outcome` is true for a value and false for a refusal. */
function taken(
  packets: Iterable<Uint8Array<ArrayBuffer>>,
  outcome: (packet: Uint8Array<ArrayBuffer>) => boolean,
): number {
  let count = 0
  for (const packet of packets) if (outcome(packet)) count++
  return count
}

test('300,000 frames of readings', () => {
  const node = { key: 1, flags: 1, capturedAt: 5, position: 6, missingFrames: 0 }
  const readings = [new Float32Array(7), undefined, new Float32Array(2)]
  const valid = [
    { time: 1, nodes: [] },
    {
      time: 2,
      nodes: [
        { ...node, readings },
        { ...node, key: 2, readings: [] },
      ],
    },
  ].map(encodeFrame)
  const read = taken(junk(300_000, 160, valid), (packet) => decodeFrame(packet) !== undefined)
  expect(read).toBeGreaterThan(10_000)
  expect(read).toBeLessThan(250_000)
})

test('300,000 heads of WAV files', () => {
  const formats = [
    { format: 's16', channels: 1, rate: 44_100 },
    { format: 'f32', channels: 64, rate: 384_000 },
  ] as const
  const valid = formats.flatMap((format) => [
    wavHeader(format),
    finalHeader(format, 5120),
    finalHeader(format, 2 ** 33),
  ])
  const read = taken(junk(300_000, 200, valid), (packet) => readWavHead(packet).ok)
  expect(read).toBeGreaterThan(10_000)
  expect(read).toBeLessThan(250_000)
})

test('300,000 topics and addresses', () => {
  const valid = [
    'pcm/attic/',
    'meta/a-very-long-name-of-a-node/',
    'tcp://attic.local:5555',
    '[fe80::1%eth0]:7',
    '10.0.0.1',
  ].map(bytes)
  let named = 0
  const read = taken(junk(300_000, 90, valid), (packet) => {
    if (nodeIdOfTopic(text(packet))) named++
    return parseAddress(text(packet)).ok
  })
  expect(named).toBeGreaterThan(10_000)
  expect(read).toBeGreaterThan(10_000)
})

test('100,000 calibration files', () => {
  const valid = [
    '"Sens Factor =-1.378dB, SERNO: 7023270"\n20.0\t-1.2\n1000\t0.0\n',
    '20;1,5\n30;2,5\n',
    '* comment\n1e2, -3.5, 90\n2e2, 0, 0\n',
  ].map(bytes)
  const read = taken(junk(100_000, 200, valid), (packet) => parseCalibration(text(packet)).ok)
  expect(read).toBeGreaterThan(1000)
  expect(read).toBeLessThan(90_000)
})

test('200,000 headers with changed positions leave the tracker whole and bounded', () => {
  const valid = headerBytes()
  const tracker = new Tracker()
  const read = taken(junk(200_000, 80, [valid]), (packet) => {
    const header = decodeHeader(packet, 960)
    if (header.ok) tracker.accept(header.value)
    return header.ok
  })
  expect(read).toBeGreaterThan(10_000)
  const { missingFrames, frames } = tracker.counters
  expect(Number.isFinite(missingFrames) && missingFrames >= 0).toBe(true)
  expect(frames).toBeLessThanOrEqual(read * 480)
  expect(tracker.holes.length).toBeLessThan(2000)
})
