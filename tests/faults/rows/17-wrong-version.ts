import { Dealer } from 'zeromq'
import { runCli } from '../../support/cli.ts'
import { headerOfVersion } from '../../support/header.ts'
import { freePortPair, startNodeProcess } from '../../support/node-process.ts'
import { openRemote } from '../../support/remote.ts'
import { until } from '../../support/station.ts'
import { listenZmtp, message, type ZmtpPeer } from '../../support/zmtp.ts'
import type { FaultRow } from '../row.ts'
import { verdict } from '../verdict.ts'

const SAMPLES = new Uint8Array(960)
/** For a node that keeps on sending: long enough that trying again each second would show. */
const WATCHED_MS = 3000

export const row: FaultRow = {
  number: 17,
  fault: 'a node and an asker of another wire version',
  expected: 'one clear message that names both versions; no retry storm',
  quick: true,
  async run({ folder, closing }) {
    const port = await freePortPair()
    const peers = new Set<ZmtpPeer>()
    let connections = 0
    const packet = Buffer.concat([
      message(['meta/attic/', JSON.stringify({ protocol: 2, id: 'attic', name: 'attic' })]),
      message(['pcm/attic/', headerOfVersion(2), SAMPLES]),
    ])
    const server = await listenZmtp(port, 'PUB', (peer) => {
      connections++
      peers.add(peer)
      peer.socket.on('close', () => peers.delete(peer))
    })
    const sending = setInterval(() => {
      for (const peer of peers) if (peer.ready) peer.socket.write(packet)
    }, 50)
    closing.defer(() => {
      clearInterval(sending)
      for (const peer of peers) peer.socket.destroy()
      server.close()
    })

    const cli = await runCli(['record', `127.0.0.1:${port}`, '--out', folder])
    const cliConnections = connections
    const remote = await openRemote()
    closing.defer(() => remote.served.stop())
    const added = await remote.screen.call('node.add', { address: `127.0.0.1:${port}` })
    if (!added.ok) throw new Error(added.fault.message)
    const view = (): ReturnType<typeof remote.node> => remote.node(added.value.key)
    await until(remote.screen, () => view().fault?.code === 'version-mismatch')
    await new Promise((resolve) => setTimeout(resolve, WATCHED_MS))

    const node = await startNodeProcess(['--source', 'tone:count'])
    closing.defer(() => node.stop())
    const answer = await ask(node.port + 1, '{"v":2,"id":7,"op":"hello"}')
    const bothNamed = /version 2 .*version 1\b/
    return verdict(
      `"${cli.stderr.trim()}", exit code ${cli.code}; shown in the workstation, ${connections - cliConnections} connection in ` +
        `${WATCHED_MS / 1000} s, ${remote.screen.state!.notices.length} notices; a node answers "${answer}"`,
      {
        'one line that names both versions': bothNamed.test(cli.stderr) && cli.stderr.trim().split('\n').length === 1,
        'exit code 1 within 5 s': cli.code === 1 && cli.seconds < 5,
        'the workstation names both': bothNamed.test(view().fault?.message ?? ''),
        'one connection, no notice': connections - cliConnections === 1 && remote.screen.state!.notices.length === 0,
        'the node names both': /2/.test(answer) && /1/.test(answer) && /version/.test(answer),
      },
    )
  },
}

/** The message of a node's refusal. */
async function ask(port: number, request: string): Promise<string> {
  const socket = new Dealer({ linger: 0, receiveTimeout: 3000 })
  socket.connect(`tcp://127.0.0.1:${port}`)
  try {
    await socket.send(request)
    const [reply] = await socket.receive()
    return (JSON.parse(reply!.toString()) as { message?: string }).message ?? ''
  } finally {
    socket.close()
  }
}
