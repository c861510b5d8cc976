/** Many connections to a node at once, from a program of their own. See `crowd.py`. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const PROGRAM = fileURLToPath(new URL('crowd.py', import.meta.url))

export interface Crowd {
  /** Connected now. */
  readonly there: number
  close(): Promise<void>
}

/** Resolves when all are connected; throws with what went wrong when it ends before. */
export async function openCrowd(url: string, count: number): Promise<Crowd> {
  const child = spawn('/usr/bin/python3', [PROGRAM, url, `${count}`], { stdio: ['pipe', 'pipe', 'pipe'] })
  const ended = once(child, 'exit')
  let stderr = ''
  child.stderr.on('data', (text) => (stderr += String(text)))
  let there = 0
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      there = Number(line)
      if (there === count) resolve()
    })
    void ended.then(() => reject(new Error(`the crowd ended at ${there}: ${stderr.trim().split('\n').at(-1)}`)))
  })
  return {
    get there() {
      return there
    },
    async close() {
      child.stdin.end()
      await ended
    },
  }
}
