import { describe, expect, it } from 'vitest'
import {
  decodeFrame,
  encodeFrame,
  FRAME_CALIBRATED,
  FRAME_GAP,
  FRAME_NOT_FINITE,
  mergeNode,
  mergeReading,
  type MergeRule,
  type NodeReadings,
} from '#contract/frame.ts'
import { random as randomOf } from '../support/signals.ts'

const RULES: readonly MergeRule[] = [
  { length: 2, merge: 'last' },
  { length: 3, merge: 'max' },
  { length: 1, merge: 'min' },
  { length: 2, merge: 'sum' },
]
const rules = (): readonly MergeRule[] => RULES

function nodeOf(random: () => number, key = 1): NodeReadings {
  // Whole numbers, whose sums are exact in any order.
  const reading = (): Float32Array<ArrayBuffer> => new Float32Array(8).map(() => Math.floor(random() * 100) - 50)
  return {
    key,
    flags: Math.floor(random() * 8),
    capturedAt: 1_790_000_000_000 + Math.floor(random() * 1e6),
    position: Math.floor(random() * 2 ** 52),
    missingFrames: Math.floor(random() * 1000),
    readings: [reading(), undefined, random() < 0.5 ? reading() : undefined, reading()].slice(0, 1 + random() * 4),
  }
}

const values = (node: NodeReadings): (number[] | undefined)[] =>
  Array.from({ length: 4 }, (_, m) => node.readings[m] && [...node.readings[m]])

describe('a frame', () => {
  it('comes out of its bytes as it went in', () => {
    const random = randomOf(1)
    for (let i = 0; i < 200; i++) {
      const nodes = Array.from({ length: i % 5 }, (_, key) => nodeOf(random, key))
      const bytes = encodeFrame({ time: 1_790_000_000_123.5, nodes })
      const frame = decodeFrame(bytes)!
      expect(bytes.length % 8).toBe(0)
      expect(frame.time).toBe(1_790_000_000_123.5)
      expect(frame.nodes.map((node) => ({ ...node, readings: values(node) }))).toEqual(
        nodes.map((node) => ({ ...node, readings: values(node) })),
      )
    }
  })

  it('keeps silence, odd lengths and an address in the middle of a buffer', () => {
    const reading = new Float32Array([-Infinity, 0.5, -70])
    const bytes = encodeFrame({ time: 0, nodes: [{ ...nodeOf(randomOf(2)), readings: [undefined, reading] }] })
    const pool = new Uint8Array(bytes.length + 3)
    pool.set(bytes, 3)
    const node = decodeFrame(pool.subarray(3))!.nodes[0]!
    expect(node.readings[0]).toBeUndefined()
    expect([...node.readings[1]!]).toEqual([...reading])
  })

  it('is refused, not thrown, where the bytes are damaged', () => {
    const random = randomOf(3)
    const good = encodeFrame({ time: 1, nodes: [nodeOf(random, 1), nodeOf(random, 2)] })
    for (let length = 0; length < good.length - 8; length++) expect(decodeFrame(good.slice(0, length))).toBeUndefined()
    for (let i = 0; i < 20_000; i++) {
      const bytes = good.slice(0, Math.floor(random() * (good.length + 1)))
      for (let n = 0; n < 4 && bytes.length > 0; n++)
        bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256)
      decodeFrame(bytes)
    }
  })
})

describe('merging', () => {
  it('keeps of each value what its rule says', () => {
    const older = new Float32Array([1, 2, 9, -9, 3, 4, 10, 20])
    const newer = new Float32Array([5, 6, 8, -8, 3, 7, 1, 2])
    expect([...mergeReading(RULES, older, newer)]).toEqual([5, 6, 9, -8, 3, 4, 11, 22])
    expect([...older]).toEqual([1, 2, 9, -9, 3, 4, 10, 20])
    expect([...newer]).toEqual([5, 6, 8, -8, 3, 7, 1, 2])
  })

  it('keeps what was louder than silence', () => {
    const merged = mergeReading(
      [{ length: 2, merge: 'max' }],
      new Float32Array([-20, -Infinity]),
      new Float32Array([-Infinity, -30]),
    )
    expect([...merged]).toEqual([-20, -30])
  })

  it('lets a reading of another length replace the older', () => {
    expect([...mergeReading(RULES, new Float32Array([9, 9, 9]), new Float32Array([1]))]).toEqual([1])
  })

  it('is the same however the frames were grouped', () => {
    const random = randomOf(4)
    for (let i = 0; i < 200; i++) {
      const [a, b, c] = [nodeOf(random), nodeOf(random), nodeOf(random)]
      const left = mergeNode(rules, mergeNode(rules, a, b), c)
      const right = mergeNode(rules, a, mergeNode(rules, b, c))
      expect({ ...left, readings: values(left) }).toEqual({ ...right, readings: values(right) })
      expect(left.position).toBe(c.position)
    }
  })

  it('keeps gaps of both, and the calibration as it is now', () => {
    const random = randomOf(5)
    const flags = (older: number, newer: number): number =>
      mergeNode(rules, { ...nodeOf(random), flags: older }, { ...nodeOf(random), flags: newer }).flags
    expect(flags(FRAME_GAP | FRAME_CALIBRATED, FRAME_NOT_FINITE)).toBe(FRAME_GAP | FRAME_NOT_FINITE)
    expect(flags(FRAME_NOT_FINITE, FRAME_CALIBRATED)).toBe(FRAME_NOT_FINITE | FRAME_CALIBRATED)
  })
})
