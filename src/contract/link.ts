/**
 * The wire between a host and a screen, whatever carries it (MessagePort, WebSocket).
 *
 * Invariant: messages arrive whole, once and in order, or the link closes; text stays text and bytes stay bytes.
 * `send` after close is silently ignored. `onClose` fires once, also when this side closed.
 */
export interface Link {
  send(message: string | Uint8Array<ArrayBuffer>): void
  onMessage(listener: (message: string | Uint8Array<ArrayBuffer>) => void): void
  onClose(listener: () => void): void
  close(): void
}

/** Text messages. A frame travels as bytes (frame.ts) and is answered by `ack`. */
export type ScreenMessage =
  | { readonly t: 'call'; readonly id: number; readonly name: string; readonly args: unknown }
  /** The screen is ready for the next frame; the host keeps one frame in flight. */
  | { readonly t: 'ack' }

export type HostMessage =
  | { readonly t: 'result'; readonly id: number; readonly result: unknown }
  /** Only the slices of the state that changed; the first one after opening holds all of them. */
  | { readonly t: 'state'; readonly slices: Record<string, unknown> }

/** A browser may send this much in one message: a calibration file and its envelope. */
export const MAX_SCREEN_MESSAGE = 4 << 20
