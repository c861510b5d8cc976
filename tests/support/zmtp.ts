/** ZMTP 3.0 (rfc.zeromq.org/spec/23) by hand, to say over it what no library lets one say. */
import { connect, createServer, type Server, type Socket } from 'node:net'
import { once } from 'node:events'

const GREETING_BYTES = 64
const MORE = 1
const LONG = 2
const COMMAND = 4

export type SocketType = 'PUB' | 'SUB' | 'ROUTER' | 'DEALER'

/** One message of several frames, as bytes on the wire. */
export function message(parts: readonly (string | Uint8Array)[]): Buffer {
  return Buffer.concat(parts.map((part, i) => frame(Buffer.from(part), i < parts.length - 1 ? MORE : 0)))
}

/** The head of a frame that promises `bytes` bytes and brings none. */
export function promise(bytes: bigint): Buffer {
  const head = Buffer.alloc(9)
  head[0] = LONG
  head.writeBigUInt64BE(bytes, 1)
  return head
}

/** A connection that has greeted; it answers the peer's heartbeats and counts what comes. */
export class ZmtpPeer {
  readonly socket: Socket
  /** Whole messages that came, commands not counted. */
  messages = 0
  /** It said that it is ready: a message before that would break the handshake. */
  ready = false
  #rest = Buffer.alloc(0)
  #greeted = false

  constructor(socket: Socket, type: SocketType) {
    this.socket = socket
    socket.on('error', () => undefined)
    socket.on('data', (bytes: Buffer) => this.#read(bytes))
    const greeting = Buffer.alloc(GREETING_BYTES)
    greeting.set([0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0x7f, 3, 0])
    greeting.write('NULL', 12, 'latin1')
    socket.write(greeting)
    const name = 'Socket-Type'
    const value = Buffer.alloc(4 + type.length)
    value.writeUInt32BE(type.length)
    value.write(type, 4, 'latin1')
    socket.write(frame(Buffer.concat([word('READY'), word(name), value]), COMMAND))
  }

  static async connect(port: number, type: SocketType): Promise<ZmtpPeer> {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    return new ZmtpPeer(socket, type)
  }

  /** Resolves when the bytes are on their way; rejects when the peer hung up. */
  async write(bytes: Uint8Array): Promise<void> {
    await new Promise<void>((resolve, reject) =>
      this.socket.write(bytes, (error) => (error ? reject(error) : resolve())),
    )
  }

  #read(bytes: Buffer): void {
    let rest = Buffer.concat([this.#rest, bytes])
    if (!this.#greeted && rest.length >= GREETING_BYTES) {
      this.#greeted = true
      rest = rest.subarray(GREETING_BYTES)
    }
    while (this.#greeted) {
      const long = rest.length > 0 && (rest[0]! & LONG) !== 0
      const head = long ? 9 : 2
      if (rest.length < head) break
      const size = long ? Number(rest.readBigUInt64BE(1)) : rest[1]!
      if (rest.length < head + size) break
      const flags = rest[0]!
      const body = rest.subarray(head, head + size)
      if ((flags & COMMAND) === 0) this.messages += flags & MORE ? 0 : 1
      else if (body.subarray(1, 6).toString('latin1') === 'READY') this.ready = true
      else if (body.subarray(1, 5).toString('latin1') === 'PING')
        this.socket.write(frame(Buffer.concat([word('PONG'), body.subarray(7)]), COMMAND))
      rest = rest.subarray(head + size)
    }
    this.#rest = rest
  }
}

/** Listens as a socket of `type`; `greeted` is given each connection. */
export async function listenZmtp(port: number, type: SocketType, greeted: (peer: ZmtpPeer) => void): Promise<Server> {
  const server = createServer((socket) => greeted(new ZmtpPeer(socket, type)))
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return server
}

function frame(body: Buffer, flags: number): Buffer {
  if (body.length < 256) return Buffer.concat([Buffer.from([flags, body.length]), body])
  const head = promise(BigInt(body.length))
  head[0] = flags | LONG
  return Buffer.concat([head, body])
}

/** A short string behind its length. */
function word(text: string): Buffer {
  return Buffer.concat([Buffer.from([text.length]), Buffer.from(text, 'latin1')])
}
