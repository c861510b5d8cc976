import { descriptors, memoryMb } from '../../../bench/process.ts'
import { openScene, pass, RATE } from '../../support/lab/scene.ts'
import type { FaultRow } from '../row.ts'
import { verdict } from '../verdict.ts'

/** Both programs have all they need by then, and the ring is full. */
const SETTLED_FLAPS = 20
const QUICK_SETTLED_FLAPS = 2
const RING = ['--ring', '20s']
/** Garbage that waits for its collection is not growth; what every flap left behind would be more. */
const MEMORY_MB = 40
const DESCRIPTORS = 4

export const row: FaultRow = {
  number: 6,
  fault: 'link flapping each second for 5 min',
  expected: '0 lost; no growth in sockets or memory',
  quick: true,
  limitSeconds: 400,
  async run({ folder, closing, quick }) {
    const scene = await openScene({ folder, closing, nodeArgs: RING })
    const { computer, node } = scene.places[0]!
    const pids = [scene.remote.served.pid, node.child.pid!]
    const usage = (): { files: number; mb: number }[] =>
      pids.map((pid) => ({ files: descriptors(pid), mb: memoryMb(pid).rss }))
    await scene.record()
    let before = usage()
    const [flaps, settled] = quick ? [3, QUICK_SETTLED_FLAPS] : [150, SETTLED_FLAPS]
    for (let i = 0; i < flaps; i++) {
      await computer.link.set({ up: false })
      await pass(1)
      await computer.link.set({ up: true })
      await pass(1)
      if (i + 1 === settled) before = usage()
    }
    const after = usage()
    const [file] = await scene.finish()
    const { frames, silent, wrong, take } = file!
    const grown = after.map(({ files, mb }, i) => ({ files: files - before[i]!.files, mb: mb - before[i]!.mb }))
    const told = ['workstation', 'node'].map(
      (name, i) => `${name} ${grown[i]!.files} sockets and ${grown[i]!.mb.toFixed(1)} MB more`,
    )
    return verdict(
      `${flaps} times: ${(frames / RATE).toFixed(1)} s, ${silent} frames lost, ${wrong} wrong, ${take.repairedFrames} repaired; ${told.join(', ')}`,
      {
        'no frame lost': silent === 0 && take.missingFrames === 0,
        'no frame wrong': wrong === 0,
        'one file': file!.files.length === 1,
        'no more sockets': grown.every((g) => g.files <= DESCRIPTORS),
        'no more memory': grown.every((g) => g.mb < MEMORY_MB),
      },
    )
  },
}
