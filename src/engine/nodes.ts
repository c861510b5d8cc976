/** One node of the list: its address, its session while it is connected, and what is shown of it. */
import type { Clock } from '#shared/clock.ts'
import { describeFormat, type StreamFormat } from '#shared/pcm.ts'
import type { LinkHistory } from '#contract/link-health.ts'
import { NO_LINK, type CaptureView, type LinkView, type NodeView } from '#contract/state.ts'
import type { NodeMeta } from '#wire/meta.ts'
import type { NodeEndpoint } from '#wire/topics.ts'
import { NodeCalibration } from './calibration.ts'
import type { Microphones } from './calibration-store.ts'
import { MAX_WAITING_BLOCKS } from './dsp/lane.ts'
import type { DspPool } from './dsp/pool.ts'
import type { RememberedNode } from './settings.ts'
import { NodeMetering } from './metering.ts'
import type { LostRange } from './tracker.ts'
import type { SessionBlock, SessionEvents } from './session-events.ts'
import { Session } from './session.ts'

export interface NodeEvents {
  /** A block on its way to the recorder. */
  block(key: number, block: SessionBlock): void
  format(key: number, format: StreamFormat): void
  /** Something shown of the node has changed by itself. */
  changed(): void
  lost(key: number, range: LostRange): void
  ended(key: number, stream: bigint, end: bigint): void
  /** Sound of [from, to), ms since 1970, was sent and is in no reading. */
  unheard(key: number, from: number, to: number): void
  log(line: string): void
}

/** A wall clock that jumped must not become a gap of years. */
const MAX_GAP_FRAMES = 2 ** 31

const NO_HISTORY: LinkHistory = {
  at: [],
  latencyMs: [],
  latencyMaxMs: [],
  jitterMs: [],
  roundTripMs: [],
  heardMs: [],
  missingMs: [],
}

export class ManagedNode implements SessionEvents {
  readonly key: number
  readonly calibration: NodeCalibration
  readonly metering: NodeMetering
  #endpoint: NodeEndpoint
  readonly #clock: Clock
  readonly #pool: DspPool
  readonly #events: NodeEvents
  #session: Session | undefined
  #lastMeta: NodeMeta | undefined
  #remembered: RememberedNode
  #nodeText: string | undefined
  /** End of the newest block, UTC ms. */
  #capturedAt: number | undefined

  constructor(
    key: number,
    endpoint: NodeEndpoint,
    remembered: RememberedNode,
    clock: Clock,
    pool: DspPool,
    microphones: Microphones,
    events: NodeEvents,
  ) {
    this.key = key
    this.#endpoint = endpoint
    this.#remembered = remembered
    this.#clock = clock
    this.#pool = pool
    this.#events = events
    this.metering = new NodeMetering(key, pool, remembered.choices ?? {})
    const identity = (): { node: string | undefined; device: string | undefined } => ({
      node: this.id,
      device: this.#lastMeta?.source.label,
    })
    this.calibration = new NodeCalibration(key, pool, microphones, identity, () => events.changed())
    if (remembered.calibration)
      this.calibration.use(remembered.calibration.file, remembered.calibration.text, 'workstation')
  }

  get endpoint(): NodeEndpoint {
    return this.#endpoint
  }
  get session(): Session | undefined {
    return this.#session
  }
  get id(): string | undefined {
    return this.#session?.nodeId ?? this.#remembered.id
  }
  get name(): string {
    return this.#lastMeta?.name ?? this.#remembered.name ?? this.endpoint.pub.replace(/^tcp:\/\//, '')
  }

  connect(): void {
    if (this.#session) return
    this.#session = new Session(this.endpoint, this.#clock, this)
    this.#capturedAt = undefined
    // A closed node is forgotten by its worker, its calibration included.
    const text = this.#remembered.calibration?.text ?? this.#nodeText
    if (text !== undefined) this.#pool.calibrate(this.key, text)
    this.metering.begin()
    this.#session.tick()
  }

  /** It has been found at another address. Its session, meters and takes go on. */
  move(endpoint: NodeEndpoint): void {
    this.#endpoint = endpoint
    this.#remembered = { ...this.#remembered, address: endpoint.pub }
    this.#session?.move(endpoint)
  }

  disconnect(): void {
    this.calibration.endCheck()
    // Who it is outlives the session: its history is asked for by that.
    const { id } = this
    if (id !== undefined) this.#remembered = { ...this.#remembered, id }
    this.#session?.close()
    this.#session = undefined
    this.metering.end()
    this.#pool.close(this.key)
  }

  /** A file loaded at the workstation, which wins over the node's own; undefined goes back to that. */
  calibrate(calibration: { file: string; text: string } | undefined): void {
    const before = this.#remembered.calibration
    this.calibration.undoBy(() => this.#calibrate(before))
    this.#calibrate(calibration)
  }

  #calibrate(calibration: { file: string; text: string } | undefined): void {
    const { calibration: _previous, ...rest } = this.#remembered
    this.#remembered = calibration ? { ...rest, calibration } : rest
    const own = this.#lastMeta?.calibration
    if (calibration) this.calibration.use(calibration.file, calibration.text, 'workstation')
    else if (own) this.calibration.use(own.file, own.text, 'node')
    else this.calibration.clear()
  }

  /** What the settings keep. */
  remember(): RememberedNode {
    const { id } = this
    const { chosen } = this.metering
    return {
      ...this.#remembered,
      name: this.name,
      ...(id ? { id } : {}),
      ...(Object.keys(chosen).length > 0 ? { choices: chosen } : {}),
      connected: this.#session !== undefined,
    }
  }

  view(take: string | undefined): NodeView {
    const session = this.#session
    const meta = this.#lastMeta
    const { presence, fault } = session?.presence() ?? { presence: 'disconnected' as const }
    return {
      key: this.key,
      address: this.endpoint.pub,
      name: this.name,
      presence,
      ...this.metering.view,
      calibration: this.calibration.view,
      link: session ? this.#link(session) : NO_LINK,
      ...optional('id', this.id),
      ...optional('software', meta?.software),
      ...optional('fault', fault),
      ...optional('format', session?.streamFormat),
      ...optional(
        'source',
        meta && { kind: meta.source.kind, label: meta.source.label, simulated: meta.source.simulated },
      ),
      ...optional('roundTripMs', session?.roundTripMs),
      ...optional('capture', meta && captureOf(meta)),
      ...optional('calibrator', this.calibration.check),
      ...optional('take', take),
    }
  }

  #link(session: Session): LinkView {
    const { tracker, losses } = session
    return {
      ...tracker.counters,
      pendingFrames: tracker.pendingFrames,
      refused: session.refusedPackets,
      ...optional('health', session.report.health),
      queue: { blocks: this.#pool.waiting(this.key), limit: MAX_WAITING_BLOCKS },
      dropped: this.#pool.dropped(this.key),
      losses: losses.view(this.name),
      warnings: session.report.warnings(this.name),
    }
  }

  /** The seconds of the link that ended after `since`, ms since 1970; none while not connected. */
  linkHistory(since: number): LinkHistory {
    return this.#session?.report.history(since) ?? NO_HISTORY
  }

  format(format: StreamFormat): void {
    this.#events.log(`${this.name}: ${describeFormat(format)}`)
    this.#pool.open(this.key, format)
    this.#capturedAt = undefined
    this.#events.format(this.key, format)
  }

  block(block: SessionBlock): void {
    if (block.kind === 'live') this.#meter(block)
    this.#events.block(this.key, block)
  }

  #meter(block: SessionBlock): void {
    const { header, samples } = block
    const startedAt = Number(header.utcNs / 1000n) / 1000
    const gap = this.#gapBefore(block, startedAt)
    if (gap > 0) this.#events.unheard(this.key, startedAt - (1000 * gap) / header.rate, startedAt)
    this.#capturedAt = startedAt + (header.frames / header.rate) * 1000
    const measured = this.#pool.block(this.key, {
      bytes: samples,
      gap,
      frames: header.frames,
      position: Number(header.firstFrame) + header.frames,
      capturedAt: this.#capturedAt,
    })
    if (measured) return
    this.#events.unheard(this.key, startedAt, this.#capturedAt)
    this.#session?.losses.note(Date.now(), 'session', header.frames, header.rate, 'not measured; recordings have it')
  }

  /** Positions tell what is missing inside a stream; between two streams only the capture times can, roughly. */
  #gapBefore(block: SessionBlock, startedAt: number): number {
    if (block.gap && !block.begins) return Number(block.gap.to - block.gap.from)
    if (!block.begins || this.#capturedAt === undefined) return 0
    const frames = Math.round(((startedAt - this.#capturedAt) / 1000) * block.header.rate)
    return Math.min(Math.max(frames, 1), MAX_GAP_FRAMES)
  }

  lost(range: LostRange): void {
    this.#events.lost(this.key, range)
  }

  ended(stream: bigint, end: bigint): void {
    this.#events.ended(this.key, stream, end)
  }

  meta(meta: NodeMeta): void {
    this.#lastMeta = meta
    if (this.#remembered.calibration || meta.calibration?.text === this.#nodeText) return
    this.#nodeText = meta.calibration?.text
    this.#calibrate(undefined)
  }
}

function captureOf({ counters }: NodeMeta): CaptureView {
  const { overruns, overrunFrames, reopened, cpuPercent, memoryBytes, uptimeSeconds } = counters
  return { overruns, overrunFrames, reopened, cpuPercent, memoryBytes, uptimeSeconds }
}

function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V })
}
