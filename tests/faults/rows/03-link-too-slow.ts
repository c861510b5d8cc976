import { BITRATE, openScene, pass, RATE } from '../../support/lab/scene.ts'
import { until } from '../../support/station.ts'
import type { FaultRow } from '../row.ts'
import { since, verdict } from '../verdict.ts'

const SHARE = 0.5
const RING = 10

export const row: FaultRow = {
  number: 3,
  fault: `link of half the bitrate of the stream, longer than the ring of ${RING} s`,
  expected: '"link too slow" within 10 s; every gap marked to the frame; what is heard stays less than 5 s old',
  limitSeconds: 120,
  async run({ folder, closing }) {
    const scene = await openScene({ folder, closing, nodeArgs: ['--ring', `${RING}s`] })
    const { places, remote } = scene
    const [{ computer, key, heard }] = places as [(typeof places)[number]]
    await scene.record()
    const slow = performance.now()
    let oldest = 0
    remote.screen.onFrame(() => (oldest = Math.max(oldest, heard.behindMs)))
    await computer.link.set({ rate: BITRATE * SHARE, queue: 65_536 })
    const warning = (): string | undefined =>
      remote.node(key).link.warnings.find(({ code }) => code === 'link-slow')?.message
    await until(remote.screen, () => warning() !== undefined, 15_000)
    const warned = since(slow)
    const sentence = warning()!
    await pass(45 - warned)
    const behind = oldest
    await computer.link.set({ rate: 0 })
    await until(remote.screen, () => warning() === undefined, 15_000)
    const [file] = await scene.finish()
    const { take, silent, wrong, told } = file!
    const runs = file!.files[0]!.wrong.filter((run) => run.kind === 'silence').length
    return verdict(
      `told after ${warned.toFixed(1)} s ("${sentence}"); heard at most ${(behind / 1000).toFixed(2)} s late; ` +
        `${(silent / RATE).toFixed(2)} s lost in ${runs} gaps, of which ${told ? 'every one is' : 'not all are'} certified to the frame; ${wrong} wrong`,
      {
        'told within 10 s': warned < 10,
        'listening latency bounded': behind < 5000,
        'something was lost': silent > 0,
        'told to the frame': told && take.missingFrames === silent,
        'no frame wrong': wrong === 0,
      },
    )
  },
}
