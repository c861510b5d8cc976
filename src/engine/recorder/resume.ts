/** Takes that a crash, or the end of the program, left unfinished: finds them, claims them, opens their files again. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { frameBytes } from '#shared/pcm.ts'
import { ok, type Fault, type Result } from '#shared/result.ts'
import { JOURNAL_ENDING } from './journal-file.ts'
import type { JournalState, PartRecord } from './journal.ts'
import { parseJournal } from './journal-parse.ts'
import { claim, isClaimed } from './owner.ts'
import { Part } from './part.ts'
import { Shelf, type Left } from './shelf.ts'
import { WavFile } from './wav-file.ts'

export interface Unfinished {
  readonly folder: string
  readonly path: string
  readonly state: JournalState
}

/** Journals in `folder` and in the folders right below it (those of nodes), newest take first; those with a living owner left out. */
export async function findUnfinished(folder: string): Promise<readonly Unfinished[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const below = await Promise.all(
    entries
      .filter((e) => e.isDirectory())
      .map(async ({ name }) =>
        (await readdir(join(folder, name)).catch(() => [])).map((file) => join(folder, name, file)),
      ),
  )
  const paths = [...entries.filter((e) => e.isFile()).map(({ name }) => join(folder, name)), ...below.flat()]
  const found: Unfinished[] = []
  for (const path of paths.filter((p) => p.endsWith(JOURNAL_ENDING))) {
    if (await isClaimed(path)) continue
    const state = parseJournal(await readFile(path, 'utf8').catch(() => ''))
    if (state.ok) found.push({ folder: dirname(path), path, state: state.value })
  }
  return found.sort((a, b) => b.state.take.startedAt - a.state.take.startedAt)
}

/**
 * Claims a take and opens its files. Undefined when somebody else has claimed it meanwhile. A file that is gone or is not
 * what the journal says stays as it is; `faults` say so. Rejects with the system's error.
 */
export async function takeUp(
  { folder, path }: Unfinished,
  software: string,
): Promise<{ left: Left; faults: readonly Fault[] } | undefined> {
  const held = await claim(path)
  if (!held) return undefined
  try {
    // Somebody may have gone on with it since it was found.
    const state = parseJournal(await readFile(path, 'utf8'))
    if (!state.ok) {
      await held.release()
      return undefined
    }
    const parts: Part[] = []
    const faults: Fault[] = []
    for (const [n, record] of state.value.parts.entries()) {
      const part = await reopened(folder, record, n)
      if (part.ok) parts.push(part.value)
      else {
        faults.push(part.fault)
        parts.push(Part.restored({ ...record, sealed: true }, n, record.end))
      }
    }
    return {
      left: { shelf: await Shelf.reopen(folder, software, path, held, state.value, parts), state: state.value, parts },
      faults,
    }
  } catch (error) {
    await held.release()
    throw error
  }
}

async function reopened(folder: string, record: PartRecord, n: number): Promise<Result<Part>> {
  const { name, format, stream, first, end, holes } = record
  if (record.sealed) return ok(Part.restored(record, n, end))
  // A crash between the last step of sealing and the line about it.
  const isFinished = await stat(join(folder, name)).then(
    () => true,
    () => false,
  )
  if (isFinished) return ok(Part.restored({ ...record, sealed: true }, n, end))
  const file = await WavFile.reopen(folder, name, { format, stream, first }, end, holes)
  if (!file.ok) return file
  const { size } = await stat(join(folder, `${name}.part`))
  const frames = Math.floor(Math.max(0, size - file.value.headBytes) / frameBytes(format))
  const part = Part.restored(record, n, first + BigInt(frames))
  part.file = file.value
  return ok(part)
}
