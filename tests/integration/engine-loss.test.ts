import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { startNode } from '#producer/node.ts'
import { writeCount } from '#producer/sources/tone/count.ts'
import { readWavHead } from '#shared/wav.ts'
import { Closing } from '../support/closing.ts'
import { startLossProxy, type Mischief } from '../support/loss-proxy.ts'
import { freePorts, openStation, until, type TestStation } from '../support/station.ts'

const closing = new Closing()
afterEach(() => closing.close())

/** 10 ms at 48 kHz. */
const BLOCK = 480

/** A counting node behind a proxy; `mischief` begins when `arm` is called. */
async function mistreated(mischief: Mischief): Promise<{ t: TestStation; key: number; arm: () => void }> {
  const nodePort = await freePorts()
  const node = await startNode({
    source: 'tone:count',
    endpoint: `tcp://127.0.0.1:${nodePort}`,
    id: 'counter',
    format: 's32',
  })
  if (!node.ok) throw new Error(node.fault.message)
  closing.defer(() => node.value.stop())
  const port = await freePorts()
  let armed = false
  const proxy = await startLossProxy(nodePort, port, (sequence, packet) =>
    armed ? mischief(sequence, packet) : [packet],
  )
  closing.defer(() => proxy.close())
  const t = await openStation()
  closing.defer(() => t.close())
  return { t, key: await t.connect(`127.0.0.1:${port}`), arm: () => void (armed = true) }
}

/** Records until `frames` frames are in the take, and reads the samples of its one file. */
async function recordFrames(
  t: TestStation,
  key: number,
  seconds: number,
  arm: () => void,
): Promise<{ take: string; samples: Buffer }> {
  const started = await t.screen.call('record.start', { nodes: [key], seconds })
  if (!started.ok) throw new Error(started.fault.message)
  const take = started.value.takes[0]!
  await until(t.screen, () => t.take(take).frames > 0)
  arm()
  await until(t.screen, () => t.take(take).state !== 'recording')
  // The proxy forwards no requests, so what it swallowed cannot be asked for again.
  await t.screen.call('record.finish', { takes: [take] })
  const view = t.take(take)
  expect(view.state).toBe('finished')
  expect(view.files).toHaveLength(1)
  const file = await readFile(join(view.folder, view.files[0]!))
  const head = readWavHead(file)
  if (!head.ok) throw new Error(head.fault.message)
  return { take, samples: file.subarray(head.value.dataOffset, head.value.dataOffset + head.value.dataBytes!) }
}

/** The counting signal from the file's own first frame on, with the given frames silent. */
function expected(samples: Buffer, silent: (frame: number) => boolean): Buffer {
  const format = { format: 's32', channels: 2, rate: 48_000 } as const
  const out = Buffer.alloc(samples.length)
  const first = samples.readUInt32LE(0)
  writeCount(out, format, first)
  for (let frame = 0; frame < out.length / 8; frame++) if (silent(first + frame)) out.fill(0, frame * 8, frame * 8 + 8)
  return out
}

test('dropped blocks are exactly the gaps and frames that were dropped, and silence in the file', async () => {
  const dropped: bigint[] = []
  const { t, key, arm } = await mistreated((sequence, packet) => {
    // Single blocks, and a run of three.
    if (dropped.length >= 8 || !(sequence % 20n === 0n || sequence % 33n < 3n)) return [packet]
    dropped.push(sequence)
    return []
  })
  const { take, samples } = await recordFrames(t, key, 3, arm)
  const runs = dropped.filter((s) => !dropped.includes(s - 1n)).length
  expect(dropped).toHaveLength(8)
  expect(t.take(take)).toMatchObject({ frames: 144_000, gaps: runs, missingFrames: 8 * BLOCK })
  await until(t.screen, () => t.node(key).link.missingFrames > 0)
  expect(t.node(key).link).toMatchObject({ gaps: runs, missingFrames: 8 * BLOCK, duplicates: 0, late: 0, refused: 0 })
  const lost = (frame: number): boolean => dropped.includes(BigInt(Math.floor(frame / BLOCK)))
  expect(samples.equals(expected(samples, lost))).toBe(true)
})

test('doubled blocks are counted and change nothing', async () => {
  let doubled = 0
  const { t, key, arm } = await mistreated((sequence, packet) => {
    if (sequence % 10n !== 0n || doubled >= 7) return [packet]
    doubled++
    return [packet, packet]
  })
  const { take, samples } = await recordFrames(t, key, 1.5, arm)
  expect(t.take(take)).toMatchObject({ frames: 72_000, gaps: 0, missingFrames: 0 })
  expect(doubled).toBe(7)
  expect(t.node(key).link).toMatchObject({ gaps: 0, missingFrames: 0, duplicates: 7, late: 0, refused: 0 })
  expect(samples.equals(expected(samples, () => false))).toBe(true)
})

test('reordered blocks end up in their place', async () => {
  let held: Buffer[] | undefined
  let swapped = 0
  const { t, key, arm } = await mistreated((sequence, packet) => {
    if (held) {
      const late = held
      held = undefined
      return [packet, late]
    }
    if (sequence % 15n !== 0n || swapped >= 6) return [packet]
    swapped++
    held = packet
    return []
  })
  const { take, samples } = await recordFrames(t, key, 1.5, arm)
  expect(swapped).toBe(6)
  expect(t.take(take)).toMatchObject({ frames: 72_000, gaps: 6, missingFrames: 0 })
  expect(t.node(key).link).toMatchObject({ gaps: 6, missingFrames: 0, duplicates: 0, late: 6, refused: 0 })
  expect(samples.equals(expected(samples, () => false))).toBe(true)
})

test('a damaged block is refused, counted and missing', async () => {
  let damaged = 0
  const { t, key, arm } = await mistreated((sequence, packet) => {
    if (sequence % 25n !== 0n || damaged >= 2) return [packet]
    damaged++
    const samples = Buffer.from(packet[2]!)
    samples[100]! ^= 1
    return [[packet[0]!, packet[1]!, samples]]
  })
  const { take } = await recordFrames(t, key, 1, arm)
  expect(damaged).toBe(2)
  expect(t.take(take)).toMatchObject({ gaps: 2, missingFrames: 2 * BLOCK })
  expect(t.node(key).link).toMatchObject({ gaps: 2, refused: 2 })
})
