/** The command line of `farfield-node`. */
import { isSampleFormat, MAX_CHANNELS, MAX_RATE, MIN_RATE, SAMPLE_FORMATS, type SampleFormat } from '#shared/pcm.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import { DEFAULT_PORT, isNodeId } from '#wire/topics.ts'
import { isIP } from 'node:net'
import { parseArgs } from 'node:util'
import { LOG_LEVELS, type LogLevel } from './log.ts'
import { DEFAULT_BLOCK_MS } from './node.ts'
import type { RingLimits } from '#producer/ring/memory.ts'
import { DEFAULT_RING, DEFAULT_SPOOL } from '#producer/ring/open.ts'
import type { SpoolLimits } from '#producer/ring/spool.ts'

/** Frames that follow it still fit into 64 bits for as long as anybody lives. */
const MAX_FIRST_FRAME = 2n ** 63n

export const HELP = `farfield-node: capture sound here and broadcast it to Farfield workstations.

Usage: farfield-node [options]

Sound
  --source KIND:WHAT   alsa:DEVICE   a sound device, through arecord (default alsa:default)
                       wav:FILE      a file, over and over, in real time, as it is
                       tone:SIGNAL   made-up sound: sine[:HZ[:DBFS]], pink[:DBFS], sweep[:DBFS],
                                     silence, demo, count (counts frames, for loss tests)
  --device DEVICE      the same as --source alsa:DEVICE
  --list-devices       print the sound devices and end; with --json one object a line
  --once               play the file of wav: once, then end
  --wait               keep trying when the source cannot be opened at first (for a service);
                       without it that ends the program. A source that is lost later is always
                       tried again, after 250 ms and then less and less often, up to every 5 s
  --rate HZ            default 48000        } a device must offer exactly this:
  --channels N         default 2            } the node never converts sound
  --format F           s16, s24, s32 or f32; default s32
  --block-ms MS        length of a block, 1 to 100; default ${DEFAULT_BLOCK_MS}

Identity
  --name NAME          for people; default the host name
  --id ID              lower-case letters, digits, hyphens; default made from this machine and port
  --calibration FILE   the microphone's calibration file, passed on to workstations

Memory: what workstations can ask for once more after an outage
  --ring SPAN          the last sound in memory: 30s, 10m, 24h; 0: none; default 120s. It takes span x rate x
                       channels x bytes, and 20 % more: 120s of 48 kHz, 2 channels, s32 are 46 MB, and 56 MB
                       with all; the node itself takes 70 to 90 MB
  --ring-limit SIZE    and at most so much memory, as 64MB; default 128MB. What is older falls out
  --spool DIR          and more of it on disk, in a folder of its own under DIR: survives a restart
  --spool-span SPAN    default 24h: 34 GB of 48 kHz, 2 channels, s32
  --spool-limit SIZE   and at most so much disk; default 40GB. 256 MB of the disk always stay free

Network
  --port N             sound on N, control on N + 1; default ${DEFAULT_PORT}
  --bind ADDRESS       listen on this address only; default 0.0.0.0 (all)
  --no-advertise       do not announce the node on the local network (DNS-SD)

Tests
  --first-frame N      with --source tone:count: positions begin at N, up to 2^63, not at 0

Other
  --log-level LEVEL    ${LOG_LEVELS.join(', ')}; default info
  --json               with --list-devices
  --help, --version

Ends with 0 after SIGINT, SIGTERM or the end of a file, 1 on a failure (port in use, device busy), 2 on bad usage or
input (unknown option or device, a file that is not a WAV or not a calibration).
`

export interface Command {
  readonly action: 'run' | 'help' | 'version' | 'list-devices'
  readonly json: boolean
  readonly source: string
  readonly once: boolean
  readonly wait: boolean
  readonly rate?: number
  readonly channels?: number
  readonly format?: SampleFormat
  readonly blockMs: number
  readonly name?: string
  readonly id?: string
  readonly calibrationFile?: string
  readonly ring: RingLimits
  readonly spool?: SpoolLimits
  readonly firstFrame?: bigint
  readonly port: number
  readonly bind: string
  readonly advertise: boolean
  readonly logLevel: LogLevel
}

const SPEC = {
  source: { type: 'string' },
  device: { type: 'string' },
  'list-devices': { type: 'boolean' },
  json: { type: 'boolean' },
  once: { type: 'boolean' },
  wait: { type: 'boolean' },
  rate: { type: 'string' },
  channels: { type: 'string' },
  format: { type: 'string' },
  'block-ms': { type: 'string' },
  name: { type: 'string' },
  id: { type: 'string' },
  calibration: { type: 'string' },
  ring: { type: 'string' },
  'ring-limit': { type: 'string' },
  spool: { type: 'string' },
  'spool-span': { type: 'string' },
  'spool-limit': { type: 'string' },
  'first-frame': { type: 'string' },
  port: { type: 'string' },
  bind: { type: 'string' },
  'no-advertise': { type: 'boolean' },
  'log-level': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const

/** Fault: `bad-argument`. */
export function readOptions(args: readonly string[]): Result<Command> {
  const parsed = parse(args)
  if (!parsed.ok) return parsed
  const v = parsed.value
  if (v.source !== undefined && v.device !== undefined) return bad('Give --source or --device, not both.')
  const source = v.device === undefined ? (v.source ?? 'alsa:default') : `alsa:${v.device}`
  if (v.format !== undefined && !isSampleFormat(v.format))
    return bad(`--format must be one of ${SAMPLE_FORMATS.join(', ')}, not "${v.format}".`)
  const numbers = readNumbers(v)
  if (!numbers.ok) return numbers
  if (v.once && !source.startsWith('wav:')) return bad('--once goes with --source wav:FILE.')
  if (v.name !== undefined && !/^[^\p{Cc}]{1,100}$/u.test(v.name)) return bad('--name must be 1 to 100 characters.')
  if (v.id !== undefined && !isNodeId(v.id))
    return bad('--id must be 1 to 63 lower-case letters, digits and hyphens, beginning with a letter or digit.')
  const kept = readKept(v)
  if (!kept.ok) return kept
  const firstFrame = v['first-frame']
  if (firstFrame !== undefined && source !== 'tone:count') return bad('--first-frame goes with --source tone:count.')
  if (firstFrame !== undefined && !(/^\d{1,19}$/.test(firstFrame) && BigInt(firstFrame) <= MAX_FIRST_FRAME))
    return bad(`--first-frame must be a whole number up to 2^63, not "${firstFrame}".`)
  const bind = v.bind === 'localhost' ? '127.0.0.1' : (v.bind ?? '0.0.0.0')
  if (isIP(bind) === 0) return bad(`--bind must be an address of this computer such as 192.168.1.20, not "${bind}".`)
  const logLevel = LOG_LEVELS.find((level) => level === (v['log-level'] ?? 'info'))
  if (!logLevel) return bad(`--log-level must be one of ${LOG_LEVELS.join(', ')}.`)
  const { rate, channels, blockMs = DEFAULT_BLOCK_MS, port = DEFAULT_PORT } = numbers.value
  return ok({
    action: v.help ? 'help' : v.version ? 'version' : v['list-devices'] ? 'list-devices' : 'run',
    json: v.json ?? false,
    source,
    once: v.once ?? false,
    wait: v.wait ?? false,
    ...(rate === undefined ? {} : { rate }),
    ...(channels === undefined ? {} : { channels }),
    ...(v.format === undefined ? {} : { format: v.format }),
    blockMs,
    ...(v.name === undefined ? {} : { name: v.name }),
    ...(v.id === undefined ? {} : { id: v.id }),
    ...(v.calibration === undefined ? {} : { calibrationFile: v.calibration }),
    ...kept.value,
    ...(firstFrame === undefined ? {} : { firstFrame: BigInt(firstFrame) }),
    port,
    bind,
    advertise: !v['no-advertise'],
    logLevel,
  })
}

type Values = ReturnType<typeof parseArgs<{ options: typeof SPEC }>>['values']

function parse(args: readonly string[]): Result<Values> {
  try {
    return ok(parseArgs({ args: [...args], options: SPEC, strict: true, allowPositionals: false }).values)
  } catch (error) {
    const first = (error as Error).message.split(/\. (?=To )|\n/)[0]!.replace(/\.$/, '')
    return bad(`${first}. See farfield-node --help.`)
  }
}

/** What is kept of the sound, in memory and on disk. */
function readKept(values: Values): Result<{ ring: RingLimits; spool?: SpoolLimits }> {
  const { spool: folder } = values
  if (folder === '') return bad('--spool needs a folder.')
  if (folder === undefined && (values['spool-span'] ?? values['spool-limit']) !== undefined)
    return bad('--spool-span and --spool-limit go with --spool DIR.')
  const ring = readSpan('ring', values.ring, DEFAULT_RING.seconds, 0)
  const ringBytes = readSize('ring-limit', values['ring-limit'], DEFAULT_RING.bytes)
  const spool = readSpan('spool-span', values['spool-span'], DEFAULT_SPOOL.seconds, 1)
  const spoolBytes = readSize('spool-limit', values['spool-limit'], DEFAULT_SPOOL.bytes)
  if (!ring.ok) return ring
  if (!ringBytes.ok) return ringBytes
  if (!spool.ok) return spool
  if (!spoolBytes.ok) return spoolBytes
  return ok({
    ring: { seconds: ring.value, bytes: ringBytes.value },
    ...(folder === undefined ? {} : { spool: { folder, seconds: spool.value, bytes: spoolBytes.value } }),
  })
}

const SECONDS = { s: 1, m: 60, h: 3600 } as const
/** A month of sound is a recording, not a ring. */
const LONGEST_SPAN_S = 31 * 24 * 3600

/** `30s`, `10m`, `24h`, in seconds; `0` where there may be none. */
function readSpan(option: string, typed: string | undefined, standard: number, least: number): Result<number> {
  if (typed === undefined) return ok(standard)
  if (least === 0 && /^0[smh]?$/.test(typed)) return ok(0)
  const match = /^(\d{1,7})([smh])$/.exec(typed)
  const seconds = match ? Number(match[1]) * SECONDS[match[2] as keyof typeof SECONDS] : 0
  if (seconds >= 1 && seconds <= LONGEST_SPAN_S) return ok(seconds)
  return bad(`--${option} must be a span from 1s to 744h such as 30s, 10m or 24h, not "${typed}".`)
}

const BYTES = { MB: 1e6, GB: 1e9 } as const
/** Less holds no second of many common formats. */
const LEAST_BYTES = 1e6
const MOST_BYTES = 100_000e9

/** `64MB`, `2GB`, in bytes. */
function readSize(option: string, typed: string | undefined, standard: number): Result<number> {
  if (typed === undefined) return ok(standard)
  const match = /^(\d{1,8}(?:\.\d{1,3})?)(MB|GB)$/i.exec(typed)
  const bytes = match ? Math.round(Number(match[1]) * BYTES[match[2]!.toUpperCase() as keyof typeof BYTES]) : 0
  if (bytes >= LEAST_BYTES && bytes <= MOST_BYTES) return ok(bytes)
  return bad(`--${option} must be a size from 1MB to 100000GB such as 64MB or 2GB, not "${typed}".`)
}

/** Whole numbers within their limits; those not given stay undefined. */
function readNumbers(values: Values): Result<{ rate?: number; channels?: number; blockMs?: number; port?: number }> {
  const limits = [
    ['rate', 'rate', MIN_RATE, MAX_RATE],
    ['channels', 'channels', 1, MAX_CHANNELS],
    ['block-ms', 'blockMs', 1, 100],
    ['port', 'port', 1, 65_534],
  ] as const
  const out: { rate?: number; channels?: number; blockMs?: number; port?: number } = {}
  for (const [option, key, low, high] of limits) {
    const typed = values[option]
    if (typed === undefined) continue
    const value = Number(typed)
    if (!/^\d+$/.test(typed) || value < low || value > high)
      return bad(`--${option} must be a whole number from ${low} to ${high}, not "${typed}".`)
    out[key] = value
  }
  return ok(out)
}

function bad(message: string): Result<never> {
  return fail('bad-argument', message)
}
