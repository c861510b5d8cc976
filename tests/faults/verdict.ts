/** What a row saw, and whether that is what it should be: each claim by name, so that a failing one says itself. */
export interface Verdict {
  readonly seen: string
  readonly pass: boolean
}

export function verdict(seen: string, claims: Readonly<Record<string, boolean>>): Verdict {
  const failed = Object.entries(claims).filter(([, holds]) => !holds)
  if (failed.length === 0) return { seen, pass: true }
  return { seen: `${seen}; NOT: ${failed.map(([claim]) => claim).join(', ')}`, pass: false }
}

/** Seconds since a moment of `performance.now()`. */
export function since(ms: number): number {
  return (performance.now() - ms) / 1000
}
