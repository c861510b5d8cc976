/** What the sockets of a node have in common. */
import type { Socket } from 'zeromq'

/** Heartbeats find a half-open connection in 3 s; without them a 30 s outage holds the stream up for 55 s. */
const LINK_OPTIONS = {
  linger: 0,
  heartbeatInterval: 1000,
  heartbeatTimeout: 3000,
  heartbeatTimeToLive: 3000,
  connectTimeout: 1000,
  reconnectInterval: 100,
  reconnectMaxInterval: 1000,
  handshakeInterval: 3000,
} as const

export function isInproc(url: string): boolean {
  return url.startsWith('inproc:')
}

export function linkOptions(url: string): { linger: 0 } & Partial<typeof LINK_OPTIONS> & { ipv6?: boolean } {
  if (isInproc(url)) return { linger: 0 }
  // Only for an address written as IPv6: libzmq tries one address of a name, and with IPv6 on it may be one that the node does not have.
  return { ...LINK_OPTIONS, ipv6: url.includes('[') }
}

export interface Connection {
  /** Goes on at another address of the same kind. */
  move(url: string): void
  close(): void
}

/** A connection that ends sooner than this did nobody any good. */
const SHORT_MS = 1000
/** Short connections in a row that may be bad luck. */
const PATIENCE = 3
const FIRST_PAUSE_MS = 500
/** Events wait for a busy thread: ZeroMQ may be connected anew before it is heard that it was cut off. */
const SETTLE_MS = 20
/** No longer, so that sound is back within seconds of a tunnel that lost its far end and found it again. */
const MAX_PAUSE_MS = 2000

/**
 * Connects, and keeps away for longer and longer from a peer that takes the connection and hangs up: ZeroMQ's own pauses
 * grow only while nobody answers, so it would knock ten times a second. After a broken handshake ZeroMQ never tries
 * again; this does, because what stands there may be a node the next time. `close` before the socket is closed.
 */
export function connectPatiently(
  socket: Socket & { connect(url: string): void; disconnect(url: string): void },
  address: string,
): Connection {
  let url = address
  let since = 0
  let short = 0
  let timer: NodeJS.Timeout | undefined
  /** It is not connected, and does not try to be. */
  let away = false
  let closed = false
  const ended = (broken: boolean): void => {
    if (closed || timer || since === 0) return
    short = performance.now() - since < SHORT_MS ? short + 1 : 0
    since = 0
    if (short < PATIENCE && !broken) return
    timer = setTimeout(() => {
      timer = undefined
      if (since === 0) pause()
    }, SETTLE_MS)
  }
  const pause = (): void => {
    socket.disconnect(url)
    const ms = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.max(0, short - PATIENCE))
    away = true
    timer = setTimeout(() => {
      timer = undefined
      away = false
      socket.connect(url)
    }, ms)
  }
  if (!isInproc(url)) {
    socket.events.on('connect', () => void (since = performance.now()))
    socket.events.on('disconnect', () => ended(false))
    // The peer hung up in the middle of it.
    socket.events.on('handshake:error:other', () => ended(false))
    for (const kind of ['protocol', 'auth'] as const) socket.events.on(`handshake:error:${kind}`, () => ended(true))
  }
  socket.connect(url)
  return {
    move(to) {
      if (!away) socket.disconnect(url)
      clearTimeout(timer)
      timer = undefined
      away = false
      url = to
      short = 0
      since = 0
      socket.connect(url)
    },
    close() {
      closed = true
      clearTimeout(timer)
    },
  }
}
