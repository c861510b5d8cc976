/** The host's end of a link: state, answers and frames for one screen, and never more in flight than the screen has taken. */
import type { Disposable } from '#shared/lifecycle.ts'
import { fail, type Result } from '#shared/result.ts'
import { dispatch, type CommandHandlers } from './commands.ts'
import { encodeFrame, mergeNode, type MergeRule, type NodeReadings } from './frame.ts'
import { parseObject, type Link, type Watched } from './link.ts'
import type { WorkstationState } from './state.ts'

/** What a screen is served from. */
export interface Host {
  readonly handlers: CommandHandlers
  /** As it is now. An unchanged slice is best the same object, which spares comparing it. */
  state(): WorkstationState
  onState(listener: () => void): Disposable
  /** The arrays are kept until they are sent: whoever emits them does not write into them again. */
  onReadings(listener: (nodes: readonly NodeReadings[]) => void): Disposable
  rules(key: number, meter: number): readonly MergeRule[]
  /** A screen shows these pictures of the moment, until the result is disposed. Unknown nodes and meters mean nothing. */
  watch(shown: readonly Watched[]): Disposable
  /** ms since 1970. */
  now(): number
  /** Told what a handler threw, which is our own bug; the screen gets the fault `internal`. */
  onBug?(error: unknown): void
}

/** Calls of one screen that wait for their answer; a person with a mouse has one or two. */
export const MAX_PENDING_CALLS = 32
/** Nodes of which one screen can show pictures of the moment. */
const MAX_WATCHED = 64

/**
 * Serves one screen until the link closes or the result is disposed, which closes the link.
 *
 * At most one frame and one state message wait for the screen. What happens meanwhile is merged, so a slow screen costs
 * its own frame rate and nobody's memory. Everything that a command changed is sent before its answer.
 */
export function serveScreen(link: Link, host: Host): Disposable {
  return new Served(link, host)
}

class Served implements Disposable {
  readonly #link: Link
  readonly #host: Host
  readonly #subscriptions: Disposable[]
  readonly #waiting = new Map<number, NodeReadings>()
  readonly #sent = new Map<string, { readonly slice: unknown; readonly text: string }>()
  #watching: Disposable | undefined
  #frameInFlight = false
  #statesInFlight = 0
  #pending = 0
  #closed = false

  constructor(link: Link, host: Host) {
    this.#link = link
    this.#host = host
    this.#sendState()
    this.#subscriptions = [host.onState(() => this.#onState()), host.onReadings((nodes) => this.#onReadings(nodes))]
    link.onMessage((message) => this.#onMessage(message))
    link.onClose(() => this.#end())
  }

  dispose(): void {
    this.#end()
    this.#link.close()
  }

  #end(): void {
    this.#closed = true
    this.#waiting.clear()
    for (const subscription of this.#subscriptions) void subscription.dispose()
    void this.#watching?.dispose()
    this.#watching = undefined
  }

  #onState(): void {
    if (this.#waiting.size > 0) {
      const nodes = new Set(this.#host.state().nodes.map((node) => node.key))
      for (const key of this.#waiting.keys()) if (!nodes.has(key)) this.#waiting.delete(key)
    }
    if (this.#statesInFlight === 0) this.#sendState()
  }

  /** Compares by identity first and by content second, and sends only what differs from what the screen has. */
  #sendState(): void {
    const changed: string[] = []
    for (const [name, slice] of Object.entries(this.#host.state())) {
      const last = this.#sent.get(name)
      if (last && last.slice === slice) continue
      const text = JSON.stringify(slice)
      this.#sent.set(name, { slice, text })
      if (last?.text !== text) changed.push(`${JSON.stringify(name)}:${text}`)
    }
    if (changed.length === 0) return
    this.#statesInFlight++
    this.#link.send(`{"t":"state","slices":{${changed.join()}}}`)
  }

  #onReadings(nodes: readonly NodeReadings[]): void {
    if (this.#closed) return
    const known = new Set(this.#host.state().nodes.map((node) => node.key))
    const rules = (key: number, meter: number): readonly MergeRule[] => this.#host.rules(key, meter)
    for (const node of nodes)
      if (known.has(node.key)) this.#waiting.set(node.key, mergeNode(rules, this.#waiting.get(node.key), node))
    this.#sendFrame()
  }

  #sendFrame(): void {
    if (this.#frameInFlight || this.#waiting.size === 0) return
    this.#frameInFlight = true
    const bytes = encodeFrame({ time: this.#host.now(), nodes: [...this.#waiting.values()] })
    this.#waiting.clear()
    this.#link.send(bytes)
  }

  #onMessage(message: string | Uint8Array): void {
    if (this.#closed) return
    const said = parseObject(message)
    if (said?.['t'] === 'ack' && this.#frameInFlight) {
      this.#frameInFlight = false
      this.#sendFrame()
    } else if (said?.['t'] === 'seen' && this.#statesInFlight > 0) {
      this.#statesInFlight--
      if (this.#statesInFlight === 0) this.#sendState()
    } else if (said?.['t'] === 'watch') {
      this.#watch(said['shown'])
    } else if (said?.['t'] === 'call' && Number.isSafeInteger(said['id'])) {
      void this.#answer(said['id'] as number, said['name'], said['args'])
    }
  }

  #watch(named: unknown): void {
    if (!Array.isArray(named) || named.length > MAX_WATCHED) return
    const next = this.#host.watch(named.filter(isWatched))
    void this.#watching?.dispose()
    this.#watching = next
  }

  async #answer(id: number, name: unknown, args: unknown): Promise<void> {
    if (this.#pending >= MAX_PENDING_CALLS)
      return this.#result(id, fail('busy', 'Too many commands wait for an answer. Try again when they are done.'))
    this.#pending++
    let result: Result<unknown>
    try {
      result = await dispatch(this.#host.handlers, name, args)
    } catch (error) {
      this.#host.onBug?.(error)
      result = fail('internal', 'The workstation could not do this because of an error of its own. Its log says more.')
    }
    this.#pending--
    this.#result(id, result)
  }

  #result(id: number, result: Result<unknown>): void {
    if (this.#closed) return
    this.#sendState()
    this.#link.send(JSON.stringify({ t: 'result', id, result }))
  }
}

function isWatched(named: unknown): named is Watched {
  if (typeof named !== 'object' || named === null) return false
  const { node, meters } = named as Record<string, unknown>
  return (
    Number.isSafeInteger(node) &&
    Array.isArray(meters) &&
    meters.length <= MAX_WATCHED &&
    meters.every((meter) => typeof meter === 'string')
  )
}
