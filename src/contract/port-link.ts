/** A link over a message port: the browser's, Node's (worker_threads) or Electron's in its main process. */
import { Emitter } from '#shared/lifecycle.ts'
import { Ending, type Link } from './link.ts'

interface PortEvent {
  readonly data?: unknown
}

interface AnyPort {
  postMessage(message: string | Uint8Array<ArrayBuffer>): void
  start(): void
  close(): void
}

/** The browser's port, and Node's, which has this face too. */
export interface TargetPort extends AnyPort {
  addEventListener(type: 'message', listener: (event: PortEvent) => void): void
  addEventListener(type: 'close', listener: () => void): void
}

/** Electron's MessagePortMain: an emitter that hands over the event, not the value. */
export interface EmitterPort extends AnyPort {
  on(type: 'message', listener: (event: PortEvent) => void): unknown
  on(type: 'close', listener: () => void): unknown
}

/** The port is the link's alone from here on; it starts with the first listener, so that nothing is lost before. */
export function portLink(port: TargetPort | EmitterPort): Link {
  const ending = new Ending()
  const messages = new Emitter<string | Uint8Array<ArrayBuffer>>()
  const onMessage = ({ data }: PortEvent): void => {
    if (!ending.ended && (typeof data === 'string' || isBytes(data))) messages.emit(data)
  }
  const onClose = (): void => ending.end()
  if ('addEventListener' in port) {
    port.addEventListener('message', onMessage)
    port.addEventListener('close', onClose)
  } else {
    port.on('message', onMessage)
    port.on('close', onClose)
  }
  return {
    send: (message) => {
      if (!ending.ended) port.postMessage(typeof message === 'string' ? message : alone(message))
    },
    onMessage: (listener) => {
      messages.on(listener)
      port.start()
    },
    onClose: (listener) => ending.on(listener),
    close: () => {
      if (ending.ended) return
      port.close()
      ending.end()
    },
  }
}

function isBytes(data: unknown): data is Uint8Array<ArrayBuffer> {
  return data instanceof Uint8Array && data.buffer instanceof ArrayBuffer
}

/** A port copies the whole buffer behind a view. */
function alone(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice()
}
