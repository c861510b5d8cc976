/** A time history as comma-separated values: one line a window, the unit of each column in its heading. */
import { open, stat, type FileHandle } from 'node:fs/promises'
import type { HistoryRow } from '#engine/analysis/analyze.ts'
import { fail, ok, type Fault, type Result } from '#shared/result.ts'

/** Columns of one value, then those of a value a channel. */
const SINGLE = [
  ['time', 's'],
  ['momentary', 'LUFS'],
  ['momentaryMax', 'LUFS'],
  ['shortTerm', 'LUFS'],
] as const satisfies readonly (readonly [keyof HistoryRow, string])[]
const PER_CHANNEL = [
  ['laf', 'dBFS'],
  ['laeq', 'dBFS'],
  ['lceq', 'dBFS'],
  ['lzeq', 'dBFS'],
  ['lcPeak', 'dBFS'],
  ['peak', 'dBFS'],
  ['truePeak', 'dBTP'],
] as const satisfies readonly (readonly [keyof HistoryRow, string])[]

export class HistoryCsv {
  readonly #path: string
  readonly #handle: FileHandle
  readonly #calibration: string

  private constructor(path: string, handle: FileHandle, calibration: string) {
    this.#path = path
    this.#handle = handle
    this.#calibration = calibration
  }

  /** Makes or overwrites the file, unless it is one of `inputs`. `calibration` is said in each line. Faults: `bad-argument`, `folder-unwritable`, `disk-full`. */
  static async create(
    path: string,
    { inputs, channels, calibration }: { inputs: readonly string[]; channels: number; calibration: string },
  ): Promise<Result<HistoryCsv>> {
    for (const input of inputs)
      if (await same(path, input)) return fail('bad-argument', `--csv would overwrite ${input}. Name another file.`)
    try {
      const csv = new HistoryCsv(path, await open(path, 'w'), calibration)
      const single = SINGLE.map(([name, unit]) => `${name} (${unit})`)
      const perChannel = PER_CHANNEL.flatMap(([name, unit]) =>
        Array.from({ length: channels }, (_, c) => `${name} ${c + 1} (${unit})`),
      )
      const headed = await csv.#write(`${[...single, ...perChannel, 'calibration'].join(',')}\n`)
      return headed.ok ? ok(csv) : headed
    } catch (error) {
      return { ok: false, fault: unwritable(path, error) }
    }
  }

  /** Faults: `folder-unwritable`, `disk-full`. */
  add(rows: readonly HistoryRow[]): Promise<Result<null>> {
    return this.#write(rows.map((row) => this.#line(row)).join(''))
  }

  close(): Promise<void> {
    return this.#handle.close()
  }

  #line(row: HistoryRow): string {
    const single = SINGLE.map(([name]) => cell(row[name]))
    const perChannel = PER_CHANNEL.flatMap(([name]) => row[name].map(cell))
    return `${[...single, ...perChannel, this.#calibration].join(',')}\n`
  }

  async #write(text: string): Promise<Result<null>> {
    try {
      await this.#handle.writeFile(text)
      return ok(null)
    } catch (error) {
      return { ok: false, fault: unwritable(this.#path, error) }
    }
  }
}

/** Silence is an empty cell: spreadsheets take any word for text. */
function cell(value: number): string {
  return Number.isFinite(value) ? String(Math.round(value * 1000) / 1000) : ''
}

async function same(path: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([path, other].map((name) => stat(name).catch(() => undefined)))
  return a !== undefined && b !== undefined && a.dev === b.dev && a.ino === b.ino
}

function unwritable(path: string, error: unknown): Fault {
  const code = (error as NodeJS.ErrnoException).code ?? String(error)
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return fail('disk-full', `The disk is full: ${path} was not written to its end.`).fault
  const why: Record<string, string> = {
    EACCES: 'you may not write there',
    EPERM: 'you may not write there',
    EROFS: 'the disk is read-only',
    EISDIR: 'it is a folder',
    ENOENT: 'its folder does not exist',
    ENOTDIR: 'part of it is a file, not a folder',
  }
  return fail('folder-unwritable', `${path} cannot be written: ${why[code] ?? code}. Name another file.`).fault
}
