/** Where sound was lost or held up, in plain sentences. Knows positions and time, nothing of sockets. */
import { Ranges } from '#engine/backfill/ranges.ts'
import type { LostRange } from '#engine/tracker.ts'
import type { LossStage, LossView } from '#contract/state.ts'

/** Losses remembered; the counters go on counting older ones. */
const MAX_LOSSES = 50
/** Losses of one kind closer together than this are one. */
const TOGETHER_MS = 2000
const MAX_RANGES = 256
/** No stream has it: positions of a note are unknown. */
const NO_STREAM = -1n

interface Loss {
  readonly stage: LossStage
  readonly stream: bigint
  readonly rate: number
  readonly needed: boolean
  /** ms since 1970 of its first and its newest part. */
  readonly at: number
  until: number
  readonly open: Ranges
  frames: number
  gone: number
  cause: LostRange['cause'] | undefined
  /** In place of "missing" and what became of it. */
  readonly what: string | undefined
}

export class Losses {
  /** Newest first. */
  readonly #items: Loss[] = []

  /** [from, to) of a stream is missing; `needed`: it is being asked for, if there is anything to ask. */
  missed(at: number, range: Omit<LostRange, 'cause'>, rate: number, stage: LossStage, needed: boolean): void {
    const { stream, from, to } = range
    const newest = this.#items[0]
    const frames = Number(to - from)
    if (
      newest?.stage === stage &&
      newest.stream === stream &&
      newest.needed === needed &&
      newest.what === undefined &&
      at - newest.until < TOGETHER_MS
    ) {
      newest.until = at
      newest.frames += frames
      newest.open.add(from, to)
      return
    }
    const open = new Ranges(MAX_RANGES)
    open.add(from, to)
    this.#push({
      stage,
      stream,
      rate,
      needed,
      at,
      until: at,
      open,
      frames,
      gone: 0,
      cause: undefined,
      what: undefined,
    })
  }

  /** Frames [from, to) came after all. */
  came(stream: bigint, from: bigint, to: bigint): void {
    for (const loss of this.#items) if (loss.stream === stream) loss.open.take(from, to)
  }

  /** Frames that will never come. */
  lost(at: number, range: LostRange, rate: number): void {
    let left = Number(range.to - range.from)
    for (const loss of this.#items) {
      if (loss.stream !== range.stream) continue
      const taken = loss.open.take(range.from, range.to).reduce((sum, r) => sum + Number(r.to - r.from), 0)
      if (taken === 0) continue
      loss.gone += taken
      loss.cause = range.cause
      left -= taken
    }
    if (left <= 0) return
    // Sound from before the session that was asked for and is not there any more.
    const { stream, cause } = range
    this.#push({
      stage: cause === 'capture' ? 'capture' : 'ring',
      stream,
      rate,
      needed: true,
      at,
      until: at,
      open: new Ranges(MAX_RANGES),
      frames: left,
      gone: left,
      cause,
      what: undefined,
    })
  }

  /** Sound lost for good where there are no positions to tell of it; `what` follows its length in the sentence. */
  note(at: number, stage: LossStage, frames: number, rate: number, what: string): void {
    const newest = this.#items[0]
    if (newest?.stage === stage && newest.what === what && at - newest.until < TOGETHER_MS) {
      newest.until = at
      newest.frames += frames
      newest.gone += frames
      return
    }
    const none = { stream: NO_STREAM, needed: false, open: new Ranges(MAX_RANGES), cause: undefined }
    this.#push({ ...none, stage, rate, at, until: at, frames, gone: frames, what })
  }

  /** `name`: the node's, for people. */
  view(name: string): readonly LossView[] {
    return this.#items.map((loss) => ({
      sentence: describe(loss, name),
      at: loss.at,
      stage: loss.cause === 'ring' ? 'ring' : loss.stage,
      frames: loss.frames,
      state: state(loss),
    }))
  }

  #push(loss: Loss): void {
    this.#items.unshift(loss)
    if (this.#items.length > MAX_LOSSES) this.#items.pop()
  }
}

const PLACES: Record<LossStage, (name: string) => string> = {
  capture: (name) => `Microphone of ${name}`,
  ring: (name) => `Ring of ${name}`,
  network: (name) => `Network to ${name}`,
  session: (name) => `This computer was too busy for ${name}`,
  disk: (name) => `Disk, recording ${name}`,
}

const CAUSES: Record<LostRange['cause'], string> = {
  capture: 'it was lost before the node saw it',
  network: 'the node cannot send it again',
  ring: 'it fell out of what the node keeps',
  node: 'the node was started anew and forgot it',
}

function state({ open, gone, needed }: Loss): LossView['state'] {
  if (open.items.length > 0) return needed ? 'refilling' : 'missing'
  return gone > 0 ? 'lost' : 'refilled'
}

function describe(loss: Loss, name: string): string {
  const place = PLACES[loss.cause === 'ring' ? 'ring' : loss.stage](name)
  if (loss.what !== undefined) return `${place}: ${duration(loss.frames / loss.rate)} ${loss.what}`
  const what = `${place}: ${duration(loss.frames / loss.rate)} missing`
  const now = state(loss)
  if (now === 'refilled') return `${what}, refilled`
  if (now === 'missing') return loss.stage === 'capture' ? `${what}; ${CAUSES.capture}` : what
  if (now === 'refilling') return `${what}, ${duration(loss.open.frames / loss.rate)} still to be refilled`
  const part = loss.gone < loss.frames ? `${duration(loss.gone / loss.rate)} of it` : 'all of it'
  return `${what}, ${part} for good: ${loss.cause ? CAUSES[loss.cause] : 'it cannot be had again'}`
}

/** "340 ms", "2.4 s", "3 min 20 s". */
export function duration(seconds: number): string {
  if (seconds < 0.9995) return `${Math.max(1, Math.round(seconds * 1000))} ms`
  if (seconds < 99.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  return `${Math.floor(whole / 60)} min ${whole % 60} s`
}
