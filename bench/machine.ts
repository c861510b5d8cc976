/** The machine that the figures belong to. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { availableParallelism, cpus, hostname, loadavg, release, totalmem } from 'node:os'
import { CHROMIUM } from '../tests/support/chromium.ts'

export interface Machine {
  readonly computer: string
  readonly cpu: string
  readonly cores: number
  readonly memoryGiB: number
  readonly system: string
  readonly node: string
  readonly chromium: string
  readonly date: string
  /** Over the last 1, 5 and 15 minutes, before anything was measured. */
  readonly load: readonly number[]
}

export function describeMachine(): Machine {
  return {
    computer: hostname(),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 27) / 8,
    system: `${distribution()}, Linux ${release()}`,
    node: process.version,
    chromium: chromiumVersion(),
    date: new Date().toISOString().slice(0, 16).replace('T', ' ') + ' UTC',
    load: loadavg().map((load) => Math.round(load * 100) / 100),
  }
}

export function machineLines(machine: Machine): string {
  const { computer, cpu, cores, memoryGiB, system, node, chromium, date, load } = machine
  return `${computer}: ${cpu}, ${cores} cores, ${memoryGiB} GiB, ${system}
Node ${node}, ${chromium}, ${date}, load before ${load.join(' ')}`
}

function distribution(): string {
  try {
    return /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'Linux'
  } catch {
    return 'Linux'
  }
}

function chromiumVersion(): string {
  try {
    return execFileSync(CHROMIUM.executablePath ?? 'chromium', ['--version'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  } catch {
    return 'no Chromium'
  }
}
