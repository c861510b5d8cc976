/** What a screen shows that is not a meter: small, changes a few times a second at most, sent as JSON slices. */
import type { LinkHealth } from './link-health.ts'
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
  /** Frames that were missing and came from the node's ring. */
  readonly repairedFrames: number
  /** Frames that are needed and being asked for. */
  readonly pendingFrames: number
  /** Frames that were needed and will never come. */
  readonly goneFrames: number
}

/** Where sound was lost, on its way from the microphone to the person. */
export type LossStage = 'capture' | 'ring' | 'network' | 'session' | 'disk'

export interface LossView {
  /** For the person: "Network to attic: 340 ms missing, refilled". */
  readonly sentence: string
  /** ms since 1970. */
  readonly at: number
  readonly stage: LossStage
  readonly frames: number
  /** missing: nobody needs it, so it is not asked for. refilling: it is being asked for. lost: some or all of it will never come. */
  readonly state: 'missing' | 'refilling' | 'refilled' | 'lost'
}

export interface LinkView extends LinkCounters {
  /** How the sound comes; absent while not connected and in the first second. */
  readonly health?: LinkHealth
  /** Blocks that wait for the meters, and how many may until newer ones are dropped; absent while not connected. */
  readonly queue?: { readonly blocks: number; readonly limit: number }
  /** Newest first, bounded. */
  readonly losses: readonly LossView[]
  /** What endangers the sound now: `link-slow`, `ring-ends`; `node-conflict`: another live node has the same id. */
  readonly warnings: readonly Fault[]
}

/** Of a node that was not heard yet. */
export const NO_LINK: LinkView = {
  losses: [],
  warnings: [],
  blocks: 0,
  frames: 0,
  gaps: 0,
  missingFrames: 0,
  late: 0,
  duplicates: 0,
  stale: 0,
  refused: 0,
  dropped: 0,
  repairedFrames: 0,
  pendingFrames: 0,
  goneFrames: 0,
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
  /** Another number for each filter put in use: `calibration.curves` has something new to say. */
  readonly filter?: number
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

/** What a node counts of itself, since it was started. */
export interface CaptureView {
  /** Times its sound device lost frames before the node saw them, and how many. */
  readonly overruns: number
  readonly overrunFrames: number
  /** Times the source was opened anew. */
  readonly reopened: number
  /** Of one core, over the last second. */
  readonly cpuPercent: number
  readonly memoryBytes: number
  readonly uptimeSeconds: number
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
  readonly link: LinkView
  /** Round trip to the node, ms. */
  readonly roundTripMs?: number
  readonly capture?: CaptureView
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

/** Sound of a take that did not come at once: where it belongs, and what became of it. */
export interface TakeGap {
  /** File name inside the take's folder. */
  readonly file: string
  /** From the beginning of that file. */
  readonly atSeconds: number
  readonly seconds: number
  readonly frames: number
  /** waiting: asked for. repaired: came later and is in its place. lost: will never come, and stays silence. */
  readonly state: 'waiting' | 'repaired' | 'lost'
  /** Where it was lost; absent while that is not known. */
  readonly cause?: 'capture' | 'network' | 'ring' | 'node' | 'disk'
  /** "340 ms at 0:12.500, lost between node and workstation: refilled", for the person. */
  readonly sentence: string
}

export interface TakeMarker {
  /** Of the take, from 0; stays the same. */
  readonly number: number
  /** From the beginning of the take, pre-roll included. */
  readonly atSeconds: number
  readonly label: string
}

/** What is recorded of one node between a start and a stop. Takes of one start share their `group` and one timeline. */
export interface TakeView {
  readonly id: string
  readonly group: string
  readonly node: number
  readonly name: string
  /**
   * recording. repairing: stopped, and waits for `pendingFrames` that may still come. sealing: checksums and headers are
   * being written. finished. failed: `fault` ended it; what was written is kept.
   */
  readonly state: 'recording' | 'repairing' | 'sealing' | 'finished' | 'failed'
  /** Moment of its first frame, ms since 1970. */
  readonly startedAt: number
  /** Sound from before the start that is part of it. */
  readonly preRollSeconds: number
  readonly folder: string
  /** File names inside `folder`, in order; a new one begins where the stream or its format changed and where it is split. */
  readonly files: readonly string[]
  /** Of each of `files`, s. */
  readonly lengths: readonly number[]
  /** Of `files`, those that are finished and have their certificate. */
  readonly sealed: number
  readonly frames: number
  readonly seconds: number
  readonly bytes: number
  readonly gaps: number
  /** Not in the file now: those that may still come and those that are lost. */
  readonly missingFrames: number
  readonly pendingFrames: number
  /** Came later than the sound behind them and are in their place. */
  readonly repairedFrames: number
  /** Newest first, bounded. */
  readonly losses: readonly TakeGap[]
  readonly markers: readonly TakeMarker[]
  /** How often it went on after a crash or a restart of the workstation. */
  readonly resumed: number
  /** While it is repairing: when it is finished with what there is, ms since 1970. */
  readonly finishesAt?: number
  /** Until the disk is full at the pace of everything that is recorded there; absent when it is not recording. */
  readonly diskSeconds?: number
  /** What the certificates of the sealed files say, in one line. */
  readonly verdict?: { readonly whole: boolean; readonly sentence: string }
  /** While its files are read again and compared with their certificates: how much of that is done, 0 to 1. */
  readonly verifying?: number
  /** Bytes that wait for the disk. */
  readonly queuedBytes: number
  /** Gated loudness of the sound of the take as it was heard live, LUFS; null until there is enough sound. */
  readonly integrated: number | null
  /** Per channel of the same sound, dBFS (full-scale square = 0); null for silence. */
  readonly rms: readonly (number | null)[]
  readonly fault?: Fault
}

export interface Notice {
  readonly id: number
  readonly at: number
  readonly fault: Fault
}

/** How takes are begun unless the command says otherwise. */
export interface RecordingChoices {
  /** Sound from before the start, s; 0 for none. */
  readonly preRoll: number
  /** Length at which a take goes on in another file; null: one file. */
  readonly split: Split | null
  /** Of the names of files, such as `{node}_{date}_{time}`; empty: that of the program. */
  readonly namePattern: string
  /** A folder for each node inside the recording folder. */
  readonly perNodeFolders: boolean
}

export type Split = { readonly seconds: number } | { readonly bytes: number }

/** Room on the disk that holds the recording folder, and for how long that does. */
export interface DiskView {
  readonly folder: string
  readonly freeBytes: number
  /** For what is recorded, or while nothing is for every node that is live; absent while there is none. */
  readonly seconds?: number
  /** Less than ten minutes of that. */
  readonly low: boolean
}

export interface SettingsView {
  readonly recordingFolder: string
  readonly recording: RecordingChoices
}

export interface WorkstationState {
  readonly about: {
    readonly version: string
    readonly computer: string
    readonly dataFolder: string
    /** The screen is on this computer's own desktop, where a file can be shown in its folder. */
    readonly reveals: boolean
    /** The same, where the system has a dialog for choosing a folder. */
    readonly choosesFolders: boolean
  }
  readonly nodes: readonly NodeView[]
  readonly scan: ScanView
  /** Newest first, bounded. */
  readonly takes: readonly TakeView[]
  readonly notices: readonly Notice[]
  /** Absent until it was looked at, and where the system does not say. */
  readonly disk?: DiskView
  readonly settings: SettingsView
}
