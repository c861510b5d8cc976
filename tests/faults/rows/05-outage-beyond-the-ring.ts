import { openScene, pass, RATE } from '../../support/lab/scene.ts'
import { outage } from '../outage.ts'
import type { FaultRow } from '../row.ts'
import { verdict } from '../verdict.ts'

/** Frames of a block; the ring holds whole ones. */
const BLOCK = 960
const BEYOND_SECONDS = 10
const QUICK_BEYOND_SECONDS = 2
/** Until the node is asked: the ring is asked over another connection than the sound comes by, each made again by itself. */
const ASKED_SECONDS = 1

export const row: FaultRow = {
  number: 5,
  fault: 'outage 10 s longer than the ring',
  expected:
    'one gap of 10 s and what passed until the node could be asked, silence of that length to the frame, told with its cause',
  quick: true,
  limitSeconds: 120,
  async run({ folder, closing, quick }) {
    const ring = quick ? 2 : 20
    const beyond = quick ? QUICK_BEYOND_SECONDS : BEYOND_SECONDS
    const scene = await openScene({ folder, closing, nodeArgs: ['--ring', `${ring}s`] })
    const [place] = scene.places
    await scene.record()
    const { live } = await outage(scene, ring + beyond)
    await pass(1)
    const { losses } = scene.remote.node(place!.key).link
    const [file] = await scene.finish()
    const { take, silent, wrong, told } = file!
    const gaps = file!.files[0]!.wrong.filter((run) => run.kind === 'silence')
    const gap = silent / RATE
    const sentences = losses.filter((loss) => loss.state === 'lost')
    return verdict(
      `outage ${ring + beyond} s, ring ${ring} s: ${gaps.length} gap of ${gap.toFixed(2)} s, live again after ${live.toFixed(2)} s; ` +
        `told as ${take.missingFrames} frames, silent are ${silent}; ${wrong} wrong; "${sentences.map((loss) => loss.sentence).join('"; "')}"`,
      {
        'one gap': gaps.length === 1,
        'not less than what fell out of the ring': gap >= beyond - BLOCK / RATE,
        'not more than that and the time until it was asked': gap <= beyond + live + ASKED_SECONDS,
        'told to the frame': told && take.missingFrames === silent && take.gaps === 1,
        'no frame wrong': wrong === 0,
        'its cause is told': sentences.length === 1 && sentences[0]!.frames >= silent,
      },
    )
  },
}
