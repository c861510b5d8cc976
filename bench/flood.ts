/**
 * A helper process that floods: several nodes' worth of PUB sockets, each sending valid 10 ms blocks of 48 kHz stereo s32
 * at a rate far above real time. A peer that cannot keep up loses blocks here, at the high-water mark of a real node.
 */
import { crc32 } from 'node:zlib'
import { randomBytes } from 'node:crypto'
import { Publisher } from 'zeromq'
import { encodeHeader, HEADER_BYTES, type BlockHeader } from '#wire/packet.ts'
import { pcmTopic } from '#wire/topics.ts'
import { freePortPair } from '../tests/support/node-process.ts'
import { BLOCK_FRAMES } from './ingest.ts'
import { answer } from './process.ts'

export interface Flood {
  /** Blocks a second, all nodes together. */
  readonly rate: number
  readonly seconds: number
}

export interface Flooded {
  readonly sent: number
  /** How long it took; longer than asked for where this process is the slow one. */
  readonly seconds: number
}

const RATE = 48_000
/** As a node's own: 3 s of blocks, see headless-producer/publisher.ts. */
const QUEUE_BLOCKS = 300
const TICK_MS = 4
/** Different sounds, so that no cache holds them all. */
const SOUNDS = 64

interface Node {
  readonly socket: Publisher
  readonly topic: string
  readonly stream: bigint
  sequence: number
}

// Noise of small amplitude: the top bits are the sign's, as in sound.
const sounds = Array.from({ length: SOUNDS }, () => {
  const samples = new Uint8Array(randomBytes(BLOCK_FRAMES * 8))
  const words = new Int32Array(samples.buffer)
  words.forEach((word, i) => (words[i] = word >> 4))
  return { samples, crc: crc32(samples) }
})
const nodes: Node[] = []

async function open(count: number): Promise<string[]> {
  const urls: string[] = []
  for (let i = 0; i < count; i++) {
    const socket = new Publisher({ linger: 0, sendHighWaterMark: QUEUE_BLOCKS })
    const url = `tcp://127.0.0.1:${await freePortPair()}`
    await socket.bind(url)
    nodes.push({ socket, topic: pcmTopic(`flood-${i}`), stream: randomBytes(8).readBigUInt64LE(), sequence: 0 })
    urls.push(url)
  }
  return urls
}

async function flood({ rate, seconds }: Flood): Promise<Flooded> {
  const start = performance.now()
  const end = start + 1000 * seconds
  let sent = 0
  for (;;) {
    const now = performance.now()
    const due = Math.floor((rate * (Math.min(now, end) - start)) / 1000)
    for (; sent < due; sent++) await send(nodes[sent % nodes.length]!)
    if (now >= end) return { sent, seconds: (performance.now() - start) / 1000 }
    await new Promise((resolve) => setTimeout(resolve, TICK_MS))
  }
}

function send(node: Node): Promise<void> {
  const { samples, crc } = sounds[node.sequence % SOUNDS]!
  const sequence = BigInt(node.sequence++)
  const now = process.hrtime.bigint()
  const header: BlockHeader = {
    format: 's32',
    channels: 2,
    rate: RATE,
    flags: 0,
    stream: node.stream,
    sequence,
    firstFrame: sequence * BigInt(BLOCK_FRAMES),
    monotonicNs: now,
    utcNs: BigInt(Date.now()) * 1_000_000n,
    frames: BLOCK_FRAMES,
    crc,
  }
  const head = new Uint8Array(HEADER_BYTES)
  encodeHeader(header, head)
  return node.socket.send([node.topic, head, samples])
}

answer<{ readonly open: number } | Flood, string[] | Flooded>(
  (question) => ('open' in question ? open(question.open) : flood(question)),
  async () => {
    for (const { socket } of nodes) socket.close()
  },
)
