import { once } from 'node:events'
import { truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { runNodeProcess, startNodeProcess } from '../../support/node-process.ts'
import { openRemote } from '../../support/remote.ts'
import { until } from '../../support/station.ts'
import type { FaultRow } from '../row.ts'
import { verdict } from '../verdict.ts'

const ROWS = '20 -3.0\n1000 0.0\n20000 2.0\n'
const HUGE = 100 << 20
const STACK = /^\s+at .+:\d+/m

/** What a file may hold, and whether it is one of its lines that is wrong, or all of it. */
const JUNK: readonly { name: string; bytes: Buffer; lines: boolean }[] = [
  { name: 'empty', bytes: Buffer.alloc(0), lines: false },
  { name: 'NaN', bytes: Buffer.from(ROWS.replace('0.0', 'NaN')), lines: true },
  { name: 'words', bytes: Buffer.from(`${ROWS}21000 loud\n`), lines: true },
  { name: 'UTF-16', bytes: Buffer.from(`\uFEFF${ROWS}`, 'utf16le'), lines: false },
  { name: 'binary', bytes: Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]), lines: false },
  { name: 'a web page', bytes: Buffer.from('<!DOCTYPE html>\n<html>404</html>\n'), lines: false },
]
/** A node passes it on, because every row is one; the workstation finds the contradiction. */
const CONTRADICTION = `${ROWS}1000 12.0\n`

export const row: FaultRow = {
  number: 24,
  fault: 'calibration files that are none: empty, NaN, words, UTF-16, binary, HTML, 100 MB, contradictory',
  expected: 'refused in one sentence, with the line where it is one; "uncalibrated" stays visible; sound goes on',
  quick: true,
  async run({ folder, closing }) {
    const claims: Record<string, boolean> = {}
    const sentences: string[] = []
    const refusedByNode = async (name: string, file: string, line: boolean): Promise<void> => {
      const { code, stderr } = await runNodeProcess(['--source', 'tone:count', '--calibration', file])
      const oneSentence = stderr.trim().split('\n').length === 1 && !STACK.test(stderr)
      claims[`the node refuses ${name}`] = code === 2 && oneSentence && (!line || /, line \d+: /.test(stderr))
    }
    for (const { name, bytes, lines } of JUNK) {
      const file = join(folder, `${name}.txt`)
      await writeFile(file, bytes)
      await refusedByNode(name, file, lines)
    }
    const huge = join(folder, 'huge.txt')
    await writeFile(huge, ROWS)
    await truncate(huge, HUGE)
    await refusedByNode('100 MB', huge, false)

    const contradictory = join(folder, 'contradictory.txt')
    await writeFile(contradictory, CONTRADICTION)
    const node = await startNodeProcess(['--source', 'tone:pink', '--calibration', contradictory])
    closing.defer(() => node.stop())
    const remote = await openRemote({ folder })
    closing.defer(() => remote.served.stop())
    const { screen } = remote
    const key = await remote.connect(node.url)
    await until(screen, () => remote.node(key).calibration.state !== 'none')
    const own = remote.node(key).calibration
    claims["the node's own is refused with its line"] =
      own.state === 'refused' && /[Ll]ines? \d+/.test(own.fault!.message)
    for (const { name, bytes, lines } of JUNK) {
      const loaded = await screen.call('calibration.load', { node: key, file: `${name}.txt`, text: bytes.toString() })
      const sentence = loaded.ok ? '' : loaded.fault.message
      sentences.push(sentence)
      claims[`the workstation refuses ${name}`] = !loaded.ok && (!lines || /[Ll]ine \d+/.test(sentence))
    }
    claims['a page that sends 100 MB is hung up on'] = await hungUp(remote.served.url)
    claims['nothing of it is applied'] = remote.node(key).calibration.state === 'refused'
    const { blocks } = remote.node(key).link
    await until(screen, () => remote.node(key).link.blocks > blocks + 20)
    const good = await screen.call('calibration.load', { node: key, file: 'good.txt', text: ROWS })
    await until(screen, () => remote.node(key).calibration.state === 'applied')
    claims['a good file is taken afterwards'] = good.ok
    return verdict(
      `${JUNK.length + 1} files refused by the node, ${JUNK.length + 2} by the workstation (such as "${sentences[1]}"; ` +
        `of the node's own: "${own.fault?.message}"), state "${own.state}" all the while`,
      claims,
    )
  },
}

async function hungUp(url: string): Promise<boolean> {
  const link = new URL('/link', url)
  link.protocol = 'ws:'
  const socket = new WebSocket(link, { origin: new URL(url).origin })
  socket.on('error', () => undefined)
  await once(socket, 'open')
  const closed = once(socket, 'close', { signal: AbortSignal.timeout(10_000) })
  socket.send(`{"t":"call","id":1,"name":"calibration.load","args":{"text":"${'1 2\\n'.repeat(HUGE / 5)}"}}`)
  return closed.then(
    () => true,
    () => false,
  )
}
