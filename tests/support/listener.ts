/** A session by itself, without a workstation around it, that holds every frame it is given against the counting signal. */
import { systemClock } from '#engine/clock.ts'
import type { SessionBlock, SessionEvents } from '#engine/session-events.ts'
import { Session } from '#engine/session.ts'
import type { Gap, LostRange } from '#engine/tracker.ts'
import { Ranges } from '#engine/backfill/ranges.ts'
import { frameBytes } from '#shared/pcm.ts'
import { parseAddress } from '#wire/topics.ts'

export class Listener implements SessionEvents {
  readonly session: Session
  readonly lostRanges: LostRange[] = []
  readonly over = new Map<bigint, bigint>()
  readonly came = new Map<bigint, Ranges>()
  /** Streams heard live, in their order, with the first position of each. */
  readonly begun: { readonly stream: bigint; readonly first: bigint }[] = []
  /** Frames whose sample is not their position. */
  wrong = 0
  repaired = 0
  readonly gaps: Gap[] = []
  /** How late the latest live block was when it came, ms, by the wall clock of one computer; may be set back. */
  worstDelayMs = 0
  newest: SessionBlock | undefined
  readonly #tick: NodeJS.Timeout
  #waiting: { readonly holds: () => boolean; readonly done: () => void }[] = []

  constructor(address: string) {
    const endpoint = parseAddress(address)
    if (!endpoint.ok) throw new Error(endpoint.fault.message)
    this.session = new Session(endpoint.value, systemClock, this)
    this.session.tick()
    this.#tick = setInterval(() => {
      this.session.tick()
      this.#look()
    }, 1000)
  }

  format(): void {
    this.#look()
  }

  block(block: SessionBlock): void {
    const { header, samples } = block
    const { stream, firstFrame, frames } = header
    if (block.begins) this.begun.push({ stream, first: firstFrame })
    if (block.kind === 'live') {
      this.newest = block
      const captured = Number(header.utcNs / 1000n) / 1000 + (frames / header.rate) * 1000
      this.worstDelayMs = Math.max(this.worstDelayMs, Date.now() - captured)
    }
    if (block.gap) this.gaps.push(block.gap)
    if (block.repaired) this.repaired += block.filled
    let came = this.came.get(stream)
    if (!came) this.came.set(stream, (came = new Ranges(100_000)))
    came.add(firstFrame, firstFrame + BigInt(frames))
    const step = frameBytes(header)
    for (let i = 0; i < frames; i++)
      if (samples.readUInt32LE(i * step) !== Number((firstFrame + BigInt(i)) & 0xffffffffn)) this.wrong++
    this.#look()
  }

  meta(): void {
    this.#look()
  }

  lost(range: LostRange): void {
    this.lostRanges.push(range)
    this.#look()
  }

  ended(stream: bigint, end: bigint): void {
    this.over.set(stream, end)
    this.#look()
  }

  /** Resolves when `holds`, looked at with every block and second. */
  async until(holds: () => boolean, ms = 15_000): Promise<void> {
    if (holds()) return
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`not within ${ms} ms: ${holds.toString()}`)), ms)
      this.#waiting.push({
        holds,
        done: () => {
          clearTimeout(timer)
          resolve()
        },
      })
    })
  }

  close(): void {
    clearInterval(this.#tick)
    this.session.close()
  }

  #look(): void {
    const met = this.#waiting.filter((w) => w.holds())
    this.#waiting = this.#waiting.filter((w) => !met.includes(w))
    for (const { done } of met) done()
  }
}
