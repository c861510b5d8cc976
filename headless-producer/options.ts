/** The command line of `farfield-node`. */
import { isSampleFormat, MAX_CHANNELS, MAX_RATE, MIN_RATE, SAMPLE_FORMATS, type SampleFormat } from '#shared/pcm.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import { DEFAULT_PORT, isNodeId } from '#wire/topics.ts'
import { isIP } from 'node:net'
import { parseArgs } from 'node:util'
import { LOG_LEVELS, type LogLevel } from './log.ts'
import { DEFAULT_BLOCK_MS } from './node.ts'

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

Network
  --port N             sound on N, control on N + 1; default ${DEFAULT_PORT}
  --bind ADDRESS       listen on this address only; default 0.0.0.0 (all)
  --no-advertise       do not announce the node on the local network (DNS-SD)

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
