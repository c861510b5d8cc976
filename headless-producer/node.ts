/** A node: one source, broadcast with its metadata, answering on the control port. */
import { describeFormat, type StreamFormat } from '#shared/pcm.ts'
import { DisposableStore } from '#shared/lifecycle.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import { streamIdText, type NodeMeta } from '#wire/meta.ts'
import { PROTOCOL_VERSION } from '#wire/packet.ts'
import { parseAddress } from '#wire/topics.ts'
import type { RingLimits } from '#producer/ring/memory.ts'
import { openRing } from '#producer/ring/open.ts'
import type { SpoolLimits } from '#producer/ring/spool.ts'
import { createSource } from '#producer/sources/registry.ts'
import type { SourceRequest } from '#producer/sources/source.ts'
import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import type { Advertiser } from './advertise.ts'
import { BlockMaker } from './blocks.ts'
import { Capture } from './capture.ts'
import { SystemClock } from './clock.ts'
import { ControlServer } from './control.ts'
import { defaultNodeId } from './identity.ts'
import type { Log } from './log.ts'
import { Publisher } from './publisher.ts'
import { UsageMeter } from './usage.ts'

export interface NodeOptions extends Partial<SourceRequest> {
  /** `tone:demo`, `wav:FILE`, `alsa:DEVICE`. */
  readonly source: string
  /** Where to listen: `tcp://0.0.0.0:5555` (control on the next port) or `inproc://name` (control on `inproc://name-control`). */
  readonly endpoint: string
  /** For people; default the host name. */
  readonly name?: string
  /** Default: a hash of this machine and the endpoint, so that it is the same after every start. */
  readonly id?: string
  /** Program and version, for people. */
  readonly software?: string
  readonly calibration?: NodeMeta['calibration']
  /** Keep trying when the source cannot be opened at first; default: a fault. */
  readonly wait?: boolean
  /** What is kept in memory to be asked for once more; default DEFAULT_RING. `seconds` 0: nothing. */
  readonly ring?: RingLimits
  /** What is kept on disk as well; default: nothing. */
  readonly spool?: SpoolLimits
  /** Announce the node by DNS-SD; only for TCP. Default: false. */
  readonly advertise?: boolean
  readonly log?: Log
}

export interface RunningNode {
  readonly id: string
  readonly name: string
  readonly endpoint: string
  /** Format and source in one line, for people. */
  readonly summary: string
  /** Resolves when the source has ended for good, as a file played once does. */
  readonly ended: Promise<void>
  /** The latest metadata, as it is broadcast. */
  meta(): NodeMeta
  /** Ends within a second: capture child gone, sockets closed. */
  stop(): Promise<void>
}

const META_MS = 1000
export const DEFAULT_BLOCK_MS = 10

/**
 * Faults: `bad-address`, `port-in-use`, `bad-argument` and those of the source (`device-unknown`, `tool-missing`, `bad-wav`, …).
 */
export async function startNode(options: NodeOptions): Promise<Result<RunningNode>> {
  const address = parseAddress(options.endpoint)
  if (!address.ok) return address
  const request = { ...options, blockMs: options.blockMs ?? DEFAULT_BLOCK_MS }
  const source = await createSource(options.source, request)
  if (!source.ok) return source

  const id = options.id ?? defaultNodeId(address.value.pub)
  const name = options.name ?? hostname()
  const log = options.log ?? (() => undefined)
  const clock = new SystemClock()
  const usage = new UsageMeter()
  const started = performance.now()
  const ended = Promise.withResolvers<void>()
  const store = new DisposableStore()
  let stream: NodeMeta['stream']
  let spent = usage.read(undefined)

  const rings = await openRing({ ...options, id, log })
  if (!rings.ok) return rings
  const ring = rings.value
  store.defer(() => ring.close())
  const { kept } = ring

  const ipv6 = address.value.pub.startsWith('tcp://[')
  const publisher = new Publisher(id, request.blockMs, ipv6)
  store.defer(() => publisher.close())
  const control = new ControlServer(clock, meta, kept, ipv6)
  store.defer(() => control.close())

  function meta(): NodeMeta {
    return {
      protocol: PROTOCOL_VERSION,
      id,
      name,
      software: options.software ?? 'farfield',
      source: {
        kind: source.ok ? source.value.kind : '',
        label: capture.label,
        simulated: capture.simulated,
        state: capture.state,
        ...(capture.message === undefined ? {} : { message: capture.message }),
      },
      ...(stream ? { stream } : {}),
      ...(options.calibration ? { calibration: options.calibration } : {}),
      ringSeconds: Math.floor(kept?.seconds ?? 0),
      ...ring.meta(),
      counters: {
        blocks: publisher.blocks,
        overruns: capture.overruns,
        overrunFrames: capture.overrunFrames,
        reopened: capture.reopened,
        subscribers: publisher.connections,
        ...control.counters,
        ...ring.counters,
        uptimeSeconds: Math.round((performance.now() - started) / 1000),
        ...spent,
      },
    }
  }
  const capture = new Capture(source.value.source, log, {
    begin(format: StreamFormat) {
      const blockFrames = Math.max(1, Math.round((format.rate * request.blockMs) / 1000))
      const number = randomBytes(8).readBigUInt64LE()
      stream = { ...format, id: streamIdText(number), blockFrames }
      log('info', `stream ${stream.id}: ${describeFormat(format)}`)
      const begun = { format, blockFrames, stream: number, firstFrame: options.firstFrame ?? 0n }
      const maker = new BlockMaker(begun, clock, (header, samples) => {
        publisher.block(header, samples)
        kept?.push({ header, samples })
      })
      return {
        push: (bytes, endNs) => maker.push(bytes, endNs),
        lost: (frames) => maker.lost(frames),
        end() {
          maker.flush()
          kept?.end()
        },
      }
    },
    changed: () => publisher.meta(meta()),
    ended: () => ended.resolve(),
  })
  store.defer(() => capture.close())

  const bound = await bind(publisher, control, address.value)
  const opened = bound.ok ? await capture.start(options.wait ?? false) : bound
  if (!opened.ok) {
    await store.dispose()
    return opened
  }
  const timer = setInterval(() => {
    spent = usage.read(capture.pid)
    publisher.meta(meta())
  }, META_MS)
  store.defer(() => clearInterval(timer))
  if (options.advertise && address.value.pub.startsWith('tcp://')) {
    const { advertise } = await import('./advertise.ts')
    const advertiser: Advertiser = advertise({ id, name, software: meta().software, url: address.value.pub }, log)
    store.add(advertiser)
  }
  return ok({
    id,
    name,
    endpoint: address.value.pub,
    get summary() {
      return `${stream ? `${describeFormat(stream)} · ` : ''}${options.source}`
    },
    ended: ended.promise,
    meta,
    stop: () => store.dispose(),
  })
}

async function bind(
  publisher: Publisher,
  control: ControlServer,
  address: { readonly pub: string; readonly control: string },
): Promise<Result<void>> {
  let url = address.pub
  try {
    await publisher.bind(url)
    url = address.control
    await control.bind(url)
    return ok(undefined)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE')
      return fail('port-in-use', `${url} is already in use. Stop the program that uses it, or choose another --port.`)
    if (code === 'EACCES') return fail('bad-address', `This user may not listen on ${url}. Choose a --port above 1023.`)
    if (code === 'EADDRNOTAVAIL' || code === 'ENODEV')
      return fail('bad-address', `This computer has no such address to listen on: ${url}. Choose another --bind.`)
    throw error
  }
}
