/**
 * The one seam between what makes sound and what broadcasts it.
 * Invariant: the bytes of all `data` calls, laid end to end, are the captured frames in order; where frames are missing
 * between two calls, `lost` says how many. After `end`, or once `close` has been called, nothing more comes.
 */
import type { StreamFormat } from '#shared/pcm.ts'
import type { Fault, Result } from '#shared/result.ts'

export interface SourceSink {
  /** The device is open and sound is about to come. Called once, before everything else but `end`. */
  begin(format: StreamFormat): void
  /**
   * Captured bytes, cut anywhere, even inside a frame. The receiver owns them from now on: the source never touches
   * them again. `endNs`: when the last frame was captured, monotonic clock, ns; never earlier than in the call before.
   */
  data(bytes: Uint8Array, endNs: bigint): void
  /** `frames` went missing between the bytes given so far and those that follow. */
  lost(frames: number): void
  /** The source is over: with a fault it broke and may come back, without one it has ended for good. */
  end(fault?: Fault): void
}

export interface OpenSource {
  /** The capture program whose CPU time and memory count as the node's. */
  readonly pid?: number
  close(): Promise<void>
}

export interface Source {
  /** The device, file or signal, for people. */
  readonly label: string
  /** True for made-up sound. */
  readonly simulated: boolean
  /** Starts capturing; resolves once sound is known to flow. May be called again after `end` or `close`. */
  open(sink: SourceSink): Promise<Result<OpenSource>>
}

/** What the user asked for. Undefined: the source decides. */
export interface SourceRequest {
  readonly rate?: number
  readonly channels?: number
  readonly format?: StreamFormat['format']
  /** Length of a block, ms: how often sound should come. */
  readonly blockMs: number
  /** Play a file once, then end. */
  readonly once?: boolean
  /** Position that a stream begins at instead of 0, for tests of large positions. */
  readonly firstFrame?: bigint
}

export interface SourceKind {
  /** The word before the colon in `--source kind:argument`, and the name of the folder. */
  readonly kind: string
  /** `argument` is what stands after the colon, '' if nothing does. Checks what can be checked without a device. */
  create(argument: string, request: SourceRequest): Promise<Result<Source>>
}
