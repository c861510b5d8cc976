/** What every command of the command line shares: options, help, exit codes, output. */
import { isIPv4 } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util'
import type { Fault, FaultCode } from '#shared/result.ts'

/** 0: done. 1: it could not be done. 2: the command was not understood. */
export type ExitCode = 0 | 1 | 2

export interface Command {
  readonly name: string
  /** One line for the list of commands. */
  readonly summary: string
  /** After `farfield NAME`. */
  readonly usage: string
  /** Lines of the help page, options included. */
  readonly help: string
  readonly options: ParseArgsOptionsConfig
  /** True when it takes words beside its options. */
  readonly positionals?: boolean
  run(input: Input): Promise<ExitCode>
}

export interface Input {
  readonly positionals: readonly string[]
  text(option: string): string | undefined
  list(option: string): readonly string[]
  flag(option: string): boolean
}

/** Bad use: its message is printed with a hint to `--help`, exit code 2. */
export class UsageError extends Error {}

export function parseInput(command: Command, args: readonly string[]): Input {
  let parsed: ReturnType<typeof parseArgs>
  try {
    parsed = parseArgs({
      args: [...args],
      options: command.options,
      allowPositionals: command.positionals ?? false,
      strict: true,
    })
  } catch (error) {
    throw new UsageError(plainSentence(error))
  }
  const { values, positionals } = parsed
  return {
    positionals,
    text: (option) => (typeof values[option] === 'string' ? values[option] : undefined),
    list: (option) => (Array.isArray(values[option]) ? values[option].map(String) : []),
    flag: (option) => values[option] === true,
  }
}

/** A year: longer is a typing error. */
const MAX_SECONDS = 366 * 24 * 3600

/** A positive number of seconds, or a usage error that names the option. */
export function secondsOf(input: Input, option: string): number | undefined {
  const text = input.text(option)
  if (text === undefined) return undefined
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|min|h)?$/.exec(text)
  const unit = { ms: 0.001, s: 1, m: 60, min: 60, h: 3600 }[match?.[2] ?? 's'] ?? 1
  const seconds = match ? Number(match[1]) * unit : 0
  if (!(seconds > 0 && seconds <= MAX_SECONDS))
    throw new UsageError(`--${option} needs a time such as 10, 10s, 500ms or 2h, not "${text}".`)
  return seconds
}

export function portOf(input: Input, option: string, fallback: number): number {
  const text = input.text(option)
  if (text === undefined) return fallback
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65535)
    throw new UsageError(`--${option} needs a number from 0 to 65535, not "${text}".`)
  return Number(text)
}

/** The addresses given with `--interface`. */
export function interfacesOf(input: Input): readonly string[] {
  const addresses = input.list('interface')
  const wrong = addresses.find((address) => !isIPv4(address))
  if (wrong !== undefined) throw new UsageError(`--interface needs an IPv4 address of this computer, not "${wrong}".`)
  return addresses
}

/** What was typed was wrong, so that the same command cannot work at another time. */
const TYPED = new Set<FaultCode>(['bad-address', 'bad-argument'])

/** Prints a fault as a sentence (or as one JSON object) on standard error. Returns the exit code that goes with it. */
export function printFault(fault: Fault, json: boolean): ExitCode {
  console.error(json ? JSON.stringify({ event: 'fault', ...fault }) : `farfield: ${fault.message}`)
  return TYPED.has(fault.code) ? 2 : 1
}

/** One object a line. Silence is null: JSON has no infinity. */
export function printJson(value: object): void {
  console.log(JSON.stringify(value))
}

/** Resolves at the first SIGINT, SIGTERM or SIGHUP, or when standard output is closed under us. */
export function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve())
    process.stdout.once('error', () => resolve())
  })
}

/** Timers of the platform hold 31 bits of milliseconds, 24 days. */
const MAX_TIMER_MS = 2 ** 31 - 1

/** Does not keep the process alive. */
export async function sleep(seconds: number): Promise<void> {
  for (let left = seconds * 1000; left > 0; left -= MAX_TIMER_MS)
    await setTimeout(Math.min(left, MAX_TIMER_MS), undefined, { ref: false })
}

function plainSentence(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message.split('. To specify')[0]!.replace(/\.?$/, '.')
}
