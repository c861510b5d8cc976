import { readFileSync } from 'node:fs'

export interface Usage {
  /** Percent of one core since the last call. */
  readonly cpuPercent: number
  readonly memoryBytes: number
}

/** The kernel reports process times in 1/100 s (USER_HZ) on every architecture that Node runs on. */
const MS_PER_TICK = 10
const PAGE_BYTES = 4096

/** Measures this process and, when it has one, its capture child. */
export class UsageMeter {
  #lastMs = performance.now()
  #lastCpuMs = process.cpuUsage()
  #child = { pid: 0, cpuMs: 0 }

  read(childPid: number | undefined): Usage {
    const now = performance.now()
    const cpu = process.cpuUsage()
    const child = childPid === undefined ? undefined : readChild(childPid)
    const before = childPid === this.#child.pid ? this.#child.cpuMs : 0
    const spent =
      (cpu.user + cpu.system - this.#lastCpuMs.user - this.#lastCpuMs.system) / 1000 +
      (child ? Math.max(0, child.cpuMs - before) : 0)
    const cpuPercent = (100 * spent) / Math.max(1, now - this.#lastMs)
    this.#lastMs = now
    this.#lastCpuMs = cpu
    this.#child = { pid: childPid ?? 0, cpuMs: child?.cpuMs ?? 0 }
    return {
      cpuPercent: Math.round(cpuPercent * 100) / 100,
      memoryBytes: process.memoryUsage.rss() + (child?.memoryBytes ?? 0),
    }
  }
}

/** /proc/PID/stat, see proc_pid_stat(5); undefined on systems without it, or when the child is gone. */
function readChild(pid: number): { cpuMs: number; memoryBytes: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return {
      cpuMs: (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK,
      memoryBytes: Number(fields[21]) * PAGE_BYTES,
    }
  } catch {
    return undefined
  }
}
