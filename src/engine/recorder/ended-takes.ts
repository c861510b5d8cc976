/** What can be done with takes that are finished: their files are read, shown no more, or handed out. Nothing here changes a file. */
import { join } from 'node:path'
import type { VerifiedFile } from '#contract/commands.ts'
import type { TakeFile } from '#contract/take-files.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import type { Entry } from './entry.ts'
import { handOut, type HandOut } from './hand-out.ts'
import { verify } from './verify.ts'

/** How often it is told how much was read: each hundredth. */
const STEP = 0.01

export class EndedTakes {
  readonly #all: readonly Entry[]
  readonly #changed: () => void

  /** `all`: of the recorder, as it is now and later. */
  constructor(all: readonly Entry[], changed: () => void) {
    this.#all = all
    this.#changed = changed
  }

  /** Takes that are shown, running ones among them. */
  get entries(): readonly Entry[] {
    return this.#all.filter((entry) => entry.listed)
  }

  /** Shows these takes no more, or again. Faults: `not-found`, `busy` for one that is not finished. */
  list(ids: readonly string[], listed: boolean): Result<null> {
    const chosen = this.#all.filter((e) => ids.includes(e.id))
    if (chosen.length === 0) return fail('not-found', 'This recording is not in the list any more.')
    const open = chosen.find((e) => !e.done)
    if (open) return fail('busy', `The recording of ${open.take.head.node.name} is not finished yet. Stop it first.`)
    for (const entry of chosen) entry.listed = listed
    this.#changed()
    return ok(null)
  }

  /** Reads the files of a finished take again. Faults: `not-found`, `busy`. */
  async verify(id: string): Promise<Result<readonly VerifiedFile[]>> {
    const entry = this.entries.find((e) => e.id === id)
    if (!entry) return fail('not-found', 'This recording is not in the list any more.')
    const { name } = entry.take.head.node
    if (!entry.done) return fail('busy', `The recording of ${name} is not finished yet.`)
    if (entry.verifying !== undefined) return fail('busy', `The recording of ${name} is being verified already.`)
    return ok(await this.#read(entry))
  }

  /** A finished file. Faults: `not-found`, `busy` while it is not finished, and those of `handOut`. */
  async handOut({ take, file, form }: TakeFile): Promise<Result<HandOut>> {
    const path = this.pathOf(take, file)
    return path.ok ? handOut(path.value, form) : path
  }

  /** Of a finished file: the one at that place in the view. Faults: `not-found`, `busy`. */
  pathOf(id: string, file: number): Result<string> {
    const entry = this.entries.find((e) => e.id === id)
    const part = entry?.take.parts.filter((p) => p.name !== undefined)[file]
    if (!entry || !part) return fail('not-found', 'This recording is not in the list any more.')
    if (part.state !== 'sealed')
      return fail('busy', `The recording of ${entry.take.head.node.name} is not finished yet. Stop it first.`)
    return ok(join(entry.take.folder, part.name!))
  }

  /** `entry.verifying` grows from 0 to 1 over all files. */
  async #read(entry: Entry): Promise<readonly VerifiedFile[]> {
    const { folder, parts, frames } = entry.take
    const files: VerifiedFile[] = []
    let before = 0
    this.#show(entry, 0)
    try {
      for (const { name, frames: own } of parts) {
        if (name === undefined) continue
        const progress = (share: number): void => {
          const done = (before + share * own) / Math.max(1, frames)
          if (done - entry.verifying! >= STEP) this.#show(entry, done)
        }
        const { state, sentence } = await verify(join(folder, name), { progress })
        files.push({ file: name, good: state === 'good', sentence })
        before += own
      }
    } finally {
      this.#show(entry, undefined)
    }
    return files
  }

  #show(entry: Entry, share: number | undefined): void {
    entry.verifying = share
    this.#changed()
  }
}
