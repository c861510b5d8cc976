/** CPU time and memory of other processes, as the kernel counts them (proc_pid_stat(5), proc_pid_smaps(5)). */
import { fork, type ChildProcess, type Serializable } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { DisposableStore } from '#shared/lifecycle.ts'

/** USER_HZ: process times are reported in 1/100 s on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100

/** CPU seconds of a process, all its threads, user and system. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

/** CPU seconds by thread name, those of one name added up. */
export function threadSeconds(pid: number): Map<string, number> {
  const threads = new Map<string, number>()
  for (const id of readdirSync(`/proc/${pid}/task`)) {
    const stat = readFileSync(`/proc/${pid}/task/${id}/stat`, 'utf8')
    const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'))
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const seconds = (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
    threads.set(name, (threads.get(name) ?? 0) + seconds)
  }
  return threads
}

/** Memory in MB of 10^6 bytes. RSS counts pages shared with other processes in full, PSS its share of them. */
export function memoryMb(pid: number): { readonly rss: number; readonly pss: number } {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
  const field = (name: string): number =>
    (Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(rollup)?.[1]) * 1024) / 1e6
  return { rss: field('Rss'), pss: field('Pss') }
}

/** Open files, sockets and the like. */
export function descriptors(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length
}

/** The children of a process. */
export function childrenOf(pid: number): number[] {
  const list = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
  return list === '' ? [] : list.split(' ').map(Number)
}

/** A helper process of the benchmarks, ended with the store. It answers each message with one. */
export class Helper {
  readonly child: ChildProcess

  constructor(store: DisposableStore, file: string, execArgv: readonly string[] = []) {
    this.child = fork(fileURLToPath(new URL(file, import.meta.url)), [], {
      execArgv: [...execArgv],
      serialization: 'advanced',
    })
    store.defer(async () => {
      if (this.child.exitCode !== null || this.child.signalCode !== null) return
      const gone = once(this.child, 'exit')
      this.child.disconnect()
      await gone
    })
  }

  get pid(): number {
    return this.child.pid!
  }

  /** Resolves with the answer; rejects when the process ends instead. */
  async ask<A>(message: Serializable): Promise<A> {
    const ended = new AbortController()
    const onExit = (code: number | null): void =>
      ended.abort(new Error(`${this.child.spawnargs[1]} ended with ${code}`))
    this.child.once('exit', onExit)
    try {
      const answered = once(this.child, 'message', { signal: ended.signal })
      this.child.send(message)
      const [answer] = (await answered) as [A]
      return answer
    } catch (error) {
      throw ended.signal.aborted ? ended.signal.reason : error
    } finally {
      this.child.off('exit', onExit)
    }
  }
}

/** The helper's side of it: answers each question, one after the other; ends when the benchmark does. */
export function answer<Q, A extends Serializable>(handle: (question: Q) => Promise<A>, end: () => Promise<void>): void {
  process.on('message', (question: Q) => {
    void handle(question).then((reply) => process.send?.(reply))
  })
  // Ctrl+C goes to the whole group; the benchmark ends its helpers itself.
  process.on('SIGINT', () => undefined)
  process.once('disconnect', () => void end().then(() => process.exit()))
}
