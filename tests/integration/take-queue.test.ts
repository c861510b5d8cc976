/** A disk that is too slow for a while costs nothing: what found no room in the queue is asked for again. */
import { randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { systemClock } from '#engine/clock.ts'
import type { TakeSource } from '#engine/recorder/source.ts'
import { Take } from '#engine/recorder/take.ts'
import { MAX_QUEUED_BYTES } from '#engine/recorder/writer.ts'
import type { SessionBlock } from '#engine/session-events.ts'
import { writeCount, checkCount } from '#producer/sources/tone/count.ts'
import { readWavHead } from '#shared/wav.ts'

const FORMAT = { format: 's32', channels: 2, rate: 48_000 } as const
const BLOCK = 48_000

let folder: string
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'farfield-queue-'))))
afterEach(() => rm(folder, { recursive: true, force: true }))

function block(position: number, repaired: boolean): SessionBlock {
  const samples = Buffer.alloc(BLOCK * 8)
  writeCount(samples, FORMAT, position)
  const header = { ...FORMAT, flags: 0, stream: 1n, sequence: 0n, monotonicNs: 0n, utcNs: 0n, crc: 0, frames: BLOCK }
  const kind = repaired ? 'late' : 'live'
  return { kind, filled: BLOCK, repaired, begins: false, samples, header: { ...header, firstFrame: BigInt(position) } }
}

test('more sound in one turn than the queue holds', async () => {
  const wanted: { from: bigint; to: bigint }[] = []
  const unwritten: { from: bigint; to: bigint }[] = []
  const source: TakeSource = {
    heard: () => 0n,
    live: 1n,
    clock: undefined,
    ringSeconds: 3600,
    hold: () => ({ dispose: () => undefined }),
    want: (_stream, from, to) => void wanted.push({ from, to }),
    // Everything that was asked for is under way, nothing else.
    unsettled: (_stream, from, to) => wanted.filter((w) => w.from < to && from < w.to),
    unwritten: (_stream, from, to) => void unwritten.push({ from, to }),
    positionAt: () => undefined,
    ring: () => undefined,
  }
  const choices = { preRoll: 0, split: null, namePattern: '', perNodeFolders: false }
  const node = { name: 'attic', address: 'tcp://127.0.0.1:5555' }
  const head = {
    id: randomUUID(),
    group: 'g',
    node,
    format: FORMAT,
    choices,
    stem: 'attic',
    startedAt: 0,
    ringSeconds: 3600,
  }
  const take = new Take({ head, folder, clock: systemClock, software: 'test', source: () => source })
  const fits = Math.floor(MAX_QUEUED_BYTES / (BLOCK * 8))
  const blocks = fits + 20
  for (let n = 0; n < blocks; n++) take.accept(block(n * BLOCK, false))
  expect(take.frames).toBe(blocks * BLOCK)
  expect(take.pendingFrames()).toBe(20 * BLOCK)
  // Forensics hear of what the disk was too slow for.
  expect(unwritten).toHaveLength(20)
  expect(unwritten[0]!.from).toBe(BigInt(fits * BLOCK))
  // While the queue is full nothing is asked for: it would find no room either.
  take.tick()
  expect(wanted).toEqual([])
  while (take.shelf.queuedBytes > 0) await new Promise((resolve) => setImmediate(resolve))
  take.tick()
  expect(wanted).toEqual([{ from: BigInt(fits * BLOCK), to: BigInt(blocks * BLOCK) }])
  take.tick()
  expect(wanted).toHaveLength(1)
  for (let n = fits; n < blocks; n++) take.accept(block(n * BLOCK, true))
  take.stop()
  await take.done
  expect(take.fault).toBeUndefined()
  const bytes = await readFile(join(folder, take.parts[0]!.name!))
  const wav = readWavHead(bytes)
  if (!wav.ok) throw new Error(wav.fault.message)
  expect(wav.value.dataBytes).toBe(blocks * BLOCK * 8)
  const samples = bytes.subarray(wav.value.dataOffset, wav.value.dataOffset + wav.value.dataBytes!)
  expect(checkCount(samples, FORMAT, 0n)).toEqual({ wrong: 0 })
})
