/** A helper process with many demo nodes in it: how many is the message, their addresses the answer. */
import { startNode, type RunningNode } from '#producer/node.ts'
import { freePortPair } from '../tests/support/node-process.ts'
import { answer } from './process.ts'

const running: RunningNode[] = []

answer<number, string[]>(
  async (count) => {
    while (running.length < count) {
      const name = `Demo ${running.length + 1}`
      const endpoint = `tcp://127.0.0.1:${await freePortPair()}`
      const node = await startNode({ source: 'tone:demo', endpoint, name })
      if (!node.ok) throw new Error(node.fault.message)
      running.push(node.value)
    }
    return running.map((node) => node.endpoint)
  },
  async () => {
    await Promise.all(running.map((node) => node.stop()))
  },
)
