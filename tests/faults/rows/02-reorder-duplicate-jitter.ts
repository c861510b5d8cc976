import { openScene, pass } from '../../support/lab/scene.ts'
import type { FaultRow } from '../row.ts'
import { verdict } from '../verdict.ts'

const ILL = { reorder: 0.1, late: 0.03, duplicate: 0.1, delay: 0.005, jitter: 0.1 }
/** Packets of each kind, at least. */
const ENOUGH = 20

export const row: FaultRow = {
  number: 2,
  fault: '10 % of the packets out of order, 10 % twice, 100 ms jitter',
  expected: '0 lost, 0 doubled',
  quick: true,
  async run({ folder, closing, quick }) {
    const scene = await openScene({ folder, closing })
    const { link } = scene.places[0]!.computer
    await scene.record()
    await link.set(ILL)
    await pass(quick ? 2 : 30)
    // Chance picks among the packets, which are few and large when the computer is busy.
    let [, sent] = await link.counters()
    while (sent.reordered <= ENOUGH || sent.duplicated <= ENOUGH) {
      await pass(0.5)
      ;[, sent] = await link.counters()
    }
    await link.set({ reorder: 0, duplicate: 0, delay: 0, jitter: 0 })
    await pass(0.5)
    const [file] = await scene.finish()
    const { frames, silent, wrong } = file!
    return verdict(
      `${(frames / 48_000).toFixed(1)} s, ${silent} frames lost, ${wrong} wrong; ` +
        `of ${sent.packets} packets ${sent.reordered} were late and ${sent.duplicated} came twice`,
      {
        'one file': file!.files.length === 1,
        'no frame lost': silent === 0,
        'no frame doubled or moved': wrong === 0,
      },
    )
  },
}
