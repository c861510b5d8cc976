/** What is known of each microphone's sensitivity: kept in the settings, by serial number, so that it follows the microphone. */
import type { CalibratorLevel, SplView } from '#contract/state.ts'
import type { SettingsFile } from './settings.ts'

/** A sound pressure offset that somebody measured or typed. */
export type KnownOffset = Pick<SplView, 'offsetDb' | 'calibrator'> & {
  readonly provenance: 'calibrator' | 'typed'
  /** ms since 1970. */
  readonly measuredAt: number
}

export interface MicrophoneRecord {
  /** `serial:7175488`, or `node:attic` for the microphone of a node that gives no serial number. */
  readonly microphone: string
  /** Chosen by hand; absent: the one for its model. */
  readonly convention?: string
  readonly offset?: KnownOffset
}

/** More microphones than one workstation ever meets; the one that changed longest ago is dropped. */
const MAX_RECORDS = 1000

export class Microphones {
  readonly #settings: SettingsFile

  constructor(settings: SettingsFile) {
    this.#settings = settings
  }

  find(microphone: string): MicrophoneRecord | undefined {
    return this.#settings.value.microphones?.find((record) => record.microphone === microphone)
  }

  /** Changes one thing of a microphone; undefined forgets it. */
  set<K extends 'convention' | 'offset'>(microphone: string, name: K, value: MicrophoneRecord[K]): void {
    const { [name]: _before, ...kept } = this.find(microphone) ?? { microphone }
    const record = (value === undefined ? kept : { ...kept, [name]: value }) as MicrophoneRecord
    const others = (this.#settings.value.microphones ?? []).filter((other) => other.microphone !== microphone)
    this.#settings.set({ microphones: [...others, record].slice(-MAX_RECORDS) })
  }
}

/** A record as read from a file that anybody may have edited: what cannot be used is left out. */
export function parseMicrophone(raw: unknown): MicrophoneRecord[] {
  const { microphone, convention, offset } = fieldsOf(raw)
  if (typeof microphone !== 'string' || microphone === '') return []
  const known = parseOffset(offset)
  return [
    { microphone, ...(typeof convention === 'string' ? { convention } : {}), ...(known ? { offset: known } : {}) },
  ]
}

function parseOffset(raw: unknown): KnownOffset | undefined {
  const { offsetDb, measuredAt, provenance, calibrator } = fieldsOf(raw)
  if (!isFinite(offsetDb) || !isFinite(measuredAt)) return undefined
  if (provenance === 'typed') return { offsetDb, measuredAt, provenance }
  const { level, hz, readDb } = fieldsOf(calibrator)
  const given = ([94, 104, 114] as const).find((one): one is CalibratorLevel => one === level)
  if (provenance !== 'calibrator' || given === undefined || !isFinite(hz) || !isFinite(readDb)) return undefined
  return { offsetDb, measuredAt, provenance, calibrator: { level: given, hz, readDb } }
}

function fieldsOf(raw: unknown): Record<string, unknown> {
  return typeof raw === 'object' && raw !== null ? (raw as Record<string, unknown>) : {}
}

function isFinite(value: unknown): value is number {
  return Number.isFinite(value)
}
