/** Where one file of a take ends and the next begins: arithmetic of positions, without a file. */
import { frameBytes, type StreamFormat } from '#shared/pcm.ts'
import type { Split } from '#contract/state.ts'

/** What follows the sound in a file, markers included unless there are very many. */
const TAIL_BYTES = 4096
/** A seam is at least this far behind the beginning, frames, whatever was asked for. */
const MIN_FRAMES = 1n

/** Frames of one file, so that it lasts `split.seconds`, or has at most `split.bytes` with `headBytes` before the sound and what follows it. */
export function splitFrames(split: Split | null, format: StreamFormat, headBytes: number): bigint | undefined {
  if (split === null) return undefined
  const frames =
    'seconds' in split
      ? BigInt(Math.round(split.seconds * format.rate))
      : BigInt(Math.floor((split.bytes - headBytes - TAIL_BYTES) / frameBytes(format)))
  return frames > MIN_FRAMES ? frames : MIN_FRAMES
}

/**
 * First frame of a take that begins at `position`, with `preRoll` seconds from before it. `oldest`: the first frame that
 * the node can still give; without it there is no sound from before.
 */
export function firstFrame(
  position: bigint,
  preRoll: number,
  format: StreamFormat,
  oldest: bigint | undefined,
): bigint {
  if (oldest === undefined || oldest > position) return position
  const wanted = position - BigInt(Math.round(preRoll * format.rate))
  return wanted > oldest ? wanted : oldest
}

/** `frames` as seconds of that format. */
export function secondsOf(frames: number | bigint, format: StreamFormat): number {
  return Number(frames) / format.rate
}
