/** A helper process that only receives and counts: the least that a subscriber in zeromq.js can do. */
import { Subscriber } from 'zeromq'
import { PCM_PREFIX } from '#wire/topics.ts'
import type { Intake } from './ingest.ts'
import { answer } from './process.ts'

/** As the workstation's own: see engine/subscriber.ts. */
const RECEIVE_BLOCKS = 1000

let blocks = 0
const sockets: Subscriber[] = []

async function receive(url: string): Promise<void> {
  const socket = new Subscriber({ linger: 0, receiveHighWaterMark: RECEIVE_BLOCKS })
  sockets.push(socket)
  socket.subscribe(PCM_PREFIX)
  socket.connect(url)
  for await (const parts of socket) if (parts.length === 3) blocks++
}

answer<{ readonly connect?: readonly string[] }, Intake>(
  async ({ connect = [] }) => {
    for (const url of connect) void receive(url)
    return { received: blocks, metered: blocks, dropped: 0 }
  },
  async () => {
    for (const socket of sockets) socket.close()
  },
)
