/** The other side of the comparison: libebur128 and sox, in processes of their own. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { DisposableStore } from '#shared/lifecycle.ts'

export class Peers {
  readonly #folder = mkdtempSync(join(tmpdir(), 'farfield-bench-'))
  readonly #child = spawn('/usr/bin/python3', [join(import.meta.dirname, 'peers.py')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  readonly #answers = createInterface(this.#child.stdout)[Symbol.asyncIterator]()

  constructor(store: DisposableStore) {
    store.defer(() => rmSync(this.#folder, { recursive: true, force: true }))
    store.defer(() => void this.#child.kill())
  }

  /** Writes a file for them and returns its path. */
  file(name: string, content: Uint8Array | string): string {
    const path = join(this.#folder, name)
    writeFileSync(path, content)
    return path
  }

  /** CPU seconds of libebur128 with true peak; `poll`: reads every figure each so many frames, or at the end (0). */
  ebur128(file: string, channels: number, frames: number, poll: number): Promise<number> {
    return this.#ask({ ebur128: file, channels, frames, poll })
  }

  /** CPU seconds of sox, which filters a file by an impulse response. */
  fir(file: string, taps: string): Promise<number> {
    return this.#ask({ fir: file, taps })
  }

  async #ask(question: object): Promise<number> {
    this.#child.stdin.write(JSON.stringify(question) + '\n')
    const { value, done } = await this.#answers.next()
    if (done) throw new Error('libebur128 or sox could not be run (Debian: libebur128-1, sox, python3)')
    return Number(value)
  }
}
