/** A helper process with many nodes in it: what they are is the message, their addresses the answer. */
import { startNode, type RunningNode } from '#producer/node.ts'
import { answer } from '../bench/process.ts'
import { freePortPair } from '../tests/support/node-process.ts'
import type { Member } from './crowd.ts'

/** Thirty-two of them, the workstation and the page share one computer here: each node takes little of it. */
const SMALL = { rate: 16_000, channels: 1, blockMs: 50, ring: { seconds: 10, bytes: 8e6 } } as const

const running: RunningNode[] = []

answer<readonly Member[], string[]>(
  async (members) => {
    for (const { name, source } of members.slice(running.length)) {
      const endpoint = `tcp://127.0.0.1:${await freePortPair()}`
      const node = await startNode({ ...SMALL, source, endpoint, name })
      if (!node.ok) throw new Error(node.fault.message)
      running.push(node.value)
    }
    return running.map((node) => node.endpoint)
  },
  async () => {
    await Promise.all(running.map((node) => node.stop()))
  },
)
