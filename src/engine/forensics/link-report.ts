/** What is said of a link: its figures, how they were, and what endangers the sound. Put together from who knows it. */
import type { LinkHealth, LinkHistory, RingHealth } from '#contract/link-health.ts'
import { oldestAge } from '#engine/backfill/age.ts'
import { LIVE_NS, type PresenceWatch } from '#engine/presence.ts'
import type { StreamFormats } from '#engine/stream-formats.ts'
import type { TimeKeeper } from '#engine/time-keeper.ts'
import type { Tracker } from '#engine/tracker.ts'
import type { Clock } from '#shared/clock.ts'
import type { Fault } from '#shared/result.ts'
import type { NodeMeta } from '#wire/meta.ts'
import type { Forensics } from './forensics.ts'
import { LinkMeter } from './link-meter.ts'
import { linkWarnings } from './warnings.ts'

export interface LinkSources {
  readonly clock: Clock
  readonly time: TimeKeeper
  readonly tracker: Tracker
  readonly formats: StreamFormats
  readonly presence: PresenceWatch
  readonly forensics: Forensics
  readonly meta: () => NodeMeta | undefined
}

export class LinkReport {
  readonly meter = new LinkMeter()
  readonly #sources: LinkSources
  readonly #startedAt: bigint

  constructor(sources: LinkSources) {
    this.#sources = sources
    this.#startedAt = sources.clock.monotonicNs()
  }

  /** Call once a second. */
  tick(now: bigint): void {
    this.meter.tick(now, Number(this.#sources.clock.utcNs() / 1_000_000n))
  }

  /** How the sound comes; undefined in the first second. */
  get health(): LinkHealth | undefined {
    const second = this.meter.newest
    if (!second) return undefined
    const { clock, time, tracker, formats, meta } = this.#sources
    const view = time.node.view
    const { live } = tracker
    const pending = this.#oldestAge()
    return {
      at: second.at,
      bitsPerSecond: second.bitsPerSecond,
      stepped: view?.stepped ?? false,
      sessionSeconds: Number(clock.monotonicNs() - this.#startedAt) / 1e9,
      ...known('latencyMs', second.latencyMs),
      ...known('latencyMaxMs', second.latencyMaxMs),
      ...known('uncertaintyMs', view && view.roundTripMs / 2),
      ...known('jitterMs', second.jitterMs),
      ...known('wallOffsetMs', time.wallOffsetMs),
      ...known('driftPpm', view?.driftPpm),
      ...known('streamSeconds', live && Number(live.heard) / formats.rateOf(live.stream)),
      ...known('ring', ringOf(meta())),
      ...known('pendingAgeSeconds', pending === undefined ? undefined : Number(pending) / 1e9),
    }
  }

  /** The seconds that ended after `since`, ms since 1970. */
  history(since: number): LinkHistory {
    return this.meter.history(since)
  }

  /** What endangers the sound of this node now; `name` for people. */
  warnings(name: string): readonly Fault[] {
    const { forensics, formats, meta } = this.#sources
    return linkWarnings(name, {
      slow: forensics.watch.slow,
      format: formats.live,
      ringSeconds: meta()?.ringSeconds ?? 0,
      oldestAge: this.#oldestAge(),
    })
  }

  /** Of the oldest sound that is needed and has not come, ns. */
  #oldestAge(): bigint | undefined {
    const { clock, tracker, time, presence } = this.#sources
    const now = clock.monotonicNs()
    const { soundAt } = presence
    return oldestAge(tracker, time.node, now, soundAt !== undefined && now - soundAt >= LIVE_NS)
  }
}

function ringOf(meta: NodeMeta | undefined): RingHealth | undefined {
  if (!meta?.ring) return undefined
  const { kind, streams, message } = meta.ring
  const held = streams.reduce((sum, { from, to, rate }) => sum + Number(BigInt(to) - BigInt(from)) / rate, 0)
  return { kind, seconds: meta.ringSeconds, heldSeconds: held, ...known('message', message) }
}

function known<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V })
}
