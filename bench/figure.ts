/** What a benchmark reports, and how it is printed. */
import type { DisposableStore } from '#shared/lifecycle.ts'

export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** The most that it should be. */
  readonly aim?: number
  /** How it was measured, or what it must be read with. */
  readonly note?: string
}

export interface Bench {
  readonly name: string
  /** One line for `--help`. */
  readonly summary: string
  /** Registers everything it starts in `store`, which is disposed after it, or in the middle of it by Ctrl+C. */
  run(store: DisposableStore, report: (figure: Figure) => void): Promise<void>
}

export function figureRow({ name, value, unit, aim, note }: Figure): string {
  const verdict = aim === undefined ? '' : `${value <= aim ? 'ok' : 'OVER'}, aim ${aim}`
  const columns = `  ${name.padEnd(52)} ${format(value).padStart(9)} ${unit.padEnd(9)} ${verdict.padEnd(14)}`
  return `${columns} ${note ?? ''}`.trimEnd()
}

function format(value: number): string {
  if (!Number.isFinite(value)) return '-'
  const digits = Math.abs(value) >= 1000 ? 0 : Math.abs(value) >= 100 ? 1 : 2
  return value.toFixed(digits)
}
