/** A link over a WebSocket: the browser's, or one of the package `ws`, which shows the same face. */
import { Emitter } from '#shared/lifecycle.ts'
import { Ending, type Link } from './link.ts'

/** What both kinds of socket have, and `terminate` of `ws`. */
export interface Socket {
  binaryType: string
  readonly readyState: number
  readonly bufferedAmount: number
  send(data: string | Uint8Array<ArrayBuffer>): void
  close(): void
  terminate?(): void
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void
  addEventListener(type: 'open' | 'close' | 'error', listener: () => void): void
}

const CONNECTING = 0
const OPEN = 1

/** Bytes that may wait for a peer that does not read; more and the link closes. Far above what one frame and one state take. */
export const MAX_WAITING_BYTES = 16 << 20
/** Messages that may wait for the socket to open. */
const MAX_EARLY = 256

/** Takes an open socket or one that still connects; what is sent before it opens goes out when it does. */
export function socketLink(socket: Socket): Link {
  const ending = new Ending()
  const messages = new Emitter<string | Uint8Array<ArrayBuffer>>()
  let early: (string | Uint8Array<ArrayBuffer>)[] = []
  socket.binaryType = 'arraybuffer'
  socket.addEventListener('open', () => {
    const waiting = early
    early = []
    for (const message of waiting) socket.send(message)
  })
  socket.addEventListener('message', ({ data }) => {
    const message = typeof data === 'string' ? data : toBytes(data)
    if (message !== undefined && !ending.ended) messages.emit(message)
  })
  socket.addEventListener('close', () => ending.end())
  // A close follows each error; without a listener `ws` would throw it.
  socket.addEventListener('error', () => {})
  const abandon = (): void => {
    if (socket.terminate) socket.terminate()
    else socket.close()
    ending.end()
  }
  return {
    send: (message) => {
      if (ending.ended) return
      if (socket.readyState === OPEN) {
        socket.send(message)
        if (socket.bufferedAmount > MAX_WAITING_BYTES) abandon()
      } else if (socket.readyState === CONNECTING) {
        early.push(message)
        if (early.length > MAX_EARLY) abandon()
      }
    },
    onMessage: (listener) => void messages.on(listener),
    onClose: (listener) => ending.on(listener),
    close: () => {
      if (ending.ended) return
      socket.close()
      ending.end()
    },
  }
}

function toBytes(data: unknown): Uint8Array<ArrayBuffer> | undefined {
  if (data instanceof ArrayBuffer) return new Uint8Array(data)
  // A Node buffer is a view into a shared pool; a copy is aligned and alone.
  return data instanceof Uint8Array ? new Uint8Array(data) : undefined
}
