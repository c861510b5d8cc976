/** How often, and how patiently, a socket comes back to a peer that hangs up. */
import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { Subscriber } from 'zeromq'
import { connectPatiently, linkOptions } from '#engine/sockets.ts'

test('a connection that was made while this thread was busy is kept', async () => {
  const sockets: Socket[] = []
  const door = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => undefined)
    if (sockets.length > 3) return
    socket.destroy()
    // Longer than ZeroMQ waits before it tries again: it is connected before anybody here hears of the end.
    if (sockets.length === 3) block(300)
  })
  door.listen(0, '127.0.0.1')
  await once(door, 'listening')
  const url = `tcp://127.0.0.1:${(door.address() as AddressInfo).port}`
  const sub = new Subscriber(linkOptions(url))
  // ZeroMQ does what it is asked while somebody waits for messages.
  const listening = sub.receive().catch(() => undefined)
  const connection = connectPatiently(sub, url)
  try {
    await expect.poll(() => sockets.length).toBe(4)
    const [kept] = sockets.slice(3)
    const gone = once(kept!, 'close').then(() => 'gone')
    // The first pause would begin and end in this time.
    const later = new Promise((resolve) => setTimeout(() => resolve('there'), 700))
    expect(await Promise.race([gone, later])).toBe('there')
    expect(sockets).toHaveLength(4)
  } finally {
    connection.close()
    sub.close()
    await listening
    for (const socket of sockets) socket.destroy()
    door.close()
  }
})

function block(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end;);
}
