/**
 * A network of two computers on one: this one, and a network namespace at the other end of a cable (veth). Needs root.
 * Addresses are from 198.18.0.0/15, which is kept for tests of networks (RFC 2544).
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Followed by the id of the process that made it, so that what a killed run left behind can be told. */
const PREFIX = 'farfield-test-'

export class Netns {
  readonly name = `${PREFIX}${process.pid}`
  /** Addresses of this computer and of the other one. */
  readonly here: string
  readonly there: string
  readonly #cable = `ff${process.pid}`
  readonly #children = new Set<ChildProcess>()

  private constructor() {
    const subnet = `198.18.${process.pid % 256}`
    this.here = `${subnet}.1`
    this.there = `${subnet}.2`
  }

  /** Removes what killed runs left behind, then makes a namespace with a cable to it. */
  static open(): Netns {
    removeStale()
    const made = new Netns()
    const { name, here, there } = made
    const [near, far] = [`${made.#cable}a`, `${made.#cable}b`]
    ip('netns', 'add', name)
    try {
      ip('link', 'add', near, 'type', 'veth', 'peer', 'name', far, 'netns', name)
      ip('addr', 'add', `${here}/24`, 'dev', near)
      ip('link', 'set', near, 'up')
      ip('-n', name, 'addr', 'add', `${there}/24`, 'dev', far)
      ip('-n', name, 'link', 'set', far, 'up')
      ip('-n', name, 'link', 'set', 'lo', 'up')
    } catch (error) {
      made.close()
      throw error
    }
    return made
  }

  /** Runs a program on the other computer; it is killed by `close`. */
  run(program: string, args: readonly string[]): ChildProcess {
    const child = spawn('ip', ['netns', 'exec', this.name, program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    this.#children.add(child)
    child.once('exit', () => this.#children.delete(child))
    return child
  }

  /** Pulls the cable out of the other computer, or puts it back. Here the route stays, so that nothing goes astray. */
  cable(state: 'up' | 'down'): void {
    ip('-n', this.name, 'link', 'set', `${this.#cable}b`, state)
  }

  /** Gives the other computer another address, as DHCP does. Returns it. */
  readdress(): string {
    const address = this.there.replace(/\.\d+$/, '.3')
    const far = `${this.#cable}b`
    ip('-n', this.name, 'addr', 'add', `${address}/24`, 'dev', far)
    ip('-n', this.name, 'addr', 'del', `${this.there}/24`, 'dev', far)
    // The second address of a network goes with the first.
    ip('-n', this.name, 'addr', 'replace', `${address}/24`, 'dev', far)
    return address
  }

  close(): void {
    for (const child of this.#children) child.kill('SIGKILL')
    // The cable goes with its end.
    ip('netns', 'del', this.name)
  }
}

export function namespaces(): string[] {
  return ip('netns', 'list')
    .split('\n')
    .map((line) => line.split(' ')[0]!)
    .filter((name) => name.startsWith(PREFIX))
}

function removeStale(): void {
  for (const name of namespaces()) if (!existsSync(`/proc/${name.slice(PREFIX.length)}`)) ip('netns', 'del', name)
}

function ip(...args: string[]): string {
  return execFileSync('ip', args, { encoding: 'utf8' })
}
