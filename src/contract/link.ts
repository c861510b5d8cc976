/**
 * The wire between a host and a screen, whatever carries it (MessagePort, WebSocket).
 *
 * Invariant: messages arrive whole, once and in order, or the link closes; text stays text and bytes stay bytes.
 * `send` after close is silently ignored. `onClose` fires once, also when this side closed, and at once where the link is
 * closed already. Listen in the same turn in which the link was made: what came before the first listener is not kept.
 */
export interface Link {
  send(message: string | Uint8Array<ArrayBuffer>): void
  onMessage(listener: (message: string | Uint8Array<ArrayBuffer>) => void): void
  onClose(listener: () => void): void
  close(): void
}

/** Meters of a node that a screen shows, by their ids. */
export interface Watched {
  readonly node: number
  readonly meters: readonly string[]
}

/** Text messages. A frame travels as bytes (frame.ts) and is answered by `ack`. */
export type ScreenMessage =
  | { readonly t: 'call'; readonly id: number; readonly name: string; readonly args: unknown }
  /** The pictures of the moment (spectra, waveforms) that this screen shows now, in place of those it named before; none at first. */
  | { readonly t: 'watch'; readonly shown: readonly Watched[] }
  /** The screen is ready for the next frame; the host keeps one frame in flight. */
  | { readonly t: 'ack' }
  /** The screen has the last state; changes that came meanwhile follow as one message. */
  | { readonly t: 'seen' }

export type HostMessage =
  | { readonly t: 'result'; readonly id: number; readonly result: unknown }
  /** Only the slices of the state that changed; the first one after opening holds all of them. */
  | { readonly t: 'state'; readonly slices: Record<string, unknown> }

/** A browser may send this much in one message: a calibration file and its envelope. */
export const MAX_SCREEN_MESSAGE = 4 << 20

/** The end of a link: told once, and to those who ask late at once. */
export class Ending {
  #ended = false
  #listeners: (() => void)[] = []

  get ended(): boolean {
    return this.#ended
  }

  on(listener: () => void): void {
    if (this.#ended) listener()
    else this.#listeners.push(listener)
  }

  end(): void {
    if (this.#ended) return
    this.#ended = true
    const listeners = this.#listeners
    this.#listeners = []
    for (const listener of listeners) listener()
  }
}

/** Undefined for anything but the text of a JSON object. */
export function parseObject(message: string | Uint8Array): Record<string, unknown> | undefined {
  if (typeof message !== 'string') return undefined
  try {
    const value: unknown = JSON.parse(message)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
