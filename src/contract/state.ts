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
  /** Frames that were asked for again and came from the node's ring. */
  readonly repairedFrames: number
  /** Frames that are needed and being asked for. */
  readonly pendingFrames: number
  /** Frames that were needed and will never come. */
  readonly goneFrames: number
}

/** What makes dB SPL of dBFS, and where it is from. */
export interface SplView {
  /** Added to dBFS (RMS, full-scale square wave 0). */
  readonly offsetDb: number
  /** estimate: by a convention from the file's Sens Factor. calibrator: measured. typed: by hand. */
  readonly provenance: 'estimate' | 'calibrator' | 'typed'
  /** True unless it was measured or typed. */
  readonly estimate: boolean
  /** The convention of an estimate. */
  readonly convention?: string
  /** ms since 1970, of what was measured or typed. */
  readonly measuredAt?: number
  /** What a calibrator gave, and what was read of it. */
  readonly calibrator?: { readonly level: CalibratorLevel; readonly hz: number; readonly readDb: number }
}

/** Sound pressure levels of calibrators, dB. */
export type CalibratorLevel = 94 | 104 | 114

/** A check with a sound calibrator that is going on, or has ended and waits for the person. */
export interface CalibratorView {
  readonly state: 'listening' | 'done' | 'failed'
  readonly level: CalibratorLevel
  /** The strongest tone heard now; absent before the first. `levelDb` in dBFS, RMS. */
  readonly tone?: { readonly hz: number; readonly levelDb: number; readonly snrDb: number }
  /** What stands in the way now, for the person. */
  readonly trouble?: string
  /** For how long the tone has stood still, of the seconds needed. */
  readonly steadySeconds: number
  readonly neededSeconds: number
  /** When it is done. `warnings` for the person: a frequency that no calibrator has, channels that differ. */
  readonly result?: {
    readonly offsetDb: number
    readonly hz: number
    readonly readDb: number
    /** What the offset in use before reads of it, dB SPL; absent where there was none. */
    readonly beforeDb?: number
    readonly warnings: readonly string[]
  }
  readonly fault?: Fault
}

export interface CalibrationView {
  /** `refused`: a file was given and cannot be used; `fault` says why and figures stay uncalibrated. */
  readonly state: 'none' | 'applied' | 'refused'
  readonly origin?: 'node' | 'workstation'
  readonly file?: string
  readonly serial?: string
  /** Largest deviation of the filter in use from the wanted correction, 20 Hz to 20 kHz, dB. */
  readonly residualDb?: number
  /** For sound from the side, the microphone pointed up; absent where neither the file nor its name says so. */
  readonly incidence?: '90deg'
  readonly sensFactorDb?: number
  /** What each convention makes of the Sens Factor; `chosen` is the one in force while nothing was measured or typed. */
  readonly estimates?: readonly { readonly convention: string; readonly offsetDb: number; readonly fits: boolean }[]
  readonly chosen?: string
  /** Absent: figures are in dBFS. */
  readonly spl?: SplView
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
  /** Totals and maxima of its meters stand still. */
  readonly paused: boolean
  /** What is in force of what each meter lets a person choose. */
  readonly choices: Readonly<Record<string, Readonly<Record<string, string | number>>>>
  readonly calibration: CalibrationView
  readonly calibrator?: CalibratorView
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
