/** What a screen may ask of a host. Every command is checked here before the engine sees it, because a browser is a stranger. */
import { fail, type Result } from '#shared/result.ts'
import type { CalibrationCurves } from './calibration.ts'
import { historyQuery, type HistoryPage, type HistoryQuery } from './history.ts'
import type { LinkHistory } from './link-health.ts'
import type { CalibratorLevel, RecordingChoices, Split } from './state.ts'

export interface Commands {
  /** Looks for nodes for `seconds` (0.2 to 30); results arrive in `state.scan` as they come. */
  scan: { args: { seconds: number }; value: null }
  /** Adds a node by address and connects to it. A known address is connected again. */
  'node.add': { args: { address: string }; value: { key: number } }
  'node.connect': { args: { node: number }; value: null }
  'node.disconnect': { args: { node: number }; value: null }
  /** Forgets a node. Refused while it is recording. */
  'node.remove': { args: { node: number }; value: null }
  /** Brings back a node that was removed, as it was. Faults: `not-found` when too many were removed since; `busy` when its address was added anew. */
  'node.restore': { args: { node: number }; value: null }
  /** Starts the demo node on this computer and connects to it. */
  'demo.start': { args: Record<string, never>; value: { key: number } }
  /**
   * `nodes` empty: every live node. `folder` absent: the one in the settings. `seconds` (without the pre-roll) absent: until
   * stopped; else to the frame. What is absent of the choices is as in the settings. `resume`: an unfinished take of the
   * node in that folder, left by a crash, goes on instead.
   */
  'record.start': {
    args: { nodes: readonly number[]; folder?: string; seconds?: number; resume?: boolean } & Partial<RecordingChoices>
    value: { takes: readonly string[] }
  }
  /**
   * `takes` empty: every running take. Answers when the files are finished: with sound missing that may still come, that
   * is when it came, is lost for good, or `record.finish` is asked for.
   */
  'record.stop': { args: { takes: readonly string[] }; value: null }
  /** Stops, and finishes takes with what there is. `takes` empty: every take that is stopped already and waits for missing sound. */
  'record.finish': { args: { takes: readonly string[] }; value: null }
  /** Sets a marker at this moment. `takes` empty: in every running take. Fault: `not-found` when none runs. */
  'record.mark': { args: { takes: readonly string[]; label: string }; value: { marks: readonly MarkName[] } }
  /** Gives markers another label. Fault: `not-found` when the files of all of them are finished, with the labels they had. */
  'record.label': { args: { marks: readonly MarkName[]; label: string }; value: null }
  /** Reads the files of a finished take again and compares them with their certificates. Fault: `not-found`, `busy` while it is not finished. */
  'take.verify': { args: { take: string }; value: { files: readonly VerifiedFile[] } }
  /** Takes ended takes off the list; their files stay. Fault: `busy` for one that is not finished. */
  'take.remove': { args: { takes: readonly string[] }; value: null }
  /** Puts them back, in this run of the workstation. Fault: `not-found` when none is there any more. */
  'take.restore': { args: { takes: readonly string[] }; value: null }
  /** Shows a file of a take in its folder, where `about.reveals`. Faults: `not-found`, `busy` while it is not finished, `file-missing`. */
  'take.reveal': { args: { take: string; file: number }; value: null }
  /** Replaces the node's calibration by a file loaded here; `text` is the file's content. */
  'calibration.load': { args: { node: number; file: string; text: string }; value: null }
  /** Goes back to the calibration the node itself brings, if any. */
  'calibration.clear': { args: { node: number }; value: null }
  /** Response, correction and residual of the filter in use. Fault: `not-found` while there is none. */
  'calibration.curves': { args: { node: number }; value: CalibrationCurves }
  /** Takes back the last change of file, convention or offset. Fault: `not-found`. */
  'calibration.undo': { args: { node: number }; value: null }
  /** Which convention turns the Sens Factor into dB SPL; `none` leaves dBFS. A measured or typed offset goes before it. */
  'spl.convention': { args: { node: number; convention: string }; value: null }
  /** An offset by hand: dB SPL = dBFS + `db`. Kept for the microphone. */
  'spl.offset': { args: { node: number; db: number }; value: null }
  /** Forgets the measured or typed offset of the microphone. */
  'spl.clear': { args: { node: number }; value: null }
  /** Listens for the tone of a calibrator of `level` dB SPL; `state.nodes[].calibrator` tells how it goes. */
  'calibrator.start': { args: { node: number; level: CalibratorLevel }; value: null }
  /** Keeps what was measured, for the microphone. */
  'calibrator.use': { args: { node: number }; value: null }
  /** Ends the check; what it measured is discarded. */
  'calibrator.cancel': { args: { node: number }; value: null }
  /** Starts integrated loudness, maxima and totals of a node anew, or those of one of its meters. Fault: `bad-argument`. */
  'meters.reset': { args: { node: number; meter?: string }; value: null }
  /** Stops them, or lets them go on with the sound that follows; figures of the present go on. */
  'meters.pause': { args: { node: number; paused: boolean }; value: null }
  /** Chooses about one meter of a node, which begins anew; what `settings` leave out stays. Fault: `bad-argument`. */
  'meters.choose': {
    args: { node: number; meter: string; settings: Readonly<Record<string, string | number>> }
    value: null
  }
  /** Figures of a stretch of the past, coarse enough for `columns`. What has just come is in it a tenth of a second later. */
  'history.query': { args: HistoryQuery; value: HistoryPage }
  /** How the link of a node was, second by second, after `since` (ms since 1970; 0 for all of it); nothing while not connected. */
  'link.history': { args: { node: number; since: number }; value: LinkHistory }
  /** What is absent stays. Faults: `bad-argument`. */
  'settings.set': { args: { recordingFolder?: string; recording?: RecordingChoices }; value: null }
  /** Lets the person choose a folder in the system's own dialog, where `about.choosesFolders`; `folder` absent: they did not. */
  'folder.choose': { args: { from: string }; value: { folder?: string } }
  'notice.dismiss': { args: { id: number }; value: null }
}

/** One marker of a take. */
export interface MarkName {
  readonly take: string
  /** `TakeMarker.number`. */
  readonly number: number
}

export interface VerifiedFile {
  readonly file: string
  readonly good: boolean
  /** For the person: what is right or wrong, and where. */
  readonly sentence: string
}

export type CommandName = keyof Commands
export type CommandArgs<N extends CommandName> = Commands[N]['args']
export type CommandValue<N extends CommandName> = Commands[N]['value']
export type CommandHandlers = {
  readonly [N in CommandName]: (args: CommandArgs<N>) => Promise<Result<CommandValue<N>>>
}

export const MAX_CALIBRATION_TEXT = 1 << 20
const MAX_TEXT = 4096
/** More no meter offers. */
const MAX_SETTINGS = 64
/** Beyond it an offset is a typing error: converters and microphones in use lie between 60 and 160 dB. */
export const MAX_SPL_OFFSET_DB = 250
const CALIBRATOR_LEVELS: readonly CalibratorLevel[] = [94, 104, 114]
/** A year: beyond it a length is a typing error. */
const MAX_TAKE_SECONDS = 366 * 24 * 3600
/** A day: the longest ring that a node offers is of that order. */
const MAX_PRE_ROLL_SECONDS = 24 * 3600
/** Shorter files than these are a typing error, and would be thousands an hour. */
const MIN_SPLIT_SECONDS = 1
const MIN_SPLIT_BYTES = 1e6
/** Of a marker: the field of a WAV file holds more, a screen does not. */
const MAX_LABEL = 200
const MAX_PATTERN = 200

type Raw = Record<string, unknown>
type Check<N extends CommandName> = (raw: Raw) => CommandArgs<N> | undefined

const node = (raw: Raw): { node: number } | undefined => (isKey(raw['node']) ? { node: raw['node'] } : undefined)
const nothing = (): Record<string, never> => ({})
const takes = (raw: Raw): { takes: readonly string[] } | undefined =>
  isList(raw['takes'], isText) ? { takes: raw['takes'] } : undefined

const CHECKS: { readonly [N in CommandName]: Check<N> } = {
  scan: (raw) => {
    const { seconds } = raw
    return typeof seconds === 'number' && seconds >= 0.2 && seconds <= 30 ? { seconds } : undefined
  },
  'node.add': (raw) => (isText(raw['address']) ? { address: raw['address'] } : undefined),
  'node.connect': node,
  'node.disconnect': node,
  'node.remove': node,
  'node.restore': node,
  'demo.start': nothing,
  'record.start': (raw) => {
    const { nodes, folder, seconds, resume } = raw
    if (!isList(nodes, isKey) || (folder !== undefined && !isText(folder))) return undefined
    if (seconds !== undefined && !(typeof seconds === 'number' && seconds > 0 && seconds <= MAX_TAKE_SECONDS))
      return undefined
    if (resume !== undefined && typeof resume !== 'boolean') return undefined
    const choices = choicesIn(raw)
    if (!choices) return undefined
    return {
      nodes,
      ...choices,
      ...(folder === undefined ? {} : { folder }),
      ...(seconds === undefined ? {} : { seconds }),
      ...(resume === undefined ? {} : { resume }),
    }
  },
  'record.stop': takes,
  'record.finish': takes,
  'record.mark': (raw) => {
    const { label } = raw
    const chosen = takes(raw)
    return chosen && isLabel(label) ? { ...chosen, label } : undefined
  },
  'record.label': (raw) => {
    const { marks, label } = raw
    return isList(marks, isMark) && isLabel(label)
      ? { marks: marks.map(({ take, number }) => ({ take, number })), label }
      : undefined
  },
  'take.remove': takes,
  'take.restore': takes,
  'take.reveal': (raw) =>
    isText(raw['take']) && isKey(raw['file']) ? { take: raw['take'], file: raw['file'] } : undefined,
  'take.verify': (raw) => (isText(raw['take']) ? { take: raw['take'] } : undefined),
  'calibration.load': (raw) => {
    const { file, text } = raw
    if (!isKey(raw['node']) || !isText(file) || typeof text !== 'string' || text.length > MAX_CALIBRATION_TEXT)
      return undefined
    return { node: raw['node'], file, text }
  },
  'calibration.clear': node,
  'calibration.undo': node,
  'calibration.curves': node,
  'spl.convention': (raw) =>
    isKey(raw['node']) && isText(raw['convention']) ? { node: raw['node'], convention: raw['convention'] } : undefined,
  'spl.offset': (raw) => {
    const { db } = raw
    if (!isKey(raw['node']) || !(typeof db === 'number' && Math.abs(db) <= MAX_SPL_OFFSET_DB)) return undefined
    return { node: raw['node'], db }
  },
  'spl.clear': node,
  'calibrator.start': (raw) => {
    const level = CALIBRATOR_LEVELS.find((known) => known === raw['level'])
    return isKey(raw['node']) && level !== undefined ? { node: raw['node'], level } : undefined
  },
  'calibrator.use': node,
  'calibrator.cancel': node,
  'meters.reset': (raw) => {
    const { meter } = raw
    if (!isKey(raw['node']) || (meter !== undefined && !isText(meter))) return undefined
    return { node: raw['node'], ...(meter === undefined ? {} : { meter }) }
  },
  'meters.pause': (raw) => {
    const { paused } = raw
    return isKey(raw['node']) && typeof paused === 'boolean' ? { node: raw['node'], paused } : undefined
  },
  'meters.choose': (raw) => {
    const { meter, settings } = raw
    return isKey(raw['node']) && isText(meter) && isSettings(settings)
      ? { node: raw['node'], meter, settings }
      : undefined
  },
  'history.query': (raw) => {
    const query = historyQuery(raw)
    return query && isKey(raw['node']) ? { node: raw['node'], ...query } : undefined
  },
  'link.history': (raw) => {
    const { since } = raw
    return isKey(raw['node']) && isWithin(since, 0, Number.MAX_SAFE_INTEGER) ? { node: raw['node'], since } : undefined
  },
  'settings.set': (raw) => {
    const { recordingFolder, recording } = raw
    if (recordingFolder !== undefined && !isText(recordingFolder)) return undefined
    const choices = recording === undefined ? undefined : recordingChoices(recording)
    if (recording !== undefined && !choices) return undefined
    return { ...(recordingFolder === undefined ? {} : { recordingFolder }), ...(choices ? { recording: choices } : {}) }
  },
  'folder.choose': (raw) => (isText(raw['from']) ? { from: raw['from'] } : undefined),
  'notice.dismiss': (raw) => (isKey(raw['id']) ? { id: raw['id'] } : undefined),
}

/** Checks name and arguments and calls the handler. Fault: `bad-command`. Never throws for bad input. */
export async function dispatch(handlers: CommandHandlers, name: unknown, args: unknown): Promise<Result<unknown>> {
  if (typeof name !== 'string' || !Object.hasOwn(CHECKS, name))
    return fail('bad-command', 'This command is not known here.')
  return run(handlers, name as CommandName, args)
}

async function run<N extends CommandName>(handlers: CommandHandlers, name: N, args: unknown): Promise<Result<unknown>> {
  const raw = typeof args === 'object' && args !== null ? (args as Raw) : {}
  const checked = CHECKS[name](raw)
  return checked ? handlers[name](checked) : fail('bad-command', `The arguments of "${name}" do not fit.`)
}

/** How a take is to be begun, as settings keep it and screens send it; undefined when it does not fit. */
export function recordingChoices(value: unknown): RecordingChoices | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const choices = choicesIn(value as Raw)
  if (!choices) return undefined
  const { preRoll, namePattern, perNodeFolders, split } = choices
  if (preRoll === undefined || split === undefined || namePattern === undefined || perNodeFolders === undefined)
    return undefined
  return { preRoll, split, namePattern, perNodeFolders }
}

function choicesIn(raw: Raw): Partial<RecordingChoices> | undefined {
  const { preRoll, split, namePattern, perNodeFolders } = raw
  if (preRoll !== undefined && !isWithin(preRoll, 0, MAX_PRE_ROLL_SECONDS)) return undefined
  if (split !== undefined && !isSplit(split)) return undefined
  if (namePattern !== undefined && !(typeof namePattern === 'string' && namePattern.length <= MAX_PATTERN))
    return undefined
  if (perNodeFolders !== undefined && typeof perNodeFolders !== 'boolean') return undefined
  return {
    ...(preRoll === undefined ? {} : { preRoll }),
    ...(split === undefined ? {} : { split }),
    ...(namePattern === undefined ? {} : { namePattern }),
    ...(perNodeFolders === undefined ? {} : { perNodeFolders }),
  }
}

function isSplit(value: unknown): value is Split | null {
  if (value === null) return true
  if (typeof value !== 'object') return false
  const { seconds, bytes } = value as Raw
  return seconds === undefined
    ? isWithin(bytes, MIN_SPLIT_BYTES, Number.MAX_SAFE_INTEGER)
    : bytes === undefined && isWithin(seconds, MIN_SPLIT_SECONDS, MAX_TAKE_SECONDS)
}

function isWithin(value: unknown, low: number, high: number): value is number {
  return typeof value === 'number' && value >= low && value <= high
}

function isKey(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 31
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= MAX_TEXT
}

function isLabel(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_LABEL
}

function isMark(value: unknown): value is MarkName {
  if (typeof value !== 'object' || value === null) return false
  const { take, number } = value as Raw
  return isText(take) && isKey(number)
}

function isSettings(value: unknown): value is Readonly<Record<string, string | number>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const entries = Object.entries(value)
  return entries.length <= MAX_SETTINGS && entries.every(([, v]) => isText(v) || Number.isFinite(v))
}

function isList<T>(value: unknown, is: (item: unknown) => item is T): value is readonly T[] {
  return Array.isArray(value) && value.length <= 256 && value.every((item) => is(item))
}
