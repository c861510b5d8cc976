/** A link in userspace between two network interfaces, whose faults can be changed while it carries. See `link.py`. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface, type Interface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const PROGRAM = fileURLToPath(new URL('link.py', import.meta.url))
/** Debian's, which the tests install; another one in PATH may lack what it needs. */
const PYTHON = '/usr/bin/python3'

export interface LinkSettings {
  /** False: everything is dropped, also what is under way, and nobody is told. */
  readonly up?: boolean
  /** Shares of the packets, 0 to 1. */
  readonly loss?: number
  readonly duplicate?: number
  readonly reorder?: number
  /** Seconds by which a reordered packet is held back. */
  readonly late?: number
  /** Seconds, one way. */
  readonly delay?: number
  /** Up to so many seconds more, each packet anew. */
  readonly jitter?: number
  /** Bits per second; 0 is no limit. */
  readonly rate?: number
  /** Bytes that wait for the rate; what does not fit is dropped. */
  readonly queue?: number
}

export interface LinkCounters {
  /** Delivered. */
  readonly packets: number
  readonly bytes: number
  readonly lost: number
  readonly duplicated: number
  readonly reordered: number
  /** Did not fit into the queue. */
  readonly overflowed: number
  /** Came while the link was not up, or could not be delivered. */
  readonly stopped: number
}

/** 0: what the first interface sends, 1: what the second one sends. */
export type Sender = 0 | 1

export class Link {
  readonly #child: ChildProcess
  readonly #answers: Interface
  readonly #ended: Promise<unknown>
  #stderr = ''
  #last: Promise<unknown> = Promise.resolve()

  private constructor(names: readonly [string, string]) {
    this.#child = spawn(PYTHON, [PROGRAM, ...names], { stdio: ['pipe', 'pipe', 'pipe'] })
    this.#child.stderr!.on('data', (text) => (this.#stderr += String(text)))
    this.#answers = createInterface({ input: this.#child.stdout! })
    this.#ended = once(this.#child, 'exit')
  }

  /** Makes both interfaces, in this namespace and down. Throws where the kernel has no TUN. */
  static async open(names: readonly [string, string]): Promise<Link> {
    const link = new Link(names)
    await link.#answer()
    return link
  }

  /** Resolves when it is in force. What is not named stays as it is. */
  async set(settings: LinkSettings, from?: Sender): Promise<void> {
    await this.#ask(from === undefined ? settings : { ...settings, from })
  }

  /** Of what each end sent. */
  async counters(): Promise<readonly [LinkCounters, LinkCounters]> {
    return this.#ask({})
  }

  async close(): Promise<void> {
    this.#child.stdin!.end()
    await this.#ended
  }

  #ask(command: object): Promise<readonly [LinkCounters, LinkCounters]> {
    const asked = this.#last.then(() => {
      this.#child.stdin!.write(`${JSON.stringify(command)}\n`)
      return this.#answer()
    })
    this.#last = asked.catch(() => undefined)
    return asked
  }

  async #answer(): Promise<readonly [LinkCounters, LinkCounters]> {
    const line = once(this.#answers, 'line')
    const answer = await Promise.race([line, this.#ended.then(() => undefined)])
    if (!answer) throw new Error(`the link ended: ${this.#stderr.trim().split('\n').at(-1)}`)
    return JSON.parse(answer[0] as string) as [LinkCounters, LinkCounters]
  }
}
