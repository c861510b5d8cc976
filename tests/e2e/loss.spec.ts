/** What is lost, doubled or late on the way is on the screen as exactly what was done, and in its place in the file. */
import { frameBytes } from '#shared/pcm.ts'
import { writeCount } from '#producer/sources/tone/count.ts'
import { expect, firstPosition, readTake, test } from '../support/e2e.ts'
import { startLossProxy, type Mischief } from '../support/loss-proxy.ts'
import { freePortPair } from '../support/node-process.ts'

/** 10 ms at 48 kHz. */
const BLOCK = 480

/** Loses eight blocks: single ones and a run of three. */
function losing(lost: bigint[]): Mischief {
  return (sequence, packet) => {
    if (lost.length >= 8 || !(sequence % 20n === 0n || sequence % 33n < 3n)) return [packet]
    lost.push(sequence)
    return []
  }
}

function doubling(doubled: bigint[]): Mischief {
  return (sequence, packet) => {
    if (doubled.length >= 7 || sequence % 10n !== 0n) return [packet]
    doubled.push(sequence)
    return [packet, packet]
  }
}

/** Swaps a block with the next one. */
function swapping(late: bigint[]): Mischief {
  let held: Buffer[] | undefined
  return (sequence, packet) => {
    if (held) {
      const out = [packet, held]
      held = undefined
      return out
    }
    if (late.length >= 6 || sequence % 15n !== 0n) return [packet]
    late.push(sequence)
    held = packet
    return []
  }
}

/** Turns one bit of a sample. */
function damaging(damaged: bigint[]): Mischief {
  return (sequence, packet) => {
    if (damaged.length >= 2 || sequence % 25n !== 0n) return [packet]
    damaged.push(sequence)
    const samples = Buffer.from(packet[2]!)
    samples[100]! ^= 1
    return [[packet[0]!, packet[1]!, samples]]
  }
}

test('dropped, doubled, swapped and damaged blocks are shown as exactly that', async ({ closing, desk, start }) => {
  const node = await start.node('Counter', 'tone:count')
  const port = await freePortPair()
  let mischief: Mischief = (_, packet) => [packet]
  const proxy = await startLossProxy(node.port, port, (sequence, packet) => mischief(sequence, packet))
  closing.defer(() => proxy.close())
  const served = await start.serve()
  await desk.open(served.url)
  await desk.connect(`127.0.0.1:${port}`, 'Counter')
  await desk.record('Counter')
  const shown = async (): Promise<Record<string, number>> => {
    const ids = [
      'link-gaps',
      'link-missing',
      'link-late',
      'link-duplicates',
      'link-refused',
      'take-gaps',
      'take-missing',
    ]
    return Object.fromEntries(await Promise.all(ids.map(async (id) => [id, await desk.number(id)] as const)))
  }
  const nothing = {
    'link-gaps': 0,
    'link-missing': 0,
    'link-late': 0,
    'link-duplicates': 0,
    'link-refused': 0,
    'take-gaps': 0,
    'take-missing': 0,
  }
  expect(await shown()).toEqual(nothing)
  await expect(desk.node('Counter').getByText(/gap/)).toHaveCount(0)

  const lost: bigint[] = []
  mischief = losing(lost)
  await expect.poll(() => lost.length).toBe(8)
  const runs = lost.filter((sequence) => !lost.includes(sequence - 1n)).length
  const afterLoss = { gaps: runs, missing: 8 * BLOCK }
  await expect.poll(shown).toEqual({
    ...nothing,
    'link-gaps': afterLoss.gaps,
    'link-missing': afterLoss.missing,
    'take-gaps': afterLoss.gaps,
    'take-missing': afterLoss.missing,
  })
  await expect(desk.node('Counter').getByText(`${runs} gaps`, { exact: true })).toBeVisible()
  await expect(desk.take('Counter')).toContainText(`${runs} gaps, 80 ms missing`)

  const doubled: bigint[] = []
  mischief = doubling(doubled)
  await expect.poll(() => doubled.length).toBe(7)
  await expect.poll(shown).toEqual({
    ...nothing,
    'link-gaps': afterLoss.gaps,
    'link-missing': afterLoss.missing,
    'link-duplicates': 7,
    'take-gaps': afterLoss.gaps,
    'take-missing': afterLoss.missing,
  })

  const late: bigint[] = []
  mischief = swapping(late)
  await expect.poll(() => late.length).toBe(6)
  await expect.poll(shown).toEqual({
    ...nothing,
    'link-gaps': afterLoss.gaps + 6,
    'link-missing': afterLoss.missing,
    'link-duplicates': 7,
    'link-late': 6,
    'take-gaps': afterLoss.gaps + 6,
    'take-missing': afterLoss.missing,
  })

  const damaged: bigint[] = []
  mischief = damaging(damaged)
  await expect.poll(() => damaged.length).toBe(2)
  await expect.poll(shown).toEqual({
    'link-gaps': afterLoss.gaps + 8,
    'link-missing': afterLoss.missing + 2 * BLOCK,
    'link-late': 6,
    'link-duplicates': 7,
    'link-refused': 2,
    'take-gaps': afterLoss.gaps + 8,
    'take-missing': afterLoss.missing + 2 * BLOCK,
  })

  await desk.tool('Stop').click()
  // The node cannot be asked through this proxy: what is missing may come until the person says that it will not.
  await desk.page.getByRole('button', { name: 'Finish now: Counter' }).click()
  await expect(desk.take('Counter')).toHaveAttribute('data-state', 'finished')
  await expect(desk.notices).toHaveText(/ saved: .* gaps, 100 ms missing, 60 ms refilled\.Show$/)
  const { format, samples } = await readTake(await desk.value('take-file', desk.take('Counter')))
  const first = Number(firstPosition(samples, format))
  const expected = Buffer.alloc(samples.length)
  writeCount(expected, format, first)
  for (const sequence of [...lost, ...damaged]) {
    const at = (Number(sequence) * BLOCK - first) * frameBytes(format)
    expected.fill(0, at, at + BLOCK * frameBytes(format))
  }
  expect(samples.equals(expected), 'silence where blocks are missing, every other sample in its place').toBe(true)
})
