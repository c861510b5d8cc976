/** What every end-to-end test has: a browser page, a folder of its own, and processes that end with the test. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test as base } from '@playwright/test'
import { sampleBytes, type StreamFormat } from '#shared/pcm.ts'
import { readWavHead } from '#shared/wav.ts'
import { Closing } from './closing.ts'
import { Desk } from './desk.ts'
import { startNodeProcess, type NodeProcess, type NodeProcessOptions } from './node-process.ts'
import { serve, type Served } from './served.ts'

/** Starts processes and sees that they end well: with 0, and without a word about an error of their own. */
export class Start {
  readonly #closing: Closing

  constructor(closing: Closing) {
    this.#closing = closing
  }

  /** A node on loopback: name, id and source first. */
  async node(
    name: string,
    source: string,
    args: readonly string[] = [],
    options: NodeProcessOptions = {},
  ): Promise<NodeProcess> {
    const id = name.toLowerCase().replace(/[^a-z0-9]+/g, '-')
    const node = await startNodeProcess(['--name', name, '--id', id, '--source', source, ...args], options)
    this.#closing.defer(async () => {
      const killed = node.child.signalCode !== null
      const ended = await node.stop()
      expect(ended.stderr, `what ${name} said`).not.toMatch(/^\s+at /m)
      if (!killed) expect(ended.code, `how ${name} ended`).toBe(0)
    })
    return node
  }

  async serve(options: Parameters<typeof serve>[0] = {}): Promise<Served> {
    const served = await serve(options)
    this.#closing.defer(async () => {
      const code = await served.stop()
      expect([0, null], 'how farfield serve ended').toContain(code)
    })
    return served
  }
}

interface Fixtures {
  readonly closing: Closing
  readonly folder: string
  readonly start: Start
  readonly desk: Desk
}

export const test = base.extend<Fixtures>({
  // Playwright reads from the pattern what a fixture needs: nothing.
  // oxlint-disable-next-line no-empty-pattern
  closing: async ({}, use) => {
    const closing = new Closing()
    await use(closing)
    await closing.close()
  },
  folder: async ({ closing }, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'farfield-e2e-'))
    closing.defer(() => rm(folder, { recursive: true, force: true }))
    await use(folder)
  },
  start: async ({ closing }, use) => use(new Start(closing)),
  desk: async ({ closing, page }, use) => {
    const desk = new Desk(page)
    await use(desk)
    // Before the processes end: then the page has something to complain about.
    const complaints = desk.complaints()
    await closing.close()
    expect(complaints, 'what the browser complains about').toEqual([])
  },
})

export { expect }

/** The format and the samples of a WAV file. */
export async function readTake(file: string): Promise<{ format: StreamFormat; samples: Buffer }> {
  const bytes = await readFile(file)
  const head = readWavHead(bytes)
  if (!head.ok) throw new Error(head.fault.message)
  const { format, dataOffset, dataBytes } = head.value
  return { format, samples: bytes.subarray(dataOffset, dataOffset + dataBytes!) }
}

/** The position that the counting signal tells in the first frame of `samples`. */
export function firstPosition(samples: Buffer, format: StreamFormat): bigint {
  if (format.format === 'f32') return BigInt(samples.readFloatLE(0) * 2 ** 24)
  return BigInt(samples.readUIntLE(0, sampleBytes(format.format)))
}
