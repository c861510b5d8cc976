import { afterEach, expect, it } from 'vitest'
import { FRAME_GAP, type NodeReadings } from '#contract/frame.ts'
import { Lane } from '#engine/dsp/lane.ts'

const FRAMES = 480
/** Two seconds of 10 ms blocks. */
const MOST_WAITING = 200

let lane: Lane | undefined

afterEach(async () => {
  lane?.order({ t: 'stop' })
  await lane?.ended
})

it('lets 200 blocks of a node wait, drops and counts what is more, and tells the meters of the gap', async () => {
  const heard: NodeReadings[] = []
  let next: (() => void) | undefined
  lane = new Lane(
    new URL('../../src/engine/dsp/worker.ts', import.meta.url),
    (news) => {
      if (news.t !== 'readings') return
      heard.push(...news.nodes)
      next?.()
    },
    (error) => {
      throw error
    },
  )
  const block = (node: number, i: number): boolean =>
    lane!.block(node, {
      bytes: new Uint8Array(2 * FRAMES),
      frames: FRAMES,
      gap: 0,
      position: (i + 1) * FRAMES,
      capturedAt: i * 10,
    })
  for (const node of [1, 2]) {
    lane.enter(node)
    lane.order({ t: 'open', node, format: { format: 's16', channels: 1, rate: 48_000 } })
  }
  // Within one turn the worker cannot have taken any.
  const taken = Array.from({ length: MOST_WAITING + 50 }, (_, i) => block(1, i))
  expect(block(2, 0)).toBe(true)
  expect(taken.lastIndexOf(true)).toBe(MOST_WAITING - 1)
  expect(taken.indexOf(false)).toBe(MOST_WAITING)
  expect([lane.dropped(1), lane.dropped(2)]).toEqual([50, 0])

  const until = async (position: number): Promise<NodeReadings> => {
    for (;;) {
      const found = heard.find((one) => one.key === 1 && one.position === position)
      if (found) return found
      await new Promise<void>((resolve) => (next = resolve))
    }
  }
  expect((await until(MOST_WAITING * FRAMES)).flags & FRAME_GAP).toBe(0)
  expect(block(1, MOST_WAITING + 50)).toBe(true)
  expect((await until((MOST_WAITING + 51) * FRAMES)).flags & FRAME_GAP).toBe(FRAME_GAP)
  expect(lane.dropped(1)).toBe(50)
})
