/**
 * The workstation without a screen: nodes, meters, recorder, discovery, settings, put together. Hosts (Electron, browser,
 * command line) create one and attach screens to it. Knows no Electron and no HTTP.
 */
import { hostname } from 'node:os'
import { join } from 'node:path'
import { serveScreen, type Host } from '#contract/serve.ts'
import type { Link, Watched } from '#contract/link.ts'
import { type MergeRule, type NodeReadings } from '#contract/frame.ts'
import type { FoundNode, Presence, RecordingChoices, ScanView, WorkstationState } from '#contract/state.ts'
import { METERS } from '#meters/registry.ts'
import { DisposableStore, Emitter, type Disposable } from '#shared/lifecycle.ts'
import type { Fault, Result } from '#shared/result.ts'
import { systemClock } from './clock.ts'
import { Microphones } from './calibration-store.ts'
import { createHandlers } from './commands.ts'
import { Histories } from './history/histories.ts'
import { withConflict } from './conflicts.ts'
import { DspPool } from './dsp/pool.ts'
import type { DspNews } from './dsp/messages.ts'
import { ManagedNode, type NodeEvents } from './nodes.ts'
import { Notices } from './notices.ts'
import { Recorder } from './recorder/recorder.ts'
import { resumeAll } from './recording.ts'
import { Roster } from './roster.ts'
import { Seeker } from './seeker.ts'
import { SettingsFile } from './settings.ts'
import { Watchers } from './watchers.ts'
import { keepYoungSmall } from './young.ts'

export interface DemoNode {
  readonly endpoint: string
  stop(): Promise<void>
}

export interface WorkstationOptions {
  /** Settings live here. */
  readonly dataDir: string
  /** Where recordings go unless the settings say otherwise. */
  readonly recordingFolder: string
  /** Entry file of the DSP worker. */
  readonly workerUrl: URL | string
  readonly version: string
  /** Starts the demo node in this process; the composition root has it, because the engine does not know the node's code. */
  readonly startDemoNode?: () => Promise<Result<DemoNode>>
  /** IPv4 addresses to scan on; all when absent. */
  readonly scanInterfaces?: readonly string[]
  /** Connect again to the nodes that were connected when it was closed (default), or begin with none and remember none. */
  readonly remember?: boolean
  /** Shows a file in its folder, where the screen is on this computer's desktop. */
  readonly reveal?: (path: string) => void
  /** Lets the person at this computer choose a folder, beginning at `from`; undefined where they did not. */
  readonly chooseFolder?: (from: string) => Promise<string | undefined>
  readonly log: (line: string) => void
}

/** The state is built at most this often while counters move; a command's effect is shown at once. */
const STATE_EVERY_MS = 250
const TICK_MS = 1000
/** Of a node that may be somewhere else by now. */
const ABSENT: ReadonlySet<Presence> = new Set<Presence>(['lost', 'connecting'])
/** How takes are begun until somebody chooses. */
export const RECORDING: RecordingChoices = { preRoll: 0, split: null, namePattern: '', perNodeFolders: false }

export class Workstation implements Host {
  readonly options: WorkstationOptions
  readonly settings: SettingsFile
  readonly recorder: Recorder
  readonly pool: DspPool
  readonly histories: Histories
  readonly nodes: Roster
  readonly handlers = createHandlers(this)
  readonly #store = new DisposableStore()
  readonly #stateChanged = new Emitter<void>()
  readonly #readings = new Emitter<readonly NodeReadings[]>()
  readonly #links = new Set<Disposable>()
  readonly #about: WorkstationState['about']
  #state: WorkstationState | undefined
  #scan: ScanView = { running: false, found: [] }
  readonly #notices = new Notices()
  readonly #watchers = new Watchers((key, meters) => this.nodes.get(key)?.metering.watch(meters))
  #demo: DemoNode | undefined

  private constructor(options: WorkstationOptions, settings: SettingsFile) {
    this.options = options
    this.settings = settings
    const microphones = new Microphones(settings)
    const { version, dataDir, reveal, chooseFolder } = options
    this.#about = {
      version,
      computer: hostname(),
      dataFolder: dataDir,
      reveals: reveal !== undefined,
      choosesFolders: chooseFolder !== undefined,
    }
    settings.onFailure = (fault) => this.notify(fault)
    this.pool = this.#store.add(
      new DspPool(
        options.workerUrl,
        (message) => this.#fromWorker(message),
        (error) => {
          options.log(`A meter thread died: ${error.stack ?? error.message}`)
          this.notify({
            code: 'internal',
            message:
              'The meters stopped because of an error of our own. Recording goes on; start Farfield again to measure.',
          })
        },
      ),
    )
    const kept = options.remember === false ? undefined : join(options.dataDir, 'history')
    this.histories = this.#store.add(
      new Histories(kept, (why) =>
        this.notify({
          code: 'folder-unwritable',
          message: `The history of levels cannot be kept on the disk (${kept}: ${why}). It lasts until Farfield is closed.`,
        }),
      ),
    )
    this.recorder = new Recorder(systemClock, `farfield ${options.version}`, {
      span: (node, take, begin) => this.pool.span(node, take, begin),
      measure: (...what) => this.pool.measure(...what),
      failed: (fault) => this.notify(fault),
      changed: () => this.changed(),
      session: (key) => this.nodes.get(key)?.session,
      liveFormats: () => {
        const live = [...this.nodes.values()].filter(({ session }) => session?.presence().presence === 'live')
        return live.flatMap(({ session }) => session?.streamFormat ?? [])
      },
    })
    const events: NodeEvents = {
      block: (key, block) => this.recorder.accept(key, block),
      changed: () => this.changed(),
      format: (key, format) => this.recorder.formatChanged(key, format),
      lost: (key, range) => this.recorder.lost(key, range),
      ended: (key, stream, end) => this.recorder.streamEnded(key, stream, end),
      unheard: (key, from, to) => this.histories.lose(this.nodes.get(key)?.id ?? '', from, to),
      log: this.options.log,
    }
    this.nodes = new Roster(
      (key, endpoint, remembered) =>
        new ManagedNode(key, endpoint, remembered, systemClock, this.pool, microphones, events),
    )
    this.recorder.watchRoom(settings.value.recordingFolder)
  }

  static async open(options: WorkstationOptions): Promise<Workstation> {
    keepYoungSmall()
    const defaults = { recordingFolder: options.recordingFolder, nodes: [] }
    const { settings, fault } = await SettingsFile.open(options.dataDir, defaults)
    const workstation = new Workstation(options, settings)
    if (fault) workstation.notify(fault)
    if (options.remember !== false)
      for (const remembered of settings.value.nodes) {
        const node = workstation.nodes.add(remembered)
        if (node.ok && remembered.connected) node.value.connect()
      }
    workstation.#run()
    if (options.remember !== false) await resumeAll(workstation)
    return workstation
  }

  attach(link: Link): Disposable {
    const screen = serveScreen(link, this)
    this.#links.add(screen)
    link.onClose(() => this.#links.delete(screen))
    return screen
  }

  recording(): boolean {
    return this.recorder.recording
  }

  /** Finishes every recording but those that wait for missing sound, with which the next start goes on; then closes sockets and threads. */
  async dispose(): Promise<void> {
    await this.recorder.leave()
    for (const link of this.#links) await link.dispose()
    this.#remember()
    for (const node of this.nodes.values()) node.disconnect()
    await this.#demo?.stop()
    await this.#store.dispose()
    await this.settings.saved()
  }

  state(): WorkstationState {
    return (this.#state ??= {
      about: this.#about,
      nodes: [...this.nodes.values()].map((node) =>
        withConflict(node.view(this.recorder.takeOf(node.key)), node, this.nodes.values()),
      ),
      scan: { ...this.#scan, found: this.#scan.found.map((found) => this.#withKey(found)) },
      takes: this.recorder.views(),
      ...(this.recorder.disk ? { disk: this.recorder.disk } : {}),
      notices: this.#notices.list,
      settings: {
        recordingFolder: this.settings.value.recordingFolder,
        recording: this.settings.value.recording ?? RECORDING,
      },
    })
  }

  onState(listener: () => void): Disposable {
    return this.#stateChanged.on(listener)
  }

  onReadings(listener: (nodes: readonly NodeReadings[]) => void): Disposable {
    return this.#readings.on(listener)
  }

  rules(key: number, meter: number): readonly MergeRule[] {
    const format = this.nodes.get(key)?.session?.streamFormat
    return format ? (METERS[meter]?.layout(format) ?? []) : []
  }

  watch(shown: readonly Watched[]): Disposable {
    const known = shown.filter(({ node }) => this.nodes.get(node))
    this.#watchers.add(known, 1)
    return { dispose: () => this.#watchers.add(known, -1) }
  }

  now(): number {
    return Date.now()
  }

  onBug(error: unknown): void {
    this.options.log(
      `A command failed because of an error of our own: ${error instanceof Error ? error.stack : String(error)}`,
    )
  }

  /** Something shown has changed: screens hear of it now. */
  changed(): void {
    this.#state = undefined
    this.#stateChanged.emit()
  }

  /** As `changed`, on the way of a command's result. */
  shown<T>(result: T): T {
    this.changed()
    return result
  }

  notify(fault: Fault): void {
    this.options.log(fault.message)
    this.#notices.add(fault)
    this.changed()
  }

  dismiss(id: number): void {
    this.#notices.dismiss(id)
    this.changed()
  }

  showScan(scan: ScanView): void {
    this.#scan = scan
    this.changed()
  }

  get scanView(): ScanView {
    return this.#scan
  }

  /** A node that was found may be one that moved. */
  adopt(found: FoundNode): void {
    if (this.nodes.adopt(found)) this.remembered()
  }

  /** The list of nodes, or what is kept of one, has changed. */
  remembered(): void {
    this.#remember()
    this.changed()
  }

  async demo(): Promise<Result<string>> {
    if (this.#demo) return { ok: true, value: this.#demo.endpoint }
    const started = await this.options.startDemoNode?.()
    if (!started) return { ok: false, fault: { code: 'not-found', message: 'This workstation has no demo node.' } }
    if (!started.ok) return started
    this.#demo = started.value
    return { ok: true, value: this.#demo.endpoint }
  }

  #remember(): void {
    if (this.options.remember !== false) this.settings.set({ nodes: this.nodes.remembered() })
  }

  #run(): void {
    const seeker = new Seeker(systemClock, this.options.scanInterfaces ?? [], (found) => this.adopt(found))
    const tick = setInterval(() => {
      for (const node of this.nodes.values()) node.session?.tick()
      const absent = [...this.nodes.values()].filter(
        (n) => n.id && n.session && ABSENT.has(n.session.presence().presence),
      )
      seeker.tick(absent.map((node) => node.endpoint.pub))
    }, TICK_MS)
    const refresh = setInterval(() => {
      if (this.#stateChanged.size > 0) this.changed()
    }, STATE_EVERY_MS)
    this.#store.defer(() => clearInterval(tick))
    this.#store.defer(() => clearInterval(refresh))
  }

  #withKey(found: FoundNode): FoundNode {
    const node = this.nodes.find(found)
    return node ? { ...found, key: node.key } : found
  }

  #fromWorker(message: DspNews): void {
    if (message.t === 'readings') {
      const nodes = message.nodes.flatMap((reading) => {
        const { id, session } = this.nodes.get(reading.key) ?? {}
        if (id !== undefined && session?.streamFormat) this.histories.take(id, session.streamFormat, reading)
        return session ? [{ ...reading, missingFrames: session.tracker.counters.missingFrames }] : []
      })
      if (nodes.length > 0) this.#readings.emit(nodes)
      return
    }
    if (message.t === 'span') this.recorder.measured(message.reading)
    if (message.t === 'calibrated') this.nodes.get(message.node)?.calibration.applied(message.applied)
    if (message.t === 'calibration-refused') this.nodes.get(message.node)?.calibration.refused(message.fault)
    if (message.t === 'tone') this.nodes.get(message.node)?.calibration.heard(message.look, message.steady)
    this.changed()
  }
}
