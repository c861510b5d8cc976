/** Finishes one file of a take and writes what became of its sound beside it. */
import type { Marker, TakeHead } from './journal.ts'
import type { Part } from './part.ts'
import type { SealFacts } from './shelf.ts'

/** Of one file. */
export interface Verdict {
  readonly whole: boolean
  readonly sentence: string
}

/** The file gets its final name. Rejects with the system's error. */
export async function sealPart(
  _folder: string,
  _head: TakeHead,
  part: Part,
  _markers: readonly Marker[],
  _facts: SealFacts,
): Promise<Verdict | undefined> {
  const file = part.file!
  await file.extend(part.received.end)
  await file.finish()
  return undefined
}

/** Of the whole take: the worst of its files, or that all are whole. */
export function verdictOf(verdicts: readonly Verdict[]): Verdict | undefined {
  return verdicts.find((v) => !v.whole) ?? verdicts.at(-1)
}
