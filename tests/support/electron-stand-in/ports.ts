/** MessagePortMain: both ends in Node, or one of them carried into the page. Queues until started, as Electron's does. */
import { EventEmitter } from 'node:events'
import { strict } from './strict.ts'

/** Text and bytes are all that crosses: what Farfield's link sends. Anything else is refused rather than changed on the way. */
export type Carried = { readonly text: string } | { readonly bytes: string }

export function pack(data: unknown): Carried {
  if (typeof data === 'string') return { text: data }
  if (data instanceof Uint8Array) return { bytes: Buffer.from(data).toString('base64') }
  throw new Error('The Electron stand-in carries text and bytes over a port and nothing else.')
}

function unpack(carried: Carried): string | Uint8Array {
  // A buffer of its own, as Electron's deserializer makes one.
  return 'text' in carried ? carried.text : new Uint8Array(Buffer.from(carried.bytes, 'base64'))
}

/** How a port's end reaches the page it was given to. */
export interface Carrier {
  post(message: Carried): void
  close(): void
}

export class Port extends EventEmitter {
  #peer: Port | undefined
  #carrier: Carrier | undefined
  #queue: Carried[] = []
  #started = false
  #closed = false

  entangle(peer: Port): void {
    this.#peer = peer
  }

  postMessage(data: unknown, transfer: readonly unknown[] = []): void {
    if (transfer.length > 0) throw new Error('The Electron stand-in transfers no ports over a port.')
    if (this.#carrier) throw new Error('This port was transferred: it can no longer be used here.')
    if (!this.#closed) this.#peer?.receive(pack(data))
  }

  start(): void {
    this.#started = true
    // Later, as messages arrive: never inside the call that made them possible.
    setImmediate(() => this.#drain())
  }

  close(): void {
    if (this.#closed) return
    const peer = this.#peer
    this.#end()
    peer?.peerClosed()
  }

  receive(message: Carried): void {
    if (this.#closed) return
    if (this.#carrier) return this.#carrier.post(message)
    this.#queue.push(message)
    if (this.#started) setImmediate(() => this.#drain())
  }

  peerClosed(): void {
    this.#carrier?.close()
    this.#end()
  }

  /** This end now lives in the page: what was sent to it goes on over `carrier`. */
  transfer(carrier: Carrier): void {
    if (this.#carrier || this.#closed) throw new Error('A closed or transferred port cannot be transferred.')
    this.#carrier = carrier
    for (const message of this.#queue) carrier.post(message)
    this.#queue = []
  }

  /** From the page to the other end. */
  fromPage(message: Carried): void {
    this.#peer?.receive(message)
  }

  #drain(): void {
    while (this.#queue.length > 0 && !this.#closed)
      this.emit('message', { data: unpack(this.#queue.shift()!), ports: [] })
  }

  #end(): void {
    if (this.#closed) return
    this.#closed = true
    setImmediate(() => this.emit('close'))
  }
}

export class MessageChannelMain {
  readonly port1: Port
  readonly port2: Port

  constructor() {
    const [a, b] = [new Port(), new Port()]
    a.entangle(b)
    b.entangle(a)
    this.port1 = strictPort(a)
    this.port2 = strictPort(b)
  }
}

const BEHIND = new WeakMap<Port, Port>()

function strictPort(port: Port): Port {
  const face = strict('MessagePortMain', port)
  BEHIND.set(face, port)
  return face
}

export function portBehind(face: Port): Port {
  const port = BEHIND.get(face)
  if (!port) throw new Error('Only a MessagePortMain can be transferred.')
  return port
}
