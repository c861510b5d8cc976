/** The screen's end of a link: the workstation's state, its frames, and a way to ask for things. */
import { Emitter, type Disposable } from '#shared/lifecycle.ts'
import { fail, type Result } from '#shared/result.ts'
import type { CommandArgs, CommandName, CommandValue } from './commands.ts'
import { decodeFrame, type Frame } from './frame.ts'
import { Ending, parseObject, type Link, type ScreenMessage, type Watched } from './link.ts'
import type { WorkstationState } from './state.ts'

export interface Screen {
  /** Undefined until the host spoke. Replaced on each change; an unchanged slice stays the same object. */
  readonly state: WorkstationState | undefined
  onState(listener: () => void): Disposable
  /** The readings are views into the frame's bytes: copy what is to be kept beyond the next `ready()`. */
  onFrame(listener: (frame: Frame) => void): Disposable
  /** Never rejects. The state already shows what the command did when it resolves. Fault when the link closes: `connection-lost`. */
  call<N extends CommandName>(name: N, args: CommandArgs<N>): Promise<Result<CommandValue<N>>>
  /** Names the pictures of the moment that are shown, in place of those named before; others need not be computed. */
  watch(shown: readonly Watched[]): void
  readonly closed: boolean
  /** Fires once; at once where the link is closed already. */
  onClose(listener: () => void): Disposable
  /** Says that the last frame is drawn, which lets the next one come. Without a frame to answer it does nothing. */
  ready(): void
  close(): void
}

export function openScreen(link: Link): Screen {
  return new LinkedScreen(link)
}

type Answer = (result: Result<unknown>) => void

class LinkedScreen implements Screen {
  readonly #link: Link
  readonly #ending = new Ending()
  readonly #states = new Emitter<void>()
  readonly #frames = new Emitter<Frame>()
  readonly #calls = new Map<number, Answer>()
  #state: WorkstationState | undefined
  #frameToAck = false
  #lastCall = 0

  constructor(link: Link) {
    this.#link = link
    link.onMessage((message) => {
      if (typeof message === 'string') this.#onText(message)
      else this.#onBytes(message)
    })
    link.onClose(() => this.#onClose())
  }

  get state(): WorkstationState | undefined {
    return this.#state
  }

  get closed(): boolean {
    return this.#ending.ended
  }

  onState(listener: () => void): Disposable {
    return this.#states.on(listener)
  }

  onFrame(listener: (frame: Frame) => void): Disposable {
    return this.#frames.on(listener)
  }

  onClose(listener: () => void): Disposable {
    let wanted = true
    this.#ending.on(() => {
      if (wanted) listener()
    })
    return { dispose: () => void (wanted = false) }
  }

  call<N extends CommandName>(name: N, args: CommandArgs<N>): Promise<Result<CommandValue<N>>> {
    if (this.closed) return Promise.resolve(lost())
    const id = ++this.#lastCall
    return new Promise((resolve) => {
      this.#calls.set(id, (result) => resolve(result as Result<CommandValue<N>>))
      this.#say({ t: 'call', id, name, args })
    })
  }

  watch(shown: readonly Watched[]): void {
    this.#say({ t: 'watch', shown })
  }

  ready(): void {
    if (!this.#frameToAck) return
    this.#frameToAck = false
    this.#say({ t: 'ack' })
  }

  close(): void {
    this.#link.close()
  }

  #say(message: ScreenMessage): void {
    this.#link.send(JSON.stringify(message))
  }

  #onText(text: string): void {
    const said = parseObject(text)
    if (said?.['t'] === 'state') {
      this.#state = { ...this.#state, ...(said['slices'] as WorkstationState) }
      this.#say({ t: 'seen' })
      this.#states.emit()
    } else if (said?.['t'] === 'result') {
      const id = said['id'] as number
      const answer = this.#calls.get(id)
      this.#calls.delete(id)
      answer?.(said['result'] as Result<unknown>)
    }
  }

  #onBytes(bytes: Uint8Array<ArrayBuffer>): void {
    this.#frameToAck = true
    const frame = decodeFrame(bytes)
    if (frame) this.#frames.emit(frame)
    else this.ready()
  }

  #onClose(): void {
    const calls = [...this.#calls.values()]
    this.#calls.clear()
    for (const answer of calls) answer(lost())
    this.#ending.end()
  }
}

function lost(): ReturnType<typeof fail> {
  return fail(
    'connection-lost',
    'The connection to the workstation was lost before it answered. Try again when it is back.',
  )
}
