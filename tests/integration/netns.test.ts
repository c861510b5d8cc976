/** Two computers: the node is on the other one. */
import { execFileSync, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CliProcess, jsonLines, runCli } from '../support/cli.ts'
import { readCountFile } from '../support/count-file.ts'
import { namespaces, Netns } from '../support/netns.ts'
import { openStation, until } from '../support/station.ts'

const NODE = fileURLToPath(new URL('../../headless-producer/main.ts', import.meta.url))
const root = process.getuid?.() === 0
if (!root) console.warn('Network namespaces need root, so the tests between two computers are left out.')

describe.skipIf(!root && !process.env['CI'])('between two computers', () => {
  let net: Netns
  let address: string

  beforeAll(async () => {
    // As a run that was killed leaves it: named after a process that is no more.
    const gone = `farfield-test-${spawnSync('true').pid}`
    execFileSync('ip', ['netns', 'add', gone])
    net = Netns.open()
    expect(namespaces()).toContain(net.name)
    expect(namespaces()).not.toContain(gone)
    address = `tcp://${net.there}:5555`
  })
  afterAll(() => net?.close())

  test('a scan that finds nothing ends with 0 and says so', async () => {
    const interfaces = ['--interface', net.here, '--timeout', '0.5']
    expect(await runCli(['scan', ...interfaces, '--json'])).toMatchObject({ code: 0, stdout: '', stderr: '' })
    const ended = await runCli(['scan', ...interfaces])
    expect(ended).toMatchObject({ code: 0, stdout: '' })
    expect(ended.stderr).toMatch(/^farfield: no node answered within 0\.5 s\./)
  })

  test('a node is found within 2 s', async () => {
    const node = net.run(process.execPath, [NODE, '--source', 'tone:count', '--name', 'attic', '--id', 'attic'])
    await once(node.stdout!, 'data')
    const started = performance.now()
    const scan = new CliProcess(['scan', '--interface', net.here, '--json'])
    await scan.says('\n')
    const seconds = (performance.now() - started) / 1000
    console.log(`found in the other namespace ${seconds.toFixed(2)} s after the command was given`)
    expect(seconds).toBeLessThan(2)
    const found = jsonLines((await scan.ended).stdout)
    expect(found).toMatchObject([{ id: 'attic', address }])
  })

  test('it is metered over the cable', async () => {
    const ended = await runCli(['meter', address, '--duration', '1', '--json'])
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    expect(jsonLines(ended.stdout).at(-1)).toMatchObject({ node: 'attic', gaps: 0, missingFrames: 0 })
  })

  test('an outage shows as lost, is over within 3 s of the link, and the take has every frame of it', async () => {
    const t = await openStation()
    try {
      const key = await t.connect(address)
      const started = await t.screen.call('record.start', { nodes: [key] })
      if (!started.ok) throw new Error(started.fault.message)
      const take = started.value.takes[0]!
      await until(t.screen, () => t.take(take).seconds > 0.5)
      net.cable('down')
      const down = performance.now()
      await until(t.screen, () => t.node(key).presence === 'lost', 4500)
      const lost = (performance.now() - down) / 1000
      // Long enough that both ends have given the connection up.
      await new Promise((resolve) => setTimeout(resolve, 2000))
      net.cable('up')
      const up = performance.now()
      await until(t.screen, () => t.node(key).presence === 'live', 3000)
      const live = (performance.now() - up) / 1000
      console.log(
        `lost ${lost.toFixed(2)} s after the cable was pulled, live ${live.toFixed(2)} s after it was put back`,
      )
      const end = t.take(take).frames
      await until(t.screen, () => t.take(take).frames > end + 48_000)
      await t.screen.call('record.stop', { takes: [] })

      const { folder, files, frames, missingFrames, repairedFrames } = t.take(take)
      const file = await readCountFile(join(folder, files[0]!))
      expect({ files: files.length, frames: file.frames, wrong: file.wrong }).toEqual({ files: 1, frames, wrong: [] })
      expect({ missingFrames, link: t.node(key).link.missingFrames }).toEqual({ missingFrames: 0, link: 0 })
      // What was repaired is as long as the outage.
      expect(repairedFrames / 48_000).toBeGreaterThan(lost + 1.5)
      expect(repairedFrames / 48_000).toBeLessThan(lost + 2 + live + 1)
    } finally {
      await t.close()
    }
  })
})
