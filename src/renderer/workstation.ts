/** The screen's workstation: its state as it was last heard, commands, and the connection that brings them. */
import type { CommandArgs, CommandName, CommandValue } from '#contract/commands.ts'
import { openScreen, type Screen } from '#contract/open.ts'
import type { Link, Watched } from '#contract/link.ts'
import type { WorkstationState } from '#contract/state.ts'
import { METERS } from '#meters/registry.ts'
import { Emitter } from '#shared/lifecycle.ts'
import { fail, type Result } from '#shared/result.ts'
import type { Connector, Refusal } from './connect.ts'
import { FrameStore } from './frames.ts'
import { Painter } from './painter.ts'

/** opening: never heard yet. open: heard. lost: was heard, and is tried again. */
export type Connection = 'opening' | 'open' | 'lost'

export interface Snapshot {
  readonly connection: Connection
  /** Why there is none, where the host said so. */
  readonly refusal?: Refusal
  /** What was heard last; it stays while the connection is lost. */
  readonly state: WorkstationState | undefined
}

const FIRST_RETRY_MS = 250
const LAST_RETRY_MS = 5000
/** Browsers stop animation frames of a hidden page; then frames are taken at this pace, to keep the history. */
const HIDDEN_PACE_MS = 500

export class Workstation {
  readonly frames = new FrameStore(METERS)
  readonly painter = new Painter(this.frames, () => this.#screen?.ready())
  readonly #connector: Connector
  readonly #changed = new Emitter<void>()
  #snapshot: Snapshot = { connection: 'opening', state: undefined }
  #screen: Screen | undefined
  #watched: readonly Watched[] = []
  #retryMs = FIRST_RETRY_MS
  #retry: ReturnType<typeof setTimeout> | undefined

  constructor(connector: Connector) {
    this.#connector = connector
    this.#open()
    document.addEventListener('visibilitychange', () => this.painter.wake())
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    const entry = this.#changed.on(listener)
    return () => void entry.dispose()
  }

  readonly snapshot = (): Snapshot => this.#snapshot

  /** Never rejects; `connection-lost` while there is nobody to ask. */
  call<N extends CommandName>(name: N, args: CommandArgs<N>): Promise<Result<CommandValue<N>>> {
    if (this.#screen) return this.#screen.call(name, args)
    return Promise.resolve(
      fail('connection-lost', 'There is no connection to the workstation now. Try again when it is back.'),
    )
  }

  /** Nodes whose panels are shown. */
  get watched(): readonly number[] {
    return this.#watched.map(({ node }) => node)
  }

  /** Names the node whose panels are shown, and the meters of these, on this connection and the next ones. */
  watch(shown: Watched | undefined): void {
    this.#watched = shown ? [shown] : []
    this.#screen?.watch(this.#watched)
  }

  #open(): void {
    this.#connector.open(
      (link) => this.#use(link),
      (refusal) => this.#set({ ...this.#snapshot, refusal }),
    )
  }

  /** Does not wait for the next try. */
  tryNow(): void {
    if (this.#screen || this.#connector.passive) return
    clearTimeout(this.#retry)
    this.#retryMs = FIRST_RETRY_MS
    this.#open()
  }

  #use(link: Link): void {
    this.#screen?.close()
    const screen = openScreen(link)
    this.#screen = screen
    screen.watch(this.#watched)
    screen.onState(() => {
      if (!screen.state) return
      this.#retryMs = FIRST_RETRY_MS
      this.frames.setNodes(screen.state.nodes)
      if (this.frames.hasNews) this.painter.wake()
      this.#set({ connection: 'open', state: screen.state })
    })
    screen.onFrame((frame) => {
      this.frames.take(frame)
      this.painter.frameCame()
      if (document.hidden) setTimeout(() => screen.ready(), HIDDEN_PACE_MS)
    })
    screen.onClose(() => this.#lost(screen))
  }

  #lost(screen: Screen): void {
    if (this.#screen !== screen) return
    this.#screen = undefined
    this.frames.silence()
    this.painter.wake()
    if (this.#snapshot.connection === 'open') this.#set({ ...this.#snapshot, connection: 'lost' })
    if (this.#connector.passive) return
    this.#retry = setTimeout(() => this.#open(), this.#retryMs)
    this.#retryMs = Math.min(this.#retryMs * 2, LAST_RETRY_MS)
  }

  #set(snapshot: Snapshot): void {
    this.#snapshot = snapshot
    this.#changed.emit()
  }
}
