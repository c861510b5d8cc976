import type { FaultResult } from './row.ts'

/** What a row saw, and whether that is what it should be: each claim by name, so that a failing one says itself. */
export function verdict(seen: string, claims: Readonly<Record<string, boolean>>): FaultResult {
  const failed = Object.entries(claims).filter(([, holds]) => !holds)
  if (failed.length === 0) return { seen, pass: true }
  return { seen: `${seen}; NOT: ${failed.map(([claim]) => claim).join(', ')}`, pass: false }
}

/** Seconds since a moment of `performance.now()`. */
export function since(ms: number): number {
  return (performance.now() - ms) / 1000
}
