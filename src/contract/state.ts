/** What a screen shows that is not a meter: small, changes a few times a second at most, sent as JSON slices. */
import type { Fault } from '#shared/result.ts'
import type { StreamFormat } from '#shared/pcm.ts'

/**
 * connecting: nothing heard yet. live: sound came within the last second. stalled: the node answers but sends no sound.
 * lost: it was heard and has been silent for 3 s; the session keeps trying.
 */
export type Presence = 'disconnected' | 'connecting' | 'live' | 'stalled' | 'lost'

/** Counters of one link since it was connected. Every one only grows, except `missingFrames`, which shrinks on repair. */
export interface LinkCounters {
  readonly blocks: number
  readonly frames: number
  readonly gaps: number
  /** Frames that never came, after late blocks were put back in their place. */
  readonly missingFrames: number
  /** Blocks that came after a later one and filled a gap. */
  readonly late: number
  readonly duplicates: number
  /** Packets of an ended stream. */
  readonly stale: number
  /** Packets that were not ours or were damaged. */
  readonly refused: number
  /** Blocks dropped because the workstation itself was too slow. */
  readonly dropped: number
}

export interface CalibrationView {
  /** `refused`: a file was given and cannot be used; `fault` says why and figures stay uncalibrated. */
  readonly state: 'none' | 'applied' | 'refused'
  readonly origin?: 'node' | 'workstation'
  readonly file?: string
  readonly serial?: string
  /** Largest deviation of the filter in use from the wanted correction, 20 Hz to 20 kHz, dB. */
  readonly residualDb?: number
  readonly fault?: Fault
}

export interface NodeView {
  /** Small number that stands for this node in frames and commands; never reused while the engine runs. */
  readonly key: number
  readonly address: string
  /** The node's own id; absent until it answered once. */
  readonly id?: string
  readonly name: string
  readonly software?: string
  readonly presence: Presence
  /** Why it is not live, for the person. */
  readonly fault?: Fault
  readonly format?: StreamFormat
  readonly source?: { readonly kind: string; readonly label: string; readonly simulated: boolean }
  readonly calibration: CalibrationView
  readonly link: LinkCounters
  /** Round trip to the node, ms. */
  readonly roundTripMs?: number
  readonly capture?: { readonly overruns: number; readonly overrunFrames: number; readonly cpuPercent: number }
  /** The take it is being recorded in. */
  readonly take?: string
}

export interface FoundNode {
  readonly id: string
  readonly name: string
  readonly address: string
  readonly software: string
  /** Key of the session, where the node was added already. */
  readonly key?: number
}

export interface ScanView {
  readonly running: boolean
  readonly found: readonly FoundNode[]
  /** When the last scan ended, ms since 1970; absent before the first. */
  readonly endedAt?: number
  readonly fault?: Fault
}

export interface TakeView {
  readonly id: string
  readonly node: number
  readonly name: string
  readonly state: 'recording' | 'finished' | 'failed'
  /** ms since 1970. */
  readonly startedAt: number
  readonly folder: string
  /** File names inside `folder`, in order; a new one begins where the stream or its format changed. */
  readonly files: readonly string[]
  readonly frames: number
  readonly seconds: number
  readonly bytes: number
  readonly gaps: number
  readonly missingFrames: number
  /** Bytes that wait for the disk. */
  readonly queuedBytes: number
  /** Gated loudness of exactly the recorded frames, LUFS; null until there is enough sound. */
  readonly integrated: number | null
  /** Per channel over exactly the recorded frames, dBFS (full-scale square = 0); null for silence. */
  readonly rms: readonly (number | null)[]
  readonly fault?: Fault
}

export interface Notice {
  readonly id: number
  readonly at: number
  readonly fault: Fault
}

export interface SettingsView {
  readonly recordingFolder: string
}

export interface WorkstationState {
  readonly about: { readonly version: string; readonly computer: string; readonly dataFolder: string }
  readonly nodes: readonly NodeView[]
  readonly scan: ScanView
  /** Newest first, bounded. */
  readonly takes: readonly TakeView[]
  readonly notices: readonly Notice[]
  readonly settings: SettingsView
}
