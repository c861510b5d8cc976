import { join } from 'node:path'
import { readCertificate } from '../../support/certificate.ts'
import type { Closing } from '../../support/closing.ts'
import { readCountFile } from '../../support/count-file.ts'
import { startNodeProcess } from '../../support/node-process.ts'
import { openRemote } from '../../support/remote.ts'
import { until } from '../../support/station.ts'
import type { FaultRow } from '../row.ts'
import { verdict } from '../verdict.ts'

const RATE = 48_000
/** 2^32: what 32 bits hold is over. 2^53: a double skips every second number from there on. */
const BORDERS = [2n ** 32n, 2n ** 53n]
/** Before the border when the node starts: the take runs over it. */
const BEFORE = 4n * BigInt(RATE)

export const row: FaultRow = {
  number: 22,
  fault: 'positions at 2^32 and 2^53, and sound missed and fetched across them',
  expected: 'exact; 0 lost',
  quick: true,
  async run({ folder, closing }) {
    const seen = await Promise.all(BORDERS.map((border, i) => across(border, join(folder, `${i}`), closing)))
    return verdict(seen.map(({ text }) => text).join('; '), {
      'every frame right': seen.every(({ wrong }) => wrong === 0),
      'the workstation was away while the border was crossed': seen.every(({ away }) => away),
      'positions are exact in the certificate': seen.every(({ exact }) => exact),
    })
  },
}

/** A take that begins before the border, and goes on behind it after the workstation was killed. */
async function across(border: bigint, folder: string, closing: Closing): Promise<Crossing> {
  const start = border - BEFORE
  // The workstation first: however long it takes to start, the border is as far away as it should be.
  const first = await openRemote({ folder })
  closing.defer(() => first.served.kill())
  const node = await startNodeProcess(['--source', 'tone:count', '--first-frame', `${start}`])
  closing.defer(() => node.stop())
  const key = await first.connect(node.url)
  const begun = performance.now()
  const take = await first.record(key)
  await until(first.screen, () => first.take(take).seconds > 0.5)
  await first.served.kill()
  const left = performance.now()
  // Longer than the border is away: it is crossed while nobody listens.
  await new Promise((resolve) => setTimeout(resolve, (Number(BEFORE) / RATE) * 1000))
  const second = await openRemote({ folder })
  closing.defer(() => second.served.stop())
  const { screen } = second
  await until(screen, () => screen.state!.takes[0] !== undefined, 20_000)
  const { id } = screen.state!.takes[0]!
  const long = (performance.now() - begun) / 1000
  await until(screen, () => second.take(id).missingFrames === 0 && second.take(id).seconds > long, 20_000)
  await screen.call('record.stop', { takes: [] })
  await until(screen, () => second.take(id).state === 'finished', 20_000)
  const view = second.take(id)
  const path = join(view.folder, view.files[0]!)
  const file = await readCountFile(path)
  const position = BigInt((await readCertificate(path)).origin.position)
  const end = position + BigInt(file.frames)
  const wrong = file.wrong.reduce((sum, { frames }) => sum + frames, 0)
  return {
    text: `${position} to ${end} in ${view.files.length} file: ${wrong} frames wrong, ${view.repairedFrames} fetched`,
    wrong: wrong + (view.files.length - 1) + view.missingFrames,
    away: position < border && end > border && (left - begun) / 1000 < Number(BEFORE) / RATE,
    exact: position >= start && position % 2n ** 32n === BigInt(file.first),
  }
}

interface Crossing {
  readonly text: string
  readonly wrong: number
  readonly away: boolean
  readonly exact: boolean
}
