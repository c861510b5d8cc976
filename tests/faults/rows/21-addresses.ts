import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { jsonLines, runCli } from '../../support/cli.ts'
import type { Closing } from '../../support/closing.ts'
import { readCountFile } from '../../support/count-file.ts'
import { Netns } from '../../support/netns.ts'
import { runNodeProcess, startNodeProcess } from '../../support/node-process.ts'
import { openRemote } from '../../support/remote.ts'
import { until } from '../../support/station.ts'
import type { FaultRow } from '../row.ts'
import { since, verdict } from '../verdict.ts'

const NODE = fileURLToPath(new URL('../../../headless-producer/main.ts', import.meta.url))
/** Lost after 3 s; then it announces itself and is looked for every few seconds each. */
const FOUND_MS = 20_000
const ONE_LINE = /^farfield(-node)?: [^\n]+\n$/

export const row: FaultRow = {
  number: 21,
  fault: 'port in use; the address of the node changed by DHCP mid-take; IPv6; two nodes with one id',
  expected: 'one-line error and exit code; found again by its identity, 0 lost; works; the conflict is shown',
  quick: true,
  async run({ folder, closing }) {
    const [port, moved, ipv6, conflict] = await Promise.all([
      portInUse(closing),
      addressChanged(join(folder, 'moved'), closing),
      overIpv6(join(folder, 'ipv6'), closing),
      sameId(closing),
    ])
    return verdict(
      `port in use: "${port.node.stderr.trim()}", exit code ${port.node.code}; ${moved.from} became ${moved.to}: live again after ` +
        `${moved.seconds.toFixed(1)} s, the take whole again with ${moved.wrong} places wrong; [::1]: ${ipv6.frames} frames, ${ipv6.wrong} wrong; ` +
        `one id twice: "${conflict[0]}"`,
      {
        'the node says it in a line': port.node.code === 1 && ONE_LINE.test(port.node.stderr),
        'the workstation says it in a line': port.serve.code === 1 && ONE_LINE.test(port.serve.stderr),
        'found again by its identity, as the same node': moved.nodes === 1 && moved.shown === `tcp://${moved.to}:5555`,
        'the take goes on and is whole': moved.files === 1 && moved.wrong === 0 && moved.missing === 0,
        'IPv6 works': ipv6.code === 0 && ipv6.frames === 48_000 && ipv6.wrong === 0,
        'the conflict is shown at both': conflict.length === 2 && conflict.every((text) => /Two nodes/.test(text)),
      },
    )
  },
}

type Ended = { readonly code: number | null; readonly stderr: string }

async function portInUse(closing: Closing): Promise<{ node: Ended; serve: Ended }> {
  const first = await startNodeProcess(['--source', 'tone:count'])
  closing.defer(() => first.stop())
  const [node, serve] = await Promise.all([
    runNodeProcess(['--source', 'tone:count'], { port: first.port }),
    runCli(['serve', '--no-open', '--port', `${first.port}`]),
  ])
  return { node, serve }
}

interface Moved {
  readonly from: string
  readonly to: string
  /** Until sound came from the new address. */
  readonly seconds: number
  readonly nodes: number
  readonly shown: string
  readonly files: number
  readonly wrong: number
  readonly missing: number
}

async function addressChanged(folder: string, closing: Closing): Promise<Moved> {
  const net = Netns.open()
  closing.defer(() => net.close())
  const node = net.run(process.execPath, [NODE, '--source', 'tone:count', '--name', 'attic', '--id', 'attic'])
  await once(node.stdout!, 'data')
  const remote = await openRemote({ folder, args: ['--interface', net.here] })
  closing.defer(() => remote.served.stop())
  const { screen } = remote
  const key = await remote.connect(`tcp://${net.there}:5555`)
  const take = await remote.record(key)
  const to = net.readdress()
  const from = performance.now()
  await until(screen, () => remote.node(key).address.includes(to) && remote.node(key).presence === 'live', FOUND_MS)
  const seconds = since(from)
  await until(screen, () => remote.take(take).missingFrames === 0 && remote.take(take).seconds > seconds, FOUND_MS)
  await screen.call('record.stop', { takes: [] })
  await until(screen, () => remote.take(take).state === 'finished', FOUND_MS)
  const view = remote.take(take)
  const file = await readCountFile(join(view.folder, view.files[0]!))
  return {
    from: net.there,
    to,
    seconds,
    nodes: screen.state!.nodes.length,
    shown: remote.node(key).address,
    files: view.files.length,
    wrong: file.wrong.length,
    missing: view.missingFrames,
  }
}

async function overIpv6(
  folder: string,
  closing: Closing,
): Promise<{ code: number | null; frames: number; wrong: number }> {
  const node = await startNodeProcess(['--source', 'tone:count', '--bind', '::1'])
  closing.defer(() => node.stop())
  const ended = await runCli(['record', `[::1]:${node.port}`, '--out', folder, '--duration', '1', '--json'])
  const [name] = (jsonLines(ended.stdout).at(-1)?.['files'] ?? []) as string[]
  if (name === undefined) throw new Error(`nothing was recorded over IPv6: ${ended.stderr}`)
  const file = await readCountFile(join(folder, name))
  return { code: ended.code, frames: file.frames, wrong: file.wrong.length }
}

/** The warnings shown at two nodes that have one id. */
async function sameId(closing: Closing): Promise<string[]> {
  const remote = await openRemote()
  closing.defer(() => remote.served.stop())
  for (let i = 0; i < 2; i++) {
    const node = await startNodeProcess(['--source', 'tone:count', '--id', 'twin', '--name', 'twin'])
    closing.defer(() => node.stop())
    await remote.connect(node.url)
  }
  const warnings = (): string[] =>
    remote.screen
      .state!.nodes.flatMap((node) => node.link.warnings)
      .filter(({ code }) => code === 'node-conflict')
      .map(({ message }) => message)
  await until(remote.screen, () => warnings().length === 2)
  return warnings()
}
