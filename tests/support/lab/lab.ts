/**
 * Computers in network namespaces, each joined to this one by a link of its own (`link.ts`). This process has to be in a
 * namespace of its own too, as `npm run faults` makes it: then no packet can leave, whatever happens to a link.
 */
import { execFileSync } from 'node:child_process'
import { Link } from './link.ts'

export interface Computer {
  /** Of the network namespace. */
  readonly name: string
  /** Its address, seen from here. */
  readonly address: string
  /** Ours, seen from there. */
  readonly here: string
  /** Sender 0 is here, sender 1 is there. */
  readonly link: Link
  /** Pulls the cable out of it or puts it back: programs there see it, those here do not. */
  cable(state: 'up' | 'down'): void
  close(): Promise<void>
}

/** Addresses are from 198.18.0.0/15, which is kept for tests of networks (RFC 2544): a network of four for each. */
const NETWORK = '198.18'
/** What TCP does about loss nearly everywhere; this computer may have been told otherwise. */
const CONGESTION = 'cubic'
let made = 0

export async function openComputer(): Promise<Computer> {
  const number = made++
  const name = `far${number}`
  const [near, far] = [`near${number}`, `far${number}`]
  const address = (host: number): string => `${NETWORK}.${Math.floor(number / 64) % 256}.${(number % 64) * 4 + host}`
  const [here, there] = [address(1), address(2)]
  const link = await Link.open([near, far])
  try {
    ip('netns', 'add', name)
    ip('link', 'set', far, 'netns', name)
    ip('addr', 'add', `${here}/30`, 'dev', near)
    ip('link', 'set', near, 'up')
    ip('-n', name, 'addr', 'add', `${there}/30`, 'dev', far)
    ip('-n', name, 'link', 'set', far, 'up')
    ip('-n', name, 'link', 'set', 'lo', 'up')
    const route = ['route', 'replace', `${address(0)}/30`, 'dev']
    ip(...route, near, 'congctl', CONGESTION)
    ip('-n', name, ...route, far, 'congctl', CONGESTION)
  } catch (error) {
    await link.close()
    throw error
  }
  return {
    name,
    address: there,
    here,
    link,
    cable: (state) => void ip('-n', name, 'link', 'set', far, state),
    async close() {
      await link.close()
      ip('netns', 'del', name)
    },
  }
}

function ip(...args: string[]): string {
  return execFileSync('ip', args, { encoding: 'utf8' })
}
