/** Finishes one file of a take and writes what became of its sound beside it. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CERTIFICATE_ENDING, seal, type Ledger, type Verdict } from './certificate.ts'
import { parseCertificate } from './certificate-parse.ts'
import type { Marker, TakeHead } from './journal.ts'
import type { Part } from './part.ts'
import type { SealFacts } from './shelf.ts'
import type { WavInfo } from './wav/bext.ts'

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

/** The file gets its certificate and its final name. Rejects with the system's error. */
export async function sealPart(
  folder: string,
  head: TakeHead,
  part: Part,
  markers: readonly Marker[],
  facts: SealFacts & { readonly software: string; readonly resumed: number },
): Promise<Verdict> {
  const file = part.file!
  await file.extend(part.received.end)
  const lost = part.lost.toSorted((a, b) => (a.from < b.from ? -1 : 1))
  const silent = lost.map(({ from, to }) => ({ from: Number(from - part.first), to: Number(to - part.first) }))
  const loudness = await facts.measure(part, join(folder, `${file.name}.part`), silent)
  const known = loudness === undefined ? {} : { loudness }
  const inside = markers.filter(
    (m) => m.stream === part.stream && m.position >= part.first && m.position < part.received.end,
  )
  const ledger: Ledger = {
    take: { id: head.id, group: head.group, part: part.number! + 1, resumed: facts.resumed },
    node: head.node,
    program: facts.software,
    format: part.format,
    stream: part.stream,
    first: part.first,
    end: part.received.end,
    utcNs: part.utcNs,
    lost,
    repairs: part.repairs.toSorted((a, b) => (a.from < b.from ? -1 : 1)),
    markers: inside,
    ...(facts.clock ? { clock: facts.clock } : {}),
    ...(facts.fault ? { ended: facts.fault.code } : {}),
    ...(head.calibration === undefined ? {} : { calibration: head.calibration }),
    ...known,
  }
  let verdict: Verdict | undefined
  await file.finish({
    info: infoOf(head, part, facts.software),
    markers: inside.map(({ position, label }) => ({ frame: Number(position - part.first), label })),
    witness: async (audio) => void ({ verdict } = await seal(folder, ledger, audio)),
    ...known,
  })
  return verdict!
}

/** What the certificate of a finished file says; undefined where there is none that can be read. */
export async function verdictBeside(folder: string, name: string): Promise<Verdict | undefined> {
  const text = await readFile(join(folder, `${name}${CERTIFICATE_ENDING}`), 'utf8').catch(() => '')
  const certificate = parseCertificate(text)
  return certificate.ok ? certificate.value.verdict : undefined
}

/** Of the whole take: of its one file, or of all of them together. */
export function verdictOf(verdicts: readonly Verdict[]): Verdict | undefined {
  const { length } = verdicts
  if (length <= 1) return verdicts[0]
  const bad = verdicts.filter((v) => !v.whole)
  if (bad.length === 0) return { whole: true, sentence: `Complete: all ${length} files, nothing is missing.` }
  const head = `${bad.length} of ${length} files ${bad.length === 1 ? 'is' : 'are'} not complete.`
  return { whole: false, sentence: `${head} ${bad.length === 1 ? '' : 'The first: '}${bad[0]!.sentence}` }
}
