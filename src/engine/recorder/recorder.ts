/** The running and the recent takes. Knows sessions only as block sources; measures each take beside recording it. */
import { randomUUID } from 'node:crypto'
import type { Clock } from '#shared/clock.ts'
import { frameBytes, sameFormat, type StreamFormat } from '#shared/pcm.ts'
import { ok, type Fault, type Result } from '#shared/result.ts'
import type { MarkName } from '#contract/commands.ts'
import type { DiskView, RecordingChoices, TakeView } from '#contract/state.ts'
import type { SpanReading } from '#engine/dsp/messages.ts'
import type { SessionBlock } from '#engine/session-events.ts'
import type { Session } from '#engine/session.ts'
import type { LostRange } from '#engine/tracker.ts'
import { checkFolder } from './disk-fault.ts'
import { EndedTakes } from './ended-takes.ts'
import { Entry, type MeasureFile } from './entry.ts'
import { nodeFolder, stemOf } from './names.ts'
import { takeUp, type Unfinished } from './resume.ts'
import { RoomWatch } from './room-watch.ts'
import type { TakeSource } from './source.ts'
import { Take } from './take.ts'
import { verdictOf } from './sealing.ts'
import { viewOf } from './view.ts'

/** Takes kept in view; older ones stay on disk only. */
const MAX_TAKES = 100
const TICK_MS = 250
/** Sound is safe on the disk this long after it came. */
const FLUSH_TICKS = 4

export interface RecorderEvents {
  /** Start or end measuring the live sound of a take. */
  span(node: number, take: string, begin: boolean): void
  measure: MeasureFile
  failed(fault: Fault): void
  changed(): void
  session(node: number): Session | undefined
  /** Of every node that could be recorded now. */
  liveFormats(): readonly StreamFormat[]
}

/** A node to be recorded. */
export interface Recorded {
  readonly key: number
  readonly name: string
  readonly address: string
  readonly id?: string
  readonly software?: string
  /** What is known of its microphone, in one line. */
  readonly calibration?: string
  readonly format: StreamFormat
}

export interface StartOptions {
  readonly folder: string
  readonly choices: RecordingChoices
  /** Length without the pre-roll; until stopped when absent. */
  readonly seconds?: number
  /** Takes of one start share it, and begin at the same moment: ns of the monotonic clock, UTC ms. */
  readonly group: string
  readonly ns: bigint
  readonly utc: number
}

export class Recorder {
  readonly #events: RecorderEvents
  readonly #clock: Clock
  readonly #rooms: RoomWatch
  readonly #entries: Entry[] = []
  readonly ended = new EndedTakes(this.#entries, () => this.#events.changed())
  readonly #timer: NodeJS.Timeout
  #ticks = 0

  constructor(clock: Clock, software: string, events: RecorderEvents) {
    this.#clock = clock
    this.software = software
    this.#events = events
    this.#rooms = new RoomWatch((fault) => this.#events.failed(fault))
    this.#timer = setInterval(() => this.#tick(), TICK_MS)
    this.#timer.unref()
  }

  /** Name and version, for the files. */
  readonly software: string

  get recording(): boolean {
    return this.#entries.some((e) => !e.take.stopped)
  }

  get disk(): DiskView | undefined {
    return this.#rooms.view
  }

  /** The take that the node is being recorded in. */
  takeOf(node: number): string | undefined {
    return this.#running(node)?.id
  }

  /** True while a stopped take of the node waits for missing sound. */
  repairing(node: number): boolean {
    return this.#entries.some((e) => e.node === node && e.take.stopped && !e.take.finished)
  }

  /** Begins at the moment of `options`, in a folder that `checkFolder` accepted. A node that is being recorded keeps its take. */
  async start(node: Recorded, options: StartOptions): Promise<Result<string>> {
    const { choices, seconds } = options
    const folder = choices.perNodeFolders ? nodeFolder(options.folder, node.name) : options.folder
    const folderIs = folder === options.folder ? ok(null) : await checkFolder(folder)
    if (!folderIs.ok) return folderIs
    const running = this.#running(node.key)
    if (running) return ok(running.id)
    return ok(this.#begin(node, { ...options, folder }, seconds))
  }

  /** Goes on with a take that was left unfinished. False when somebody else does already. Rejects with the system's error. */
  async resume(found: Unfinished, node: number): Promise<boolean> {
    const taken = await takeUp(found, this.software)
    if (!taken) return false
    for (const fault of taken.faults) this.#events.failed(fault)
    const { left } = taken
    this.#add(node, (source) => {
      return new Take(
        { head: left.state.take, folder: found.folder, clock: this.#clock, software: this.software, source },
        left,
      )
    })
    return true
  }

  /** Call after the block went to the meters: a take that is complete ends its measurement behind it. */
  accept(node: number, block: SessionBlock): void {
    for (const entry of this.#entries) {
      if (entry.node !== node || entry.take.finished) continue
      entry.take.accept(block)
      if (entry.take.complete && !entry.take.stopped) void this.stop([entry.id])
      if (entry.take.stopped && entry.take.heard) entry.endSpan()
    }
  }

  lost(node: number, range: LostRange): void {
    for (const entry of this.#entries) if (entry.node === node) entry.take.lost(range)
  }

  streamEnded(node: number, stream: bigint, end: bigint): void {
    for (const entry of this.#entries) if (entry.node === node) entry.take.ended(stream, end)
  }

  /** A take holds one format: the node's take ends and another begins in the same folder, for the rest of its length. */
  formatChanged(node: number, format: StreamFormat): void {
    const running = this.#running(node)
    if (!running || sameFormat(running.take.head.format, format)) return
    const { head, folder, secondsLeft } = running.take
    running.take.close()
    void this.stop([running.id])
    const { choices, group } = head
    const at = { ns: this.#clock.monotonicNs(), utc: Date.now() }
    const { calibration } = head
    const recorded = { key: node, format, ...head.node, ...(calibration === undefined ? {} : { calibration }) }
    this.#begin(recorded, { folder, choices: { ...choices, preRoll: 0 }, group, ...at }, secondsLeft, true)
  }

  /** Ends these takes, or all; resolves when their files are finished. */
  async stop(ids: readonly string[]): Promise<void> {
    const chosen = this.#entries.filter((e) => !e.done && (ids.length === 0 || ids.includes(e.id)))
    const ns = this.#clock.monotonicNs()
    for (const { take } of chosen) take.stop(ns)
    this.#events.changed()
    await Promise.all(chosen.map((entry) => entry.end()))
  }

  /** Finishes these takes, or all that were stopped, with what there is. */
  async finish(ids: readonly string[]): Promise<void> {
    const chosen = this.#entries.filter((e) => !e.done && (ids.length === 0 ? e.take.stopped : ids.includes(e.id)))
    for (const { take } of chosen) take.finishNow()
    this.#events.changed()
    await Promise.all(chosen.map((entry) => entry.end()))
  }

  /** Marks this moment in these takes, or in all that run. Returns the marks. */
  mark(ids: readonly string[], label: string): readonly MarkName[] {
    const chosen = this.#entries.filter((e) => !e.take.stopped && (ids.length === 0 || ids.includes(e.id)))
    const marks = chosen.flatMap(({ id, take }) => {
      const number = take.mark(label)
      return number === undefined ? [] : [{ take: id, number }]
    })
    if (marks.length > 0) this.#events.changed()
    return marks
  }

  /** Another label for marks whose files are not finished. Returns of how many. */
  label(marks: readonly MarkName[], label: string): number {
    const done = marks.filter((mark) => this.#entries.find((e) => e.id === mark.take)?.take.label(mark.number, label))
    if (done.length > 0) this.#events.changed()
    return done.length
  }

  /**
   * The program ends: running takes are stopped and finished; those that wait for missing sound stay as they are, with their
   * journals, and the next start goes on with them.
   */
  async leave(): Promise<void> {
    for (const { take } of this.#entries) take.stop()
    await Promise.all(this.#entries.map((entry) => entry.leave()))
    clearInterval(this.#timer)
  }

  measured(reading: SpanReading): void {
    const entry = this.#entries.find((e) => e.id === reading.span)
    entry?.measured(reading)
    if (entry) this.#events.changed()
  }

  /** What is recorded to, or would be. Call when it changed. */
  watchRoom(folder: string): void {
    this.#rooms.folder = folder
  }

  views(): readonly TakeView[] {
    return this.ended.entries.map((entry) => {
      const { take, node, integrated, rms, verifying } = entry
      const verdict = verdictOf(take.shelf.verdicts)
      const diskSeconds = take.stopped ? undefined : this.#rooms.secondsIn(take.folder)
      return {
        ...viewOf(take),
        node,
        state: entry.state,
        integrated,
        rms,
        ...(verdict ? { verdict } : {}),
        ...(verifying === undefined ? {} : { verifying }),
        ...(diskSeconds === undefined ? {} : { diskSeconds }),
      }
    })
  }

  #running(node: number): Entry | undefined {
    return this.#entries.find((e) => e.node === node && !e.take.stopped)
  }

  #begin(node: Recorded, options: StartOptions, seconds: number | undefined, follows = false): string {
    const { folder, choices, group, ns, utc } = options
    const { key, name, address, id, software, calibration, format } = node
    const session = this.#events.session(key)
    const origin = follows ? undefined : session?.positionAt(ns)
    const head = {
      id: randomUUID(),
      group,
      node: {
        name,
        address,
        ...(id === undefined ? {} : { id }),
        ...(software === undefined ? {} : { software }),
      },
      ...(calibration === undefined ? {} : { calibration }),
      format,
      choices,
      stem: stemOf(choices.namePattern, { node: name, ...(id === undefined ? {} : { nodeId: id }), at: new Date(utc) }),
      startedAt: utc,
      ringSeconds: session?.metadata?.ringSeconds ?? 0,
      ...(seconds === undefined ? {} : { limit: Math.round(seconds * format.rate) }),
    }
    const known = origin && session?.tracker.stream === origin.stream ? { origin } : {}
    const { take } = this.#add(key, (source) => {
      return new Take({ head, folder, clock: this.#clock, software: this.software, source, ...known })
    })
    return take.head.id
  }

  #add(node: number, make: (source: () => TakeSource | undefined) => Take): Entry {
    const entry = new Entry(node, make, {
      session: () => this.#events.session(node),
      span: (take, begin) => this.#events.span(node, take, begin),
      measure: (...what) => this.#events.measure(...what),
      failed: (fault) => this.#events.failed(fault),
      changed: () => this.#events.changed(),
    })
    this.#entries.unshift(entry)
    const oldest = this.#entries.at(-1)!
    if (this.#entries.length > MAX_TAKES && oldest.done) this.#entries.pop()
    this.#events.changed()
    return entry
  }

  #tick(): void {
    const flush = ++this.#ticks % FLUSH_TICKS === 0
    for (const entry of this.#entries) entry.tick(flush)
    if (flush) void this.#watchRooms()
  }

  async #watchRooms(): Promise<void> {
    const running = this.#entries.filter((e) => !e.take.stopped)
    const loads = running.map(({ take }) => ({ folder: take.folder, bytesPerSecond: paceOf(take.head.format) }))
    const idle = this.#events.liveFormats().reduce((sum, format) => sum + paceOf(format), 0)
    const full = await this.#rooms.look(loads, idle)
    for (const { take } of running) {
      const fault = full.get(take.folder)
      if (fault && !take.stopped) take.end(fault)
    }
  }
}

/** Bytes a second. */
function paceOf(format: StreamFormat): number {
  return frameBytes(format) * format.rate
}
