/** What a node costs the small computer it runs on: the process and its arecord, with one subscriber, as the kernel counts it. */
import { runNodeProcess, startNodeProcess } from '../tests/support/node-process.ts'
import { SoundServer } from '../tests/support/sound-server.ts'
import type { Bench } from './figure.ts'
import type { Intake } from './ingest.ts'
import { childrenOf, cpuSeconds, Helper, memoryMb } from './process.ts'
import { mean, median, range } from './stats.ts'

/** Start-up and compilation are over by then. */
const SETTLE_MS = 5000
const ROUNDS = 5
const ROUND_MS = 6000

export const node: Bench = {
  name: 'node',
  summary: 'CPU and memory of farfield-node with arecord, 48 kHz stereo s32, one subscriber',

  async run(store, report) {
    const sound = await SoundServer.start()
    store.defer(() => sound.stop())
    // The first start after an installation translates TypeScript, which takes 30 MB more; any start leaves that done.
    await runNodeProcess(['--version'])
    const capture = await startNodeProcess(['--source', 'alsa:pulse'], { env: sound.env })
    store.defer(async () => void (await capture.stop()))
    const subscriber = new Helper(store, './receiver.ts')
    await subscriber.ask({ connect: [capture.url] })
    const pid = capture.child.pid!
    const [arecord] = childrenOf(pid)
    if (arecord === undefined) throw new Error('the node has no arecord')

    await sleep(SETTLE_MS)
    const { received } = await subscriber.ask<Intake>({})
    const began = performance.now()
    const rounds: { both: number; arecord: number; rss: number }[] = []
    for (let i = 0; i < ROUNDS; i++) {
      const start = performance.now()
      const before = [cpuSeconds(pid), cpuSeconds(arecord)] as const
      await sleep(ROUND_MS)
      const ms = performance.now() - start
      const own = cpuSeconds(pid) - before[0]
      const child = cpuSeconds(arecord) - before[1]
      rounds.push({
        both: (100_000 * (own + child)) / ms,
        arecord: (100_000 * child) / ms,
        rss: memoryMb(pid).rss + memoryMb(arecord).rss,
      })
    }
    const blocks = (await subscriber.ask<Intake>({})).received - received
    const rate = (1000 * blocks) / (performance.now() - began)

    const both = rounds.map((round) => round.both)
    const [own, child] = [memoryMb(pid), memoryMb(arecord)]
    report({
      name: 'CPU of node and arecord',
      value: mean(both),
      unit: '% core',
      aim: 3,
      note: `${ROUNDS} rounds of ${ROUND_MS / 1000} s: ${range(both, 2)}; ${rate.toFixed(1)} blocks/s reached the subscriber`,
    })
    report({ name: '  of it arecord', value: mean(rounds.map((round) => round.arecord)), unit: '% core' })
    report({
      name: 'RSS of node and arecord',
      value: median(rounds.map((round) => round.rss)),
      unit: 'MB',
      aim: 90,
      note: `node ${own.rss.toFixed(1)}, arecord ${child.rss.toFixed(1)}`,
    })
    report({
      name: 'PSS of node and arecord',
      value: own.pss + child.pss,
      unit: 'MB',
      note: `node ${own.pss.toFixed(1)}, arecord ${child.pss.toFixed(1)}; other Node processes here share the program's pages`,
    })
  },
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
