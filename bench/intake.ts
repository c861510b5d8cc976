/** A helper process with a real workstation in it: meters on, one screen attached. */
import { openStation } from '../tests/support/station.ts'
import { BLOCK_FRAMES, type Intake } from './ingest.ts'
import { answer } from './process.ts'

const bench = await openStation()
const { station, screen } = bench

/** By node: position up to which its meters have come. */
const metered = new Map<number, number>()
screen.onFrame((frame) => {
  for (const { key, position } of frame.nodes) metered.set(key, position)
})

function intake(): Intake {
  const sum = { received: 0, metered: 0, dropped: 0 }
  for (const { key, link } of station.state().nodes) {
    sum.received += link.blocks
    sum.metered += (metered.get(key) ?? 0) / BLOCK_FRAMES
    sum.dropped += link.dropped + link.refused
  }
  return sum
}

answer<{ readonly connect?: readonly string[] }, Intake>(
  async ({ connect = [] }) => {
    for (const address of connect) {
      const added = await screen.call('node.add', { address })
      if (!added.ok) throw new Error(added.fault.message)
    }
    station.changed()
    return intake()
  },
  () => bench.close(),
)
