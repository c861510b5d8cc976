/** Finishes one file of a take and writes what became of its sound beside it. */
import type { Marker, TakeHead } from './journal.ts'
import type { Part } from './part.ts'
import type { SealFacts } from './shelf.ts'
import type { WavInfo } from './wav/bext.ts'
import type { WavMarker } from './wav/trailing.ts'

/** Of one file. */
export interface Verdict {
  readonly whole: boolean
  readonly sentence: string
}

/** What a file says of its origin; `software`: name and version of the program. */
export function infoOf({ id, node, calibration }: TakeHead, { utcNs }: Part, software: string): WavInfo {
  return {
    node: {
      name: node.name,
      ...(node.id === undefined ? {} : { id: node.id }),
      ...(node.software === undefined ? {} : { software: node.software }),
    },
    program: software,
    take: id,
    utcNs,
    ...(calibration === undefined ? {} : { calibration }),
  }
}

/** The file gets its final name. Rejects with the system's error. */
export async function sealPart(
  _folder: string,
  head: TakeHead,
  part: Part,
  markers: readonly Marker[],
  facts: SealFacts & { readonly software: string },
): Promise<Verdict | undefined> {
  const file = part.file!
  await file.extend(part.received.end)
  const integrated = await facts.loudness()
  await file.finish({
    info: infoOf(head, part, facts.software),
    markers: markersIn(part, markers),
    ...(integrated === undefined ? {} : { loudness: { integrated } }),
  })
  return undefined
}

function markersIn(part: Part, markers: readonly Marker[]): WavMarker[] {
  return markers
    .filter((m) => m.stream === part.stream && m.position >= part.first && m.position < part.received.end)
    .map(({ position, label }) => ({ frame: Number(position - part.first), label }))
}

/** Of the whole take: the worst of its files, or that all are whole. */
export function verdictOf(verdicts: readonly Verdict[]): Verdict | undefined {
  return verdicts.find((v) => !v.whole) ?? verdicts.at(-1)
}
