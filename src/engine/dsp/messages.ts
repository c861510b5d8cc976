/** What the engine and its DSP workers say to each other. Order matters: a worker handles messages as they were sent, several at a time. */
import type { Fault } from '#shared/result.ts'
import type { StreamFormat } from '#shared/pcm.ts'
import type { NodeReadings } from '#contract/frame.ts'
import type { Settings } from '#meters/meter.ts'
import type { Look, Tone } from '#dsp/calibrator.ts'

export type ToWorker =
  /** Meters a node from here on; an open node is begun anew. */
  | { readonly t: 'open'; readonly node: number; readonly format: StreamFormat }
  | {
      readonly t: 'block'
      readonly node: number
      /** Captured samples, transferred. */
      readonly bytes: Uint8Array<ArrayBuffer>
      readonly frames: number
      /** Frames missing right before this block. */
      readonly gap: number
      /** Position after the block, frames since the stream began. */
      readonly position: number
      /** UTC ms at which the last frame of the block was captured. */
      readonly capturedAt: number
    }
  /** Content of a calibration file, or null for none; kept over `open`. */
  | { readonly t: 'calibrate'; readonly node: number; readonly text: string | null }
  /** Whether a screen shows pictures of the moment of this node; kept over `open`. */
  | { readonly t: 'watch'; readonly node: number; readonly on: boolean }
  | { readonly t: 'reset'; readonly node: number }
  /** Whether totals and maxima stand still; kept over `open`. */
  | { readonly t: 'pause'; readonly node: number; readonly on: boolean }
  /** Begins a meter anew with what was chosen of its choices; kept over `open`. */
  | { readonly t: 'choose'; readonly node: number; readonly meter: string; readonly settings: Settings }
  /** Listens for the tone of a sound calibrator, anew, or no longer; kept over `open`. */
  | { readonly t: 'listen'; readonly node: number; readonly on: boolean }
  /** Measures exactly the blocks between begin and end, beside the live meters. */
  | { readonly t: 'span-begin'; readonly node: number; readonly span: string }
  | { readonly t: 'span-end'; readonly node: number; readonly span: string }
  | { readonly t: 'close'; readonly node: number }
  | { readonly t: 'stop' }

export interface SpanReading {
  readonly span: string
  /** Gated loudness, LUFS; -Infinity without enough sound. */
  readonly integrated: number
  /** Per channel, dBFS. */
  readonly rms: readonly number[]
  readonly final: boolean
}

export type FromWorker =
  /** `taken` blocks were handled since the last message, per node; it is the credit of the pool's queue. */
  | {
      readonly t: 'readings'
      readonly nodes: readonly NodeReadings[]
      readonly taken: readonly (readonly [node: number, blocks: number])[]
    }
  | { readonly t: 'span'; readonly node: number; readonly reading: SpanReading }
  | { readonly t: 'calibrated'; readonly node: number; readonly residualDb: number }
  /** The newest look, and the tone once it was steady. */
  | { readonly t: 'tone'; readonly node: number; readonly look: Look; readonly steady: Tone | undefined }
  | { readonly t: 'calibration-refused'; readonly node: number; readonly fault: Fault }
