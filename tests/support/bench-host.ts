/** A host for tests of the contract: state, readings and answers are what the test says. */
import type { CommandHandlers, CommandName } from '#contract/commands.ts'
import type { MergeRule, NodeReadings } from '#contract/frame.ts'
import type { Host } from '#contract/serve.ts'
import type { Watched } from '#contract/link.ts'
import { NO_LINK, type NodeView, type WorkstationState } from '#contract/state.ts'
import { Emitter, type Disposable } from '#shared/lifecycle.ts'
import { fail, ok, type Result } from '#shared/result.ts'

export class BenchHost implements Host {
  readonly #states = new Emitter<void>()
  readonly #readings = new Emitter<readonly NodeReadings[]>()
  readonly calls: { name: CommandName; args: unknown }[] = []
  readonly bugs: unknown[] = []
  /** What the next handlers answer; by default `ok(null)`. */
  answer: (name: CommandName, args: unknown) => Promise<Result<unknown>> = () => Promise.resolve(ok(null))
  /** One reading: a value that counts on, a maximum, a minimum, a sum. */
  mergeRules: readonly MergeRule[] = [
    { length: 1, merge: 'last' },
    { length: 1, merge: 'max' },
    { length: 1, merge: 'min' },
    { length: 1, merge: 'sum' },
  ]
  #state: WorkstationState = {
    about: { version: '0.0.0', computer: 'bench', dataFolder: '/data', reveals: false, choosesFolders: false },
    nodes: [],
    scan: { running: false, found: [] },
    takes: [],
    notices: [],
    settings: {
      recordingFolder: '/takes',
      recording: { preRoll: 0, split: null, namePattern: '', perNodeFolders: false },
    },
  }

  readonly handlers = new Proxy({} as CommandHandlers, {
    get: (_, name: CommandName) => (args: unknown) => {
      this.calls.push({ name, args })
      return this.answer(name, args)
    },
  })

  /** Screens that listen now. */
  get listeners(): number {
    return this.#states.size + this.#readings.size
  }

  /** What each screen watches now. */
  readonly watched: (readonly Watched[])[] = []

  watch(shown: readonly Watched[]): Disposable {
    this.watched.push(shown)
    return { dispose: () => void this.watched.splice(this.watched.indexOf(shown), 1) }
  }

  state(): WorkstationState {
    return this.#state
  }

  change(slices: Partial<WorkstationState>): void {
    this.#state = { ...this.#state, ...slices }
    this.#states.emit()
  }

  /** Changes the state and tells nobody yet. */
  changeSilently(slices: Partial<WorkstationState>): void {
    this.#state = { ...this.#state, ...slices }
  }

  withNodes(...keys: number[]): void {
    this.change({ nodes: keys.map(nodeView) })
  }

  read(...nodes: NodeReadings[]): void {
    this.#readings.emit(nodes)
  }

  onState(listener: () => void): Disposable {
    return this.#states.on(listener)
  }

  onReadings(listener: (nodes: readonly NodeReadings[]) => void): Disposable {
    return this.#readings.on(listener)
  }

  rules(): readonly MergeRule[] {
    return this.mergeRules
  }

  now(): number {
    return 1_700_000_000_000
  }

  onBug(error: unknown): void {
    this.bugs.push(error)
  }
}

export function nodeView(key: number): NodeView {
  return {
    key,
    address: `tcp://127.0.0.1:${5555 + key}`,
    name: `node ${key}`,
    presence: 'live',
    paused: false,
    choices: {},
    calibration: { state: 'none' },
    link: NO_LINK,
  }
}

export function readings(key: number, values: readonly number[], flags = 0): NodeReadings {
  return {
    key,
    flags,
    capturedAt: 1_700_000_000_000 + values[0]!,
    position: values[0]! * 480,
    missingFrames: 0,
    readings: [undefined, new Float32Array(values)],
  }
}

/** Refusal of a handler, for tests of faults. */
export const refusal = fail('not-found', 'There is no such node.')
