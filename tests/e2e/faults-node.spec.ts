/** What goes wrong between workstation and node: the screen says what happened and what to do, and goes on by itself. */
import { createServer } from 'node:http'
import { Publisher } from 'zeromq'
import { encodeHeader, HEADER_BYTES } from '#wire/packet.ts'
import { metaTopic, pcmTopic } from '#wire/topics.ts'
import { expect, test } from '../support/e2e.ts'
import { freePortPair } from '../support/node-process.ts'
import { SoundServer } from '../support/sound-server.ts'

/** Speaks as a node of the next wire version will. */
async function newerNode(port: number): Promise<{ close(): void }> {
  const socket = new Publisher({ linger: 0 })
  await socket.bind(`tcp://127.0.0.1:${port}`)
  const head = new Uint8Array(HEADER_BYTES)
  const samples = new Uint8Array(8)
  const meta = { protocol: 2, id: 'newer', name: 'Newer', source: { kind: 'x', state: 'running' } }
  encodeHeader(
    {
      flags: 0,
      format: 's32',
      channels: 2,
      rate: 48_000,
      stream: 1n,
      sequence: 0n,
      firstFrame: 0n,
      monotonicNs: 0n,
      utcNs: 0n,
      frames: 1,
      crc: 0,
    },
    head,
  )
  head[4] = 2
  const say = async (): Promise<void> => {
    await socket.send([metaTopic('newer'), JSON.stringify(meta)])
    await socket.send([pcmTopic('newer'), head, samples])
  }
  const timer = setInterval(() => void say(), 200)
  return {
    close() {
      clearInterval(timer)
      socket.close()
    },
  }
}

test('an address where no node of ours answers: each reason has its sentence', async ({ closing, desk, start }) => {
  const closed = await freePortPair()
  const web = createServer((_, response) => response.end('a web page'))
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve))
  closing.defer(() => web.close())
  const { port: foreign } = web.address() as { port: number }
  const newer = await freePortPair()
  const publisher = await newerNode(newer)
  closing.defer(() => publisher.close())
  const served = await start.serve()
  await desk.open(served.url)
  const sentences: Record<string, string> = {
    [`127.0.0.1:${closed}`]: `Nothing answers at 127.0.0.1:${closed}. Check that farfield-node runs there and that no firewall closes the port and the one after it.`,
    'attic.invalid:5555': `No computer named "attic.invalid" was found on this network. Check the spelling, or use its IP address.`,
    [`127.0.0.1:${foreign}`]: `Something answers at 127.0.0.1:${foreign}, but it is not a Farfield node. Check the address and the port (5555 unless the node was given another).`,
    [`127.0.0.1:${newer}`]:
      'The node speaks wire version 2 and this workstation version 1. Update the older of the two.',
  }
  for (const address of Object.keys(sentences)) await desk.add(address)
  for (const [address, sentence] of Object.entries(sentences)) {
    await desk.choose(address)
    await expect(desk.trouble).toHaveText(sentence)
    await desk.expectState(address, 'Connecting')
  }
  await expect(desk.tool('Record'), 'there is nothing to record').toBeDisabled()
  await desk.page.keyboard.press('r')
  await expect(desk.notices).toHaveCount(0)

  // Once a node runs there after all, it is live without anybody's help.
  await desk.choose(`127.0.0.1:${closed}`)
  await start.node('Latecomer', 'tone:pink', [], { port: closed })
  await desk.expectState('Latecomer', 'Live')
  await expect(desk.trouble).toHaveCount(0)
  await desk.expectMoving('loudness-momentary')
})

test('a node that dies is lost within 4 s and, started again, goes on by itself, in the recording too', async ({
  desk,
  start,
}) => {
  const node = await start.node('Mortal', 'tone:pink')
  const served = await start.serve()
  await desk.open(served.url)
  await desk.connect(node.url, 'Mortal')
  await desk.record('Mortal')
  await expect(desk.page.getByTestId('loudness-momentary')).toHaveText(/^−\d/)
  await node.stop('SIGKILL')
  const died = performance.now()
  await desk.expectState('Mortal', 'Lost')
  expect(performance.now() - died).toBeLessThan(4000)
  await expect(desk.take('Mortal').getByTestId('take-waiting')).toHaveText('Lost: waiting for its sound.')
  await expect(desk.trouble).toHaveText(
    /^Mortal has not been heard for \d+ s\. Check its power and network\. Trying again\.$/,
  )
  await expect(desk.page.getByTestId('loudness-momentary'), 'no figure of what is not heard').toHaveText('–')
  await expect(desk.page.getByTestId('loudness-integrated'), 'what was heard stays').toHaveText(/^−\d/)
  await expect(desk.take('Mortal')).toHaveAttribute('data-state', 'recording')
  const before = await desk.number('take-frames', desk.take('Mortal'))

  await start.node('Mortal', 'tone:pink', [], { port: node.port })
  await desk.expectState('Mortal', 'Live')
  await expect(desk.trouble).toHaveCount(0)
  await desk.expectMoving('loudness-momentary')
  await expect.poll(() => desk.number('take-frames', desk.take('Mortal'))).toBeGreaterThan(before + 24_000)
  await desk.tool('Stop').click()
  await expect(desk.take('Mortal')).toHaveAttribute('data-state', 'finished')
  await expect(desk.take('Mortal'), 'a new stream is a new file').toContainText('and 1 more')
})

test('a sound device that goes away is named, and comes back', async ({ closing, desk, start }) => {
  const sound = await SoundServer.start()
  closing.defer(() => sound.stop())
  const args = ['--rate', '48000', '--channels', '2', '--format', 's32']
  const node = await start.node('Stage', 'alsa:pulse', args, { env: sound.env })
  const served = await start.serve()
  await desk.open(served.url)
  await desk.connect(node.url, 'Stage')
  await sound.down()
  await desk.expectState('Stage', 'No sound')
  await expect(desk.trouble).toHaveText('The sound server behind "pulse" does not answer. Is it running?')
  await expect(desk.page.getByTestId('loudness-momentary')).toHaveText('–')
  await expect(desk.tool('Record')).toBeDisabled()
  await sound.up()
  await desk.expectState('Stage', 'Live')
  await expect(desk.trouble).toHaveCount(0)
  await desk.record('Stage')
  await desk.tool('Stop').click()
  await expect(desk.take('Stage')).toHaveAttribute('data-state', 'finished')
})
