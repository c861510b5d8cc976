/** What people and other programs hand to a node: the command line, calibration files, arecord's words. */
import { loadCalibration } from '#producer/calibration.ts'
import { HELP, readOptions } from '#producer/options.ts'
import { defaultNodeId } from '#producer/identity.ts'
import { findCard, parseDevices } from '#producer/sources/alsa/devices.ts'
import { openFault, readForeignRate, readOverrun } from '#producer/sources/alsa/messages.ts'
import { isNodeId } from '#wire/topics.ts'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'

describe('command line', () => {
  test('says what it does when nothing is said', () => {
    expect(readOptions([])).toEqual({
      ok: true,
      value: {
        action: 'run',
        json: false,
        source: 'alsa:default',
        once: false,
        wait: false,
        blockMs: 10,
        ring: { seconds: 120, bytes: 128e6 },
        port: 5555,
        bind: '0.0.0.0',
        advertise: true,
        logLevel: 'info',
      },
    })
  })

  test.each([
    [['--ring', '30s'], { ring: { seconds: 30, bytes: 128e6 } }],
    [['--ring', '10m', '--ring-limit', '0.5GB'], { ring: { seconds: 600, bytes: 500e6 } }],
    [['--ring', '0'], { ring: { seconds: 0, bytes: 128e6 } }],
    [['--spool', '/s'], { spool: { folder: '/s', seconds: 86_400, bytes: 40e9 } }],
    [
      ['--spool', '/s', '--spool-span', '24h', '--spool-limit', '64mb'],
      { spool: { folder: '/s', seconds: 86_400, bytes: 64e6 } },
    ],
    [['--source', 'tone:count', '--first-frame', `${2n ** 63n}`], { firstFrame: 2n ** 63n }],
  ])('reads %j', (args, value) => {
    expect(readOptions(args)).toMatchObject({ ok: true, value })
  })

  test.each([
    [['--ring', '30'], /--ring must be a span .* such as 30s/],
    [['--ring', '-1s'], /--ring/],
    [['--ring', '999h'], /from 1s to 744h/],
    [['--ring', '1.5m'], /--ring/],
    [['--ring-limit', '12'], /--ring-limit must be a size .* such as 64MB/],
    [['--ring-limit', '0MB'], /--ring-limit/],
    [['--spool-span', '1h'], /go with --spool DIR/],
    [['--spool', ''], /--spool needs a folder/],
    [['--spool', 's', '--spool-span', '0'], /--spool-span must be a span/],
    [['--first-frame', '1'], /goes with --source tone:count/],
    [['--source', 'tone:count', '--first-frame', `${2n ** 63n + 1n}`], /--first-frame must be a whole number/],
  ])('refuses %j in words', (args, message) => {
    const read = readOptions(args)
    expect(read).toMatchObject({ ok: false, fault: { code: 'bad-argument' } })
    expect(!read.ok && read.fault.message).toMatch(message)
  })

  test('takes every option of --help and names every option it takes', () => {
    const named = [...HELP.matchAll(/--([a-z-]+)/g)].map((m) => m[1]!)
    for (const option of new Set(named)) {
      const bare = readOptions([`--${option}`])
      const valued = readOptions([`--${option}`, '1'])
      const message = bare.ok ? '' : bare.fault.message
      expect(`${option}: ${message}`).not.toMatch(/Unknown option/)
      expect(bare.ok || !valued.ok || message.includes(option)).toBe(true)
    }
  })

  test.each([
    [['--device', 'hw:1,0'], { source: 'alsa:hw:1,0' }],
    [['--source', 'tone:sine:440'], { source: 'tone:sine:440' }],
    [['--bind', 'localhost'], { bind: '127.0.0.1' }],
    [['--bind', '::1'], { bind: '::1' }],
    [['--rate', '96000', '--channels', '1', '--format', 's24'], { rate: 96_000, channels: 1, format: 's24' }],
    [['-h'], { action: 'help' }],
    [['--list-devices', '--json'], { action: 'list-devices', json: true }],
  ])('%j', (args, expected) => expect(readOptions(args)).toMatchObject({ ok: true, value: expected }))

  test.each([
    [['--port', '65535'], /1 to 65534/],
    [['--port', '1e3'], /whole number/],
    [['--channels', '65'], /1 to 64/],
    [['--block-ms', '0'], /1 to 100/],
    [['--format', 'u8'], /s16, s24, s32, f32/],
    [['--id', 'Attic'], /lower-case/],
    [['--name', ''], /1 to 100 characters/],
    [['--bind', 'attic.local'], /an address of this computer/],
    [['--log-level', 'loud'], /error, warn, info, debug/],
    [['--once'], /--once goes with/],
    [['--port'], /port/],
    [['attic'], /attic/],
  ])('%j is refused in words', (args, sentence) => {
    const read = readOptions(args)
    expect(read).toMatchObject({ ok: false, fault: { code: 'bad-argument', message: expect.stringMatching(sentence) } })
  })

  test('an id is valid, the same each time, and another one on another port', () => {
    const id = defaultNodeId('tcp://0.0.0.0:5555')
    expect(isNodeId(id)).toBe(true)
    expect(defaultNodeId('tcp://0.0.0.0:5555')).toBe(id)
    expect(defaultNodeId('tcp://0.0.0.0:5557')).not.toBe(id)
  })
})

describe('calibration file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'farfield-calibration-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const load = (content: string | Uint8Array): ReturnType<typeof loadCalibration> => {
    const path = join(folder, 'mic.txt')
    writeFileSync(path, content)
    return loadCalibration(path)
  }

  test.each([
    ['UMIK-1', '"Sens Factor =-1.378dB, SERNO: 7023270"\r\n10.054\t-4.21\r\n20.1\t-1.2\r\n', '7023270'],
    ['REW', '* Freq(Hz) SPL(dB) Phase(degrees)\n20.0 -1.2 3.4\n20.5 -1.1 3.3\n', undefined],
    ['commas and exponents', 'Freq,Level\n2.0e1,-.5\n1e3,+0.0\n', undefined],
    ['comments between and after', '# a\n20 1\n; b\n\n30 2\n# end', undefined],
  ])('is taken: %s', (_, content, serial) => {
    const loaded = load(content)
    expect(loaded).toMatchObject({ ok: true, value: { file: 'mic.txt', text: content } })
    expect(loaded.ok && loaded.value.serial).toBe(serial)
  })

  test('in Windows-1252 is read as that', () => {
    expect(load(Buffer.from('* 0\xb0\n20 1\n30 2\n', 'latin1'))).toMatchObject({
      ok: true,
      value: { text: '* 0°\n20 1\n30 2\n' },
    })
  })

  test('resources/ has an example that is one', () => {
    expect(loadCalibration('resources/calibration-example.txt')).toMatchObject({
      ok: true,
      value: { serial: '0000001' },
    })
  })

  test.each([
    ['empty', '', /line 1: the file ends with 0 rows/],
    ['one row', '20 1\n', /ends with 1 rows/],
    [
      'words after the rows',
      '20 1\n30 2\nthe end\n',
      /line 3: expected a frequency in Hz and a level in dB, found "the end"/,
    ],
    ['a single column', '20\n30\n', /0 rows/],
    ['a web page', '\n<html><body>20 1\n', /line 2: this is a web page/],
    ['UTF-16', Buffer.from('\ufeff20 1\n30 2\n', 'utf16le'), /line 1: this is UTF-16/],
    ['a picture', Buffer.from([0x89, 0x50, 10, 0, 0]), /line 2: this is not a text file/],
    ['a giant', '20 1\n'.repeat(60_000), /at most 262144/],
  ])('is refused: %s', (_, content, sentence) => {
    expect(load(content)).toMatchObject({
      ok: false,
      fault: { code: 'bad-calibration', message: expect.stringMatching(sentence) },
    })
  })

  test('that is not there is refused', () => {
    expect(loadCalibration(join(folder, 'none'))).toMatchObject({ ok: false, fault: { code: 'file-missing' } })
    expect(loadCalibration(folder)).toMatchObject({ ok: false, fault: { code: 'bad-calibration' } })
  })
})

describe("arecord's words", () => {
  const format = { format: 's32', channels: 2, rate: 48_000 } as const

  test('tell the length of an overrun', () => {
    expect(readOverrun('overrun!!! (at least 123.456 ms long)')).toBeCloseTo(0.123456, 9)
    expect(readOverrun('Recording raw data')).toBeUndefined()
    expect(readForeignRate('Warning: rate is not accurate (requested = 48000Hz, got = 44100Hz)')).toBe(44_100)
  })

  test.each([
    [
      'ALSA lib pcm.c:2666:(snd_pcm_open_noupdate) Unknown PCM x\narecord: main:831: audio open error: No such file or directory\n',
      'device-unknown',
      /no sound device "x"/,
    ],
    ['arecord: main:831: audio open error: Device or resource busy\n', 'device-busy', /in use/],
    ['arecord: main:831: audio open error: Connection refused\n', 'device-lost', /sound server/],
    ['arecord: main:831: audio open error: Permission denied\n', 'device-lost', /group audio/],
    [
      'arecord: set_params:1352: Sample format non available\nAvailable formats:\n- S16_LE\n- S24_3LE\n',
      'format-unsupported',
      /--format s16 or s24/,
    ],
    [
      'arecord: set_params:1352: Sample format non available\nAvailable formats:\n- U8\n',
      'format-unsupported',
      /plughw/,
    ],
    ['arecord: set_params:1358: Channels count non available\n', 'format-unsupported', /--channels/],
    ['arecord: something new\n', 'device-lost', /something new|could not be opened/],
    ['', 'device-lost', /could not be opened\.$/],
  ])('%j: %s', (said, code, sentence) => {
    const fault = openFault('x', format, said)
    expect(fault.code).toBe(code)
    expect(fault.message).toMatch(sentence)
  })

  test('list the devices', () => {
    expect(
      parseDevices(
        'null\n    Discard all samples\nhw:CARD=USB,DEV=0\n    USB Mic, USB Audio\n    Direct hardware device\n',
      ),
    ).toEqual([
      { device: 'null', description: 'Discard all samples' },
      { device: 'hw:CARD=USB,DEV=0', description: 'USB Mic, USB Audio, Direct hardware device' },
    ])
  })
})

describe('the name of a sound card', () => {
  const cards = ` 0 [PCH            ]: HDA-Intel - HDA Intel PCH
                      HDA Intel PCH at 0xf7f10000 irq 30
 1 [U18dB          ]: USB-Audio - Umik-1  Gain: 18dB
                      miniDSP Umik-1  Gain: 18dB at usb-0000:00:14.0-2, full speed
10 [Device-2       ]: USB-Audio - USB - Audio Device
                      C-Media USB Audio Device at usb-1
`

  test.each([
    ['hw:1,0', 'Umik-1  Gain: 18dB'],
    ['plughw:CARD=U18dB,DEV=0', 'Umik-1  Gain: 18dB'],
    ['sysdefault:CARD=PCH', 'HDA Intel PCH'],
    ['hw:U18dB', 'Umik-1  Gain: 18dB'],
    ['hw:10', 'USB - Audio Device'],
    ['hw:CARD=Device-2', 'USB - Audio Device'],
    ['hw:2,0', undefined],
    ['hw:CARD=U18', undefined],
    ['default', undefined],
    ['pulse', undefined],
  ])('%s: %s', (device, name) => {
    expect(findCard(device, cards)).toBe(name)
    expect(findCard(device, '')).toBeUndefined()
    expect(findCard(device, '--- no soundcards ---\n')).toBeUndefined()
  })
})
