/** What people type wrong. Each is a process of its own, as people see it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectSentence, runCli } from '../support/cli.ts'
import { runNodeProcess } from '../support/node-process.ts'
import { noiseBytes, wavFile } from '../support/node-sound.ts'
import { freePorts } from '../support/station.ts'

let folder: string
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'farfield-input-'))))
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('farfield', () => {
  test.concurrent.each([
    [['bogus'], /there is no command "bogus"\. The commands are serve, scan/],
    [['meter', '--bogus', '127.0.0.1'], /Unknown option '--bogus'\. See farfield meter --help/],
    [['meter'], /needs the address of a node/],
    [['meter', '300.1.1.1'], /"300\.1\.1\.1" is not a complete IPv4 address/],
    [['meter', 'http://127.0.0.1:80'], /is not an address/],
    [['meter', '127.0.0.1:99999'], /Port 99999 cannot be used/],
    [['meter', '127.0.0.1', '--duration', 'soon'], /--duration needs a time such as 10, 10s, 500ms or 2h, not "soon"/],
    [['meter', '127.0.0.1', '--duration', '0'], /--duration needs a time/],
    [['meter', '127.0.0.1', '--duration=-3'], /--duration needs a time/],
    [['meter', '127.0.0.1', '--duration', '99999h'], /--duration needs a time/],
    [['record', '127.0.0.1'], /needs --out DIR/],
    [['record', '--out', '/tmp'], /needs the address of a node/],
    [['scan', '--interface', 'eth0'], /--interface needs an IPv4 address of this computer, not "eth0"/],
    [['scan', 'here'], /Unexpected argument 'here'/],
    [['serve', '--port', '99999'], /--port needs a number from 0 to 65535, not "99999"/],
    [['serve', '--port'], /'--port <value>' argument missing/],
    [['serve', '--tls-cert', 'cert.pem'], /--tls-cert and --tls-key go together/],
  ])('%j is not understood: exit code 2', async (args, sentence) => {
    expectSentence(await runCli(args), 2, sentence)
  })

  test.concurrent('an address where nothing listens', async () => {
    const port = await freePorts()
    const ended = await runCli(['meter', `127.0.0.1:${port}`])
    expectSentence(
      ended,
      1,
      new RegExp(`Nothing answers at 127\\.0\\.0\\.1:${port}\\. Check that farfield-node runs there`),
    )
    expect(ended.seconds).toBeLessThan(9)
  })

  test.concurrent('a name that nobody has', async () => {
    const ended = await runCli(['record', 'attic.invalid', '--out', folder, '--timeout', '4', '--json'])
    const fault = JSON.parse(ended.stderr) as { event: string; code: string; message: string }
    expect(fault).toMatchObject({ event: 'fault', code: 'no-answer' })
    expect(fault.message).toMatch(/^No computer named "attic\.invalid" was found on this network\./)
    expect(ended).toMatchObject({ code: 1, stdout: '' })
  })

  test.concurrent('an interface that this computer has not', async () => {
    const ended = await runCli(['scan', '--interface', '198.19.255.1', '--timeout', '0.3'])
    expectSentence(ended, 1, /This computer has no network interface with the address 198\.19\.255\.1\./)
  })

  test.concurrent('serving on a port in use', async () => {
    const other = createServer().listen(await freePorts(), '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const { port } = other.address() as { port: number }
    const ended = await runCli(['serve', '--no-open', '--port', `${port}`])
    other.close()
    expectSentence(ended, 1, new RegExp(`Port ${port} on 127\\.0\\.0\\.1 is in use`))
  })

  test.concurrent('serving to others without a password, or where this computer is not', async () => {
    expectSentence(await runCli(['serve', '--no-open', '--host', '0.0.0.0']), 1, /needs a password/)
    const data = await mkdtemp(join(folder, 'data-'))
    expect(await runCli(['password', '--data', data], { input: 'correct horse\n' })).toMatchObject({ code: 0 })
    const ended = await runCli(['serve', '--no-open', '--host', '198.19.255.1', '--data', data])
    expectSentence(ended, 1, /198\.19\.255\.1/)
  })
})

describe('farfield-node', () => {
  const eightBit = (): Uint8Array => {
    const bytes = wavFile({ format: 's16', channels: 1, rate: 48_000 }, noiseBytes(960))
    const view = new DataView(bytes.buffer)
    view.setUint16(32, 1, true)
    view.setUint16(34, 8, true)
    return bytes
  }
  const whole = wavFile({ format: 's16', channels: 2, rate: 48_000 }, noiseBytes(9600))

  test.concurrent.each([
    ['nothing', new Uint8Array(0), /is not a WAV file/],
    ['text', Buffer.from('RIFF you like'), /is not a WAV file/],
    ['a format cut short', whole.subarray(0, 30), /format part of this WAV file is cut short/],
    ['a head alone', whole.subarray(0, 40), /holds no sound/],
    ['a data chunk without a frame', whole.subarray(0, 46), /holds no sound/],
    ['8-bit samples', eightBit(), /holds 8-bit samples of kind 1; use 16, 24 or 32-bit PCM/],
  ])('refuses a WAV file of %s', async (name, content, sentence) => {
    const file = join(folder, `${name}.wav`)
    await writeFile(file, content)
    expectSentence(await runNodeProcess(['--source', `wav:${file}`]), 2, sentence)
  })

  test.concurrent.each([
    ['empty', '', /ends with 0 rows/],
    ['NaN', '20 1\n30 NaN\n40 2\n', /line 2: expected a frequency in Hz and a level in dB, found "30 NaN"/],
    ['2 MB', '20 1\n'.repeat(400_000), /has 2000000 bytes: a calibration file has at most 262144/],
  ])('refuses a calibration file that is %s', async (name, content, sentence) => {
    const file = join(folder, `${name}.txt`)
    await writeFile(file, content)
    expectSentence(await runNodeProcess(['--source', 'tone:count', '--calibration', file]), 2, sentence)
  })

  test.concurrent('says which device is unknown, and which program is missing', async () => {
    const unknown = await runNodeProcess(['--device', 'no-such-card'])
    expectSentence(unknown, 2, /There is no sound device "no-such-card"/)
    const env = { PATH: folder }
    expectSentence(
      await runNodeProcess(['--device', 'default'], { env }),
      1,
      /arecord is not installed\. Install alsa-utils/,
    )
  })
})
