import { expect, it } from 'vitest'
import { BatchWriter, type CapturedBlock, takeBlocks } from '#engine/dsp/batch.ts'
import { ReportWriter, readReport } from '#engine/dsp/report.ts'
import { METERS } from '#meters/registry.ts'

const block = (first: number, length: number, position: number): CapturedBlock => ({
  bytes: Uint8Array.from({ length }, (_, i) => first + i),
  frames: length,
  gap: position % 5,
  position,
  capturedAt: 1e12 + position / 3,
})

/** Blocks as they are handed out, and the end of each node. */
function taken(writer: BatchWriter): [number, CapturedBlock | 'done'][] {
  const all: [number, CapturedBlock | 'done'][] = []
  takeBlocks(
    writer.batch,
    (node, { bytes, ...rest }) => all.push([node, { bytes: bytes.slice(), ...rest }]),
    (node) => all.push([node, 'done']),
  )
  return all
}

it('hands out blocks node by node, those of each as they came', () => {
  const writer = new BatchWriter()
  const told = [7, 3, 7, 9, 3, 7].map((node, i) => [node, block(i, 1 + i * 3, 2 ** 40 + i)] as const)
  for (const [node, { gap, ...rest }] of told) writer.add(node, rest, gap)
  expect(taken(writer)).toEqual([
    ...[0, 2, 5].map((i) => told[i]),
    [7, 'done'],
    ...[1, 4].map((i) => told[i]),
    [3, 'done'],
    told[3],
    [9, 'done'],
  ])
})

it('writes to a buffer that was used before, and grows it where it is too small', () => {
  const first = new BatchWriter(new ArrayBuffer(256))
  const { gap: _, ...old } = block(200, 150, 11)
  first.add(1, old, 9)
  first.add(1, old, 9)
  const { buffer } = first.batch
  expect(buffer.byteLength).toBeGreaterThanOrEqual(2 * (56 + 152))
  const again = new BatchWriter(buffer)
  const { gap, ...rest } = block(1, 90, 12)
  again.add(4, rest, gap)
  expect(taken(again)).toEqual([
    [4, block(1, 90, 12)],
    [4, 'done'],
  ])
  expect(again.batch.buffer).toBe(buffer)
  expect(taken(new BatchWriter())).toEqual([])
})

it('reports readings, and blocks of a node that is not metered', () => {
  const report = new ReportWriter(1, 2)
  report.node(12, 2)
  report.metered(5, 1.7e12 + 0.25, 2 ** 45 + 1)
  report.reading(0, 2).set([1, -Infinity])
  report.reading(METERS.length - 1, 3).set([4, 5, 6])
  report.node(2 ** 31, 200)
  report.node(13, 1)
  report.metered(0, 0, 0)
  const none = METERS.map(() => undefined)
  const last = Float32Array.of(4, 5, 6)
  const rest = { missingFrames: 0 }
  expect(readReport(report.report)).toEqual([
    {
      node: 12,
      taken: 2,
      readings: {
        ...rest,
        key: 12,
        flags: 5,
        capturedAt: 1.7e12 + 0.25,
        position: 2 ** 45 + 1,
        readings: [Float32Array.of(1, -Infinity), ...none.slice(2), last],
      },
    },
    { node: 2 ** 31, taken: 200, readings: undefined },
    { node: 13, taken: 1, readings: { ...rest, key: 13, flags: 0, capturedAt: 0, position: 0, readings: none } },
  ])
})
