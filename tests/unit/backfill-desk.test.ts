/** Who is answered when, of those who ask a node for sound once more. */
import { BackfillDesk } from '#producer/backfill.ts'
import { MemoryRing } from '#producer/ring/memory.ts'
import type { BackfillRequest } from '#wire/backfill.ts'
import { expect, test, vi } from 'vitest'
import { blockOf } from '../support/ring-blocks.ts'

type Parts = (string | Uint8Array)[]

/** A desk whose answers go out one by one, when the test lets them. */
function desk(): { desk: BackfillDesk; sent: string[]; release: () => void } {
  const ring = new MemoryRing({ seconds: 10, bytes: 1e9 })
  for (let i = 0; i < 10; i++) ring.push(blockOf(1n, i, BigInt(i * 480), 480))
  const sent: string[] = []
  const gates: (() => void)[] = []
  const send = (parts: Parts): Promise<boolean> => {
    const { id, status } = JSON.parse(parts[1] as string) as { id: number; status: string }
    sent.push(`${Buffer.from(parts[0] as Uint8Array).toString()}${id} ${status} ${(parts.length - 2) / 2}`)
    return new Promise((resolve) => gates.push(() => resolve(true)))
  }
  return { desk: new BackfillDesk(ring, send), sent, release: () => gates.shift()?.() }
}

const request = (id: number): BackfillRequest => ({ id, op: 'backfill', stream: 1n, from: 0n, to: 960n })

test('answers one at a time, each asker in turn', async () => {
  const { desk: open, sent, release } = desk()
  const ask = (who: string, id: number): Parts | undefined => open.take([Buffer.from(who)], request(id))
  for (let id = 1; id <= 4; id++) expect(ask('A', id)).toBeUndefined()
  expect(ask('B', 1)).toBeUndefined()
  expect(ask('C', 1)).toBeUndefined()
  for (const [i, who] of ['A1', 'A2', 'B1', 'C1', 'A3', 'A4'].entries()) {
    await vi.waitFor(() => expect(sent).toHaveLength(i + 1))
    expect(sent[i]).toBe(`${who} ok 2`)
    release()
  }
  await vi.waitFor(() => expect(open.counters.backfillBlocks).toBe(12))
  expect(open.counters).toMatchObject({ backfillRequests: 6, backfillBusy: 0, backfillBytes: 12 * 480 * 4 })
})

test('lets so many wait and no more, and says so', async () => {
  const { desk: open, sent, release } = desk()
  const ask = (who: string, id: number): Parts | undefined => open.take([Buffer.from(who)], request(id))
  ask('A', 0)
  await vi.waitFor(() => expect(sent).toHaveLength(1))
  for (let id = 1; id <= 4; id++) expect(ask('A', id)).toBeUndefined()
  const busy = JSON.parse(ask('A', 5)![0] as string) as object
  expect(busy).toMatchObject({ id: 5, op: 'backfill', status: 'busy', from: '0', to: '960' })
  for (let i = 0; i < 15; i++) expect(ask(`B${i}`, 1)).toBeUndefined()
  expect(ask('C', 1)).toHaveLength(1)
  expect(open.counters).toMatchObject({ backfillRequests: 22, backfillBusy: 2 })
  open.close()
  release()
  expect(ask('D', 1)).toBeUndefined()
  expect(sent).toHaveLength(1)
})
