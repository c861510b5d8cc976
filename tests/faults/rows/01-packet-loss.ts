import { openScene, pass, RATE, type Scene } from '../../support/lab/scene.ts'
import { until } from '../../support/station.ts'
import type { FaultResult, FaultRow } from '../row.ts'
import { since, verdict } from '../verdict.ts'

const LOSSES = [0.01, 0.05, 0.2]
/** One way: a radio link in the same building. */
const NEAR = 0.002
/** A link on which so many losses leave TCP less than the bitrate. */
const HOPELESS = { loss: 0.2, delay: 0.03 }
const SMALL_RING = 60

export const row: FaultRow = {
  number: 1,
  fault: '1, 5 and 20 % of the packets lost, then so that TCP carries less than the bitrate',
  expected: '0 frames lost once goodput exceeds the bitrate; else a warning at least 30 s before the ring ends',
  quick: true,
  limitSeconds: 330,
  async run({ folder, closing, quick }) {
    const scene = await openScene({ folder, closing, nodeArgs: ['--ring', `${SMALL_RING}s`] })
    const { computer } = scene.places[0]!
    await scene.record()
    for (const loss of LOSSES) {
      await computer.link.set({ loss, delay: NEAR })
      await pass(quick ? 1 : 15)
    }
    await computer.link.set({ loss: 0 })
    await pass(quick ? 1 : 5)
    const [file] = await scene.finish()
    const [, sent] = await computer.link.counters()
    const { frames, silent, wrong, take } = file!
    const seen =
      `${(frames / RATE).toFixed(1)} s, ${sent.lost} of ${sent.packets + sent.lost} packets lost: ` +
      `${silent} frames lost, ${wrong} wrong, ${take.repairedFrames} repaired`
    const claims = { 'the link did it': sent.lost > 20, 'no frame lost': silent === 0, 'no frame wrong': wrong === 0 }
    return quick ? verdict(seen, claims) : both(verdict(seen, claims), await hopeless(scene))
  },
}

/** Loses until something is gone for good, and looks how long before that it was said. */
async function hopeless(scene: Scene): Promise<FaultResult> {
  const { remote, places } = scene
  const { key, computer } = places[0]!
  await scene.record()
  const begun = performance.now()
  await computer.link.set(HOPELESS)
  const link = (): ReturnType<typeof remote.node>['link'] => remote.node(key).link
  await until(remote.screen, () => link().warnings.some(({ code }) => code === 'ring-ends'), 120_000)
  const warned = since(begun)
  const sentence = link().warnings.find(({ code }) => code === 'ring-ends')!.message
  await until(remote.screen, () => link().goneFrames > 0, 150_000)
  const gone = since(begun)
  await computer.link.set({ loss: 0, delay: NEAR })
  const [file] = await scene.finish(60_000)
  const { take, silent, wrong, told } = file!
  return verdict(
    `20 % at 60 ms: warned after ${warned.toFixed(1)} s ("${sentence}"), the first sound was gone after ${gone.toFixed(1)} s; ` +
      `${(silent / RATE).toFixed(1)} s lost, told as ${(take.missingFrames / RATE).toFixed(1)} s`,
    {
      'warned 30 s before': gone - warned >= 30,
      'every lost frame is told': told && silent === take.missingFrames,
      'no frame wrong': wrong === 0,
    },
  )
}

function both(a: FaultResult, b: FaultResult): FaultResult {
  return { seen: `${a.seen}; ${b.seen}`, pass: a.pass && b.pass }
}
