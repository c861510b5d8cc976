import { lookup } from 'node:dns/promises'
import type { Fault } from '#shared/result.ts'

/** Why nothing answers at a ZeroMQ address: an unknown name, or a silent port. */
export async function explainNoAnswer(url: string): Promise<Fault> {
  const address = url.replace(/^tcp:\/\//, '')
  const host = address.replace(/:\d+$/, '').replace(/^\[|\]$/g, '')
  try {
    await lookup(host)
  } catch {
    return {
      code: 'no-answer',
      message: `No computer named "${host}" was found on this network. Check the spelling, or use its IP address.`,
    }
  }
  return {
    code: 'no-answer',
    message: `Nothing answers at ${address}. Check that farfield-node runs there and that no firewall closes the port and the one after it.`,
  }
}
