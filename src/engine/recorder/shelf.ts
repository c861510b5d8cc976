/** Files of one take: makes them with the first sound, keeps the journal, seals them. The take says what is in them. */
import { unlink, writeFile } from 'node:fs/promises'
import type { Fault } from '#shared/result.ts'
import type { LostFrames } from '#engine/dsp/measure.ts'
import type { NodeClockView } from '#engine/node-clock.ts'
import { diskFault } from './disk-fault.ts'
import { JournalFile } from './journal-file.ts'
import type { JournalState, Line, LostPiece, Marker, PartHead, Repair, TakeHead } from './journal.ts'
import { partName } from './names.ts'
import { claim, type Claim } from './owner.ts'
import type { Part } from './part.ts'
import type { Verdict } from './certificate.ts'
import { infoOf, sealPart, verdictBeside } from './sealing.ts'
import type { WavLoudness } from './wav/bext.ts'
import { WavFile } from './wav-file.ts'
import { MAX_QUEUED_BYTES, Writer } from './writer.ts'

/** Header and certificate of each file that is open then; a certificate of hundreds of gaps is larger, and those are rare. */
const RESERVE_BYTES = 64 << 10

/** A take that was left unfinished, with its files open again. */
export interface Left {
  readonly shelf: Shelf
  readonly state: JournalState
  readonly parts: readonly Part[]
}

/** Measures the sound of a part in its file, whose frames of `silent` stand for lost sound; undefined where it cannot. */
export type MeasurePart = (part: Part, file: string, silent: readonly LostFrames[]) => Promise<WavLoudness | undefined>

/** What a sealed file says of the take beside its sound. */
export interface SealFacts {
  readonly clock: NodeClockView | undefined
  readonly measure: MeasurePart
  /** What ended the take, unless the user did or its length. */
  readonly fault: Fault | undefined
}

export class Shelf {
  readonly #head: TakeHead
  readonly #software: string
  readonly #folder: string
  readonly #writer: Writer
  #journal: JournalFile | undefined
  #claim: Claim | undefined
  /** Lines from before there was a journal. */
  #early: Line[] = []
  #failed: ((fault: Fault) => void) | undefined
  #files = 0
  /** Room that is given back when the disk is full, so that headers and certificates find a place. */
  #reserve: string | undefined
  #refused = false
  #unsealed = false
  readonly #seals = new Set<Promise<void>>()
  readonly verdicts: Verdict[] = []

  /** `software`: name and version of the program. */
  constructor(head: TakeHead, folder: string, software: string) {
    this.#head = head
    this.#software = software
    this.#folder = folder
    this.#writer = new Writer({
      open: (part) => this.#open(part),
      failed: (error) => {
        this.#refused = true
        this.#failed?.(diskFault(folder, error))
      },
      safe: (part, { end, holes }) => {
        const { number: n, over } = part
        if (n !== undefined) this.note({ t: 'safe', n, end, holes: [...holes.items], over, at: Date.now() })
      },
    })
  }

  /** Takes a take up again whose journal was claimed. Rejects with the system's error. */
  static async reopen(
    folder: string,
    software: string,
    path: string,
    held: Claim,
    state: JournalState,
    parts: readonly Part[],
  ): Promise<Shelf> {
    const shelf = new Shelf(state.take, folder, software)
    shelf.#claim = held
    shelf.#journal = await JournalFile.reopen(path, state)
    shelf.#files = parts.length
    shelf.#reserve = `${path}.reserve`
    for (const { state: now, name } of parts) {
      const verdict = now === 'sealed' && name !== undefined ? await verdictBeside(folder, name) : undefined
      if (verdict) shelf.verdicts.push(verdict)
    }
    shelf.note({ t: 'resumed', at: Date.now() })
    return shelf
  }

  get queuedBytes(): number {
    return this.#writer.queuedBytes
  }
  /** Whether sound that was asked for again would find a place. */
  get hasRoom(): boolean {
    return this.#writer.queuedBytes < MAX_QUEUED_BYTES / 2
  }
  get resumed(): number {
    return this.#journal?.state.resumed ?? 0
  }

  /** Told when the disk refuses. */
  onFailure(listener: (fault: Fault) => void): void {
    this.#failed = listener
  }

  /** False when it cannot be queued. Never waits. */
  write(part: Part, from: bigint, samples: Buffer): boolean {
    return this.#writer.push(part, from, samples)
  }

  flush(parts: readonly Part[]): Promise<void> {
    return this.#writer.flush(parts)
  }

  check(parts: readonly Part[]): Promise<void> {
    return this.#writer.check(parts)
  }

  note(line: Line): void {
    if (this.#journal) this.#journal.append(line)
    else this.#early.push(line)
  }

  lost(part: Part, { from, to, cause }: LostPiece): void {
    part.file?.settle({ from, to })
    if (part.number !== undefined) this.note({ t: 'lost', n: part.number, piece: { from, to, cause } })
  }

  repaired(part: Part, { from, to, at }: Repair): void {
    if (part.number !== undefined) this.note({ t: 'repair', n: part.number, piece: { from, to, at } })
  }

  /** Finishes the file of a part to which nothing more comes. A fault at the disk is told as any other. */
  async seal(part: Part, markers: readonly Marker[], facts: SealFacts): Promise<void> {
    const seal = this.#seal(part, markers, facts)
    this.#seals.add(seal)
    await seal
    this.#seals.delete(seal)
  }

  async #seal(part: Part, markers: readonly Marker[], facts: SealFacts): Promise<void> {
    await this.#writer.idle()
    if (part.frames === 0 && !part.file) return
    if (this.#refused) await this.#giveBack()
    try {
      if (!part.file) await this.#open(part)
      const all = { ...facts, software: this.#software, resumed: this.resumed }
      this.verdicts.push(await sealPart(this.#folder, this.#head, part, markers, all))
      this.note({ t: 'sealed', n: part.number! })
    } catch (error) {
      this.#unsealed = true
      this.#failed?.(diskFault(this.#folder, error))
    }
  }

  /** The take is finished. A file that could not be is left to the next start, and the journal with it. */
  async close(): Promise<void> {
    await this.#giveBack()
    if (this.#unsealed) await this.#journal?.close()
    else await this.#journal?.remove()
    await this.#claim?.release()
  }

  async #giveBack(): Promise<void> {
    if (this.#reserve !== undefined) await unlink(this.#reserve).catch(() => undefined)
  }

  /** Leaves everything as it is for the next start, but what is being sealed. */
  async leave(parts: readonly Part[]): Promise<void> {
    await Promise.all(this.#seals)
    await this.#writer.idle()
    await this.#writer.flush(parts)
    for (const part of parts) if (part.state === 'open') await part.file?.close()
    await this.#journal?.close()
    await this.#claim?.release()
  }

  async #open(part: Part): Promise<void> {
    await this.#begin()
    const { format, stream, first, utcNs, opening, seam, over } = part
    const info = infoOf(this.#head, part, this.#software)
    const file = await WavFile.create(this.#folder, partName(this.#head.stem, ++this.#files), {
      format,
      stream,
      first,
      info,
    })
    part.file = file
    part.name = file.name
    part.number = this.#journal!.state.parts.length
    const head: PartHead = {
      name: file.name,
      stream,
      first,
      format,
      opening,
      utcNs,
      ...(seam === undefined ? {} : { seam }),
    }
    const { end, holes } = part.written
    this.note({ t: 'part', n: part.number, part: head })
    this.note({ t: 'safe', n: part.number, end, holes: [...holes.items], over, at: Date.now() })
    for (const piece of part.lost) this.lost(part, piece)
    for (const piece of part.repairs) this.repaired(part, piece)
  }

  /** With the first file, so that a take without sound leaves nothing. */
  async #begin(): Promise<void> {
    if (this.#journal) return
    const journal = await JournalFile.create(this.#folder, this.#head)
    this.#claim = await claim(journal.path)
    this.#journal = journal
    this.#reserve = `${journal.path}.reserve`
    await writeFile(this.#reserve, Buffer.alloc(RESERVE_BYTES))
    journal.append(...this.#early.splice(0))
  }
}
