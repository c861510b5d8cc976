import { mkdir, readdir } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import { chromium } from '@playwright/test'
import { Publisher, Subscriber } from 'zeromq'
import { metaTopic, pcmTopic } from '#wire/topics.ts'
import { CHROMIUM } from '../../support/chromium.ts'
import type { Closing } from '../../support/closing.ts'
import { readCountFile } from '../../support/count-file.ts'
import { freePortPair, startNodeProcess } from '../../support/node-process.ts'
import { openRemote } from '../../support/remote.ts'
import { until } from '../../support/station.ts'
import type { FaultRow } from '../row.ts'
import { verdict } from '../verdict.ts'

const SCRIPT = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'
const NAMES: readonly string[] = [
  '../../../../outside',
  '/etc/cron.d/attic',
  'C:\\Windows\\attic',
  SCRIPT,
  `\u0000attic\u0007\n\r\u001b[2J\u202egnp.exe`,
  'x'.repeat(10_000),
  '..',
  'CON',
  '',
]
const CONTROL = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u

export const row: FaultRow = {
  number: 25,
  fault: 'hostile node names: ../, absolute paths, HTML, control and direction characters, 10 kB, reserved, empty',
  expected: 'recordings stay inside the folder; shown as inert text',
  quick: true,
  async run({ folder, closing }) {
    const node = await startNodeProcess(['--source', 'tone:count'])
    closing.defer(() => node.stop())
    const data = join(folder, 'deep', 'er', 'data')
    await mkdir(data, { recursive: true })
    const remote = await openRemote({ folder: data })
    closing.defer(() => remote.served.stop())
    const { screen } = remote
    for (const [i, name] of NAMES.entries()) {
      const port = await rename(node.port, `node-${i}`, name, closing)
      await remote.connect(`tcp://127.0.0.1:${port}`)
    }
    const started = await screen.call('record.start', { nodes: [] })
    if (!started.ok) throw new Error(started.fault.message)
    await until(screen, () => screen.state!.takes.every((take) => take.seconds > 0.3))
    const shown = await look(remote.served.url, closing)
    await screen.call('record.stop', { takes: [] })
    await until(screen, () => screen.state!.takes.every((take) => take.state === 'finished'))
    const everything = await readdir(folder, { recursive: true, withFileTypes: true })
    const sounds = everything
      .filter((e) => e.isFile() && e.name.endsWith('.wav'))
      .map((e) => join(e.parentPath, e.name))
    const files = await Promise.all(sounds.map((path) => readCountFile(path)))
    const names = screen.state!.nodes.map((n) => n.name)
    return verdict(
      `${sounds.length} files, all in the folder (such as "${sounds.map((path) => basename(path)).toSorted()[0]}"), ` +
        `longest name ${Math.max(...sounds.map((path) => Buffer.byteLength(basename(path))))} bytes; ` +
        `shown: ${shown.elements} elements and ${shown.scripts} scripts of theirs`,
      {
        'a file for each': sounds.length === NAMES.length,
        'all in the folder of recordings': sounds.every(
          (path) => relative(remote.served.recordings, path) === basename(path),
        ),
        'names that every file system takes': sounds.every((path) =>
          /^[^<>:"/\\|?*\p{Cc}]{1,255}$/u.test(basename(path)),
        ),
        'every frame right': files.every((file) => file.frames > 0 && file.wrong.length === 0),
        'no control characters and at most 100 letters': names.every((n) => !CONTROL.test(n) && n.length <= 100),
        'shown as text': shown.text.includes(SCRIPT.slice(0, 30)),
        'nothing of it came to life': shown.elements === 0 && shown.scripts === 0,
      },
    )
  },
}

/** The node at `port` under another id and name: what a stranger's node would say of itself. Resolves with its port. */
async function rename(port: number, id: string, name: string, closing: Closing): Promise<number> {
  const own = await freePortPair()
  const from = new Subscriber({ linger: 0 })
  const to = new Publisher({ linger: 0 })
  await to.bind(`tcp://127.0.0.1:${own}`)
  from.subscribe('')
  from.connect(`tcp://127.0.0.1:${port}`)
  closing.defer(() => {
    from.close()
    to.close()
  })
  const pump = async (): Promise<void> => {
    for await (const [topic, body, samples] of from) {
      if (samples) await to.send([pcmTopic(id), body!, samples])
      else if (topic!.toString().startsWith('meta/'))
        await to.send([metaTopic(id), JSON.stringify({ ...(JSON.parse(body!.toString()) as object), id, name })])
    }
  }
  // Closing ends a send or a receive that waits.
  void pump().catch((error: unknown) => {
    if (!to.closed) throw error
  })
  return own
}

/** What a browser makes of the names. */
async function look(url: string, closing: Closing): Promise<{ text: string; elements: number; scripts: number }> {
  const browser = await chromium.launch(CHROMIUM)
  closing.defer(() => browser.close())
  const page = await browser.newPage()
  await page.goto(url)
  const list = page.getByRole('listbox', { name: 'Nodes' })
  await list
    .getByRole('option')
    .nth(NAMES.length - 1)
    .waitFor()
  return {
    text: (await list.textContent()) ?? '',
    elements: await page.locator('img[src="x"]').count(),
    scripts: await page.evaluate(() => ('hacked' in window ? 1 : 0)),
  }
}
