import { execFileSync } from 'node:child_process'
import { openScene, pass } from '../../support/lab/scene.ts'
import { until } from '../../support/station.ts'
import type { FaultRow } from '../row.ts'
import { since, verdict } from '../verdict.ts'

export const row: FaultRow = {
  number: 7,
  fault: 'half-open connection: all packets dropped without a reset, then the node alone unheard',
  expected: 'noticed within 3 s; live again within 3 s of the link; neither side keeps the dead connections',
  quick: true,
  async run({ folder, closing, quick }) {
    const scene = await openScene({ folder, closing })
    const { remote, places } = scene
    const [place] = places
    const { key, computer } = place!
    const seen: { noticed: number; lost: number; live: number; sentence: string | undefined; left: number }[] = []
    // Both directions, then only what the node sends.
    for (const from of quick ? [undefined] : ([undefined, 1] as const)) {
      await computer.link.set({ up: false }, from)
      const down = performance.now()
      await until(remote.screen, () => remote.node(key).presence !== 'live')
      const noticed = since(down)
      await until(remote.screen, () => remote.node(key).presence === 'lost')
      const lost = since(down)
      const sentence = remote.node(key).fault?.message
      // The node has no reader to miss: that its own sends fail is all it can notice.
      await pass(6.5 - since(down))
      const left = established([]) + established(['ip', 'netns', 'exec', computer.name])
      const upUtc = Date.now()
      const up = performance.now()
      await computer.link.set({ up: true })
      await scene.hears(place!, upUtc)
      seen.push({ noticed, lost, live: since(up), sentence, left })
      await until(remote.screen, () => remote.node(key).presence === 'live')
    }
    return verdict(
      seen
        .map(
          (s) =>
            `not live after ${s.noticed.toFixed(2)} s, lost after ${s.lost.toFixed(2)} s ("${s.sentence}"), ${s.left} connections left, live ${s.live.toFixed(2)} s after the link`,
        )
        .join('; '),
      {
        'noticed within 3 s': seen.every((s) => s.noticed < 3),
        'said to be lost within 3.5 s': seen.every((s) => s.lost < 3.5 && s.sentence !== undefined),
        'dead connections are closed': seen.every((s) => s.left === 0),
        'live again within 3 s': seen.every((s) => s.live < 3),
      },
    )
  },
}

/** TCP connections to a node's ports that the kernel holds to be good. */
function established(prefix: readonly string[]): number {
  const [program, ...args] = [
    ...prefix,
    'ss',
    '-Htn',
    'state',
    'established',
    '( sport 5555 or dport 5555 or sport 5556 or dport 5556 )',
  ]
  return execFileSync(program, args, { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line !== '').length
}
