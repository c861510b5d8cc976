import { runCli } from '../../support/cli.ts'
import { openScene, pass } from '../../support/lab/scene.ts'
import { outage, type Aftermath } from '../outage.ts'
import type { FaultRow } from '../row.ts'
import { verdict } from '../verdict.ts'

const OUTAGES = [1, 10, 30]
const QUICK_OUTAGES = [4]

export const row: FaultRow = {
  number: 4,
  fault: 'outages of 1, 10 and 30 s in the middle of a take of two nodes',
  expected:
    'both files equal their sources; live again within 3 s of the link; healed within 20 s; the certificates tell it',
  quick: true,
  limitSeconds: 240,
  async run({ folder, closing, quick }) {
    const scene = await openScene({ folder, closing, places: 2 })
    await scene.record()
    const seen: (Aftermath & { seconds: number })[] = []
    for (const seconds of quick ? QUICK_OUTAGES : OUTAGES) {
      seen.push({ seconds, ...(await outage(scene, seconds)) })
      await pass(1)
    }
    const files = await scene.finish()
    const certificates = await Promise.all(
      files.flatMap(({ paths }) => paths).map((path) => runCli(['verify', path, '--json'])),
    )
    const told = certificates.map(({ code, stdout }) => ({ code, repaired: /"repair/.test(stdout) }))
    const losses = files.reduce((sum, file) => sum + file.silent, 0)
    const wrong = files.reduce((sum, file) => sum + file.wrong, 0)
    const lines = seen.map(
      ({ seconds, live, healed }) =>
        `${seconds} s: live after ${live.toFixed(1)} s, healed after ${healed.toFixed(1)} s`,
    )
    const repaired = files.map(({ take }) => take.repairedFrames)
    return verdict(
      `${lines.join('; ')}; ${files.map((f) => `${(f.frames / 48_000).toFixed(1)} s`).join(' and ')}, ` +
        `${losses} frames lost, ${wrong} wrong; ${repaired.join(' and ')} repaired; ${files.map((f) => f.take.verdict?.sentence).join(' | ')}`,
      {
        'one file a node': files.every((file) => file.files.length === 1),
        'no frame lost': losses === 0 && files.every(({ take }) => take.missingFrames === 0),
        'no frame wrong': wrong === 0,
        'live again within 3 s': seen.every(({ live }) => live < 3),
        'healed within 20 s': seen.every(({ healed }) => healed < 20),
        'repairs were made': repaired.every((frames) => frames > 0),
        [`certificates verify and tell of the repair (${JSON.stringify(told)})`]:
          told.length === 2 && told.every((t) => t.code === 0 && t.repaired),
      },
    )
  },
}
