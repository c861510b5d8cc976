/** What a link does at its limits, which no real carrier shows on demand. */
import { expect, it } from 'vitest'
import { openScreen } from '#contract/open.ts'
import { portLink } from '#contract/port-link.ts'
import { MAX_WAITING_BYTES, socketLink, type Socket } from '#contract/socket-link.ts'

type Listener = (event: { readonly data: unknown }) => void

class TestSocket implements Socket {
  binaryType = 'blob'
  readyState = 0
  bufferedAmount = 0
  readonly sent: unknown[] = []
  ends = 0
  readonly #listeners = new Map<string, Listener>()
  send(data: unknown): void {
    this.sent.push(data)
  }
  close(): void {
    this.ends++
  }
  addEventListener(type: string, listener: Listener): void {
    this.#listeners.set(type, listener)
  }
  fire(type: string, data?: unknown): void {
    this.#listeners.get(type)!({ data })
  }
}

it('what is sent before the socket opens goes out in order when it does', () => {
  const socket = new TestSocket()
  const link = socketLink(socket)
  link.send('1')
  link.send('2')
  expect(socket.sent).toEqual([])
  socket.readyState = 1
  socket.fire('open')
  link.send('3')
  expect(socket.sent).toEqual(['1', '2', '3'])
  expect(socket.binaryType).toBe('arraybuffer')
})

it('a socket that never opens costs a bounded number of messages, then the link closes', () => {
  const socket = new TestSocket()
  const link = socketLink(socket)
  let ends = 0
  link.onClose(() => ends++)
  for (let i = 0; i < 256; i++) link.send('x')
  expect(ends).toBe(0)
  for (let i = 0; i < 256; i++) link.send('x')
  expect([ends, socket.ends]).toEqual([1, 1])
})

it('a peer that does not read ends the link', () => {
  const socket = new TestSocket()
  socket.readyState = 1
  const link = socketLink(socket)
  let ends = 0
  link.onClose(() => ends++)
  socket.bufferedAmount = MAX_WAITING_BYTES
  link.send('x')
  expect(ends).toBe(0)
  socket.bufferedAmount++
  link.send('x')
  socket.fire('close')
  expect([ends, socket.ends]).toEqual([1, 1])
})

it('messages that still come after this side closed are not passed on', () => {
  const socket = new TestSocket()
  const got: unknown[] = []
  const link = socketLink(socket)
  link.onMessage((message) => got.push(message))
  socket.fire('message', 'before')
  link.close()
  socket.fire('message', 'after')
  expect(got).toEqual(['before'])
})

it('a port starts with its first listener', () => {
  let started = 0
  const link = portLink({
    postMessage: () => {},
    start: () => started++,
    close: () => {},
    addEventListener: () => {},
  })
  expect(started).toBe(0)
  link.onMessage(() => {})
  expect(started).toBe(1)
})

it('a screen that is given a frame it cannot read goes on with the next', () => {
  const socket = new TestSocket()
  socket.readyState = 1
  const screen = openScreen(socketLink(socket))
  let frames = 0
  screen.onFrame(() => frames++)
  socket.fire('message', new ArrayBuffer(12))
  screen.ready()
  expect(frames).toBe(0)
  expect(socket.sent).toEqual(['{"t":"ack"}'])
})
