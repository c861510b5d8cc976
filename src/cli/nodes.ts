/** Connecting to the nodes that a command names, and what a reading says in words and in JSON. */
import type { Screen } from '#contract/open.ts'
import { FRAME_CALIBRATED, type NodeReadings } from '#contract/frame.ts'
import type { NodeView, SplView } from '#contract/state.ts'
import { slotAt, type StreamShape } from '#meters/meter.ts'
import { METERS, meterIndex } from '#meters/registry.ts'
import { fail, ok, type Fault, type Result } from '#shared/result.ts'

/** Adds the addresses and waits until each sends sound. The first one that does not within `seconds`, or until `stop`, is the fault. */
export async function connectAll(
  screen: Screen,
  addresses: readonly string[],
  seconds: number,
  stop: Promise<void>,
): Promise<Result<readonly number[]>> {
  const keys: number[] = []
  for (const address of addresses) {
    const added = await screen.call('node.add', { address })
    if (!added.ok) return added
    keys.push(added.value.key)
  }
  const deadline = performance.now() + seconds * 1000
  return new Promise((resolve) => {
    const done = (result: Result<readonly number[]>): void => {
      clearInterval(timer)
      void subscription.dispose()
      resolve(result)
    }
    const look = (): void => {
      const nodes = keys.map((key) => viewOf(screen, key))
      const hopeless = nodes.find((n) => n?.fault && HOPELESS.has(n.fault.code))
      if (hopeless) return done({ ok: false, fault: hopeless.fault! })
      // Live, and introduced: the name is in the metadata.
      if (nodes.every((n) => n?.presence === 'live' && n.software !== undefined)) return done(ok(keys))
      if (performance.now() < deadline) return undefined
      const silent = nodes.find((n) => n?.presence !== 'live')
      return done({ ok: false, fault: silent?.fault ?? noSound(silent, seconds) })
    }
    const subscription = screen.onState(look)
    const timer = setInterval(look, 100)
    void stop.then(() => done(fail('not-connected', 'Stopped before sound came.')))
    look()
  })
}

/** Waiting does not help against these. */
const HOPELESS = new Set<Fault['code']>(['not-a-node', 'version-mismatch'])

function noSound(node: NodeView | undefined, seconds: number): Fault {
  return fail(
    'no-answer',
    `${node?.name ?? 'The node'} sent no sound within ${seconds} s. Check the address and that the node is running.`,
  ).fault
}

export function viewOf(screen: Screen, key: number): NodeView | undefined {
  return screen.state?.nodes.find((n) => n.key === key)
}

/** A reading as an object of named figures. */
export function figuresOf(
  reading: NodeReadings,
  channels: number,
  rate: number,
): Record<string, number | boolean | null | (number | null)[]> {
  const take = (meter: string, slot: string): (number | null)[] =>
    valuesOf(reading, { rate, channels }, meter, slot).map((v) => finite(v))
  const one = (meter: string, slot: string): number | null => take(meter, slot)[0] ?? null
  return {
    momentary: one('loudness', 'momentary'),
    shortTerm: one('loudness', 'shortTerm'),
    integrated: one('loudness', 'integrated'),
    momentaryMax: one('loudness', 'momentaryMax'),
    shortTermMax: one('loudness', 'shortTermMax'),
    peak: take('level', 'peak'),
    rms: take('level', 'rms'),
    peakMax: take('level', 'peakMax'),
    rmsTotal: take('level', 'rmsTotal'),
    clips: take('level', 'clips'),
    crest: take('level', 'crest'),
    dc: valuesOf(reading, { rate, channels }, 'level', 'dc').map((share) => Math.round(share * 1e6) / 1e6),
    ...(channels === 2 ? { correlation: one('level', 'correlation') } : {}),
    lra: one('loudness', 'lra'),
    lraStable: one('loudness', 'lraUnstable') === 0,
    plr: one('loudness', 'plr'),
    truePeak: take('loudness', 'truePeak'),
    truePeakMax: take('loudness', 'truePeakMax'),
    heard: one('loudness', 'heard'),
  }
}

const NOW = ['LAF', 'LAS', 'LAI', 'LCF', 'LCS', 'LZF', 'LZS'] as const
const WINDOWS = ['1s', '1min', '5min', '15min', '1h'] as const
const PERCENTS = [1, 5, 10, 50, 90, 95, 99] as const
/** Slots by their names in JSON, which are those of `analyze --json`. */
const SOUND_LEVELS: readonly (readonly [name: string, slot: string])[] = [
  ...NOW.map((slot) => [slot.toLowerCase(), slot] as const),
  ...NOW.map((slot) => [`${slot.toLowerCase()}Max`, `${slot}max`] as const),
  ...NOW.map((slot) => [`${slot.toLowerCase()}Min`, `${slot}min`] as const),
  ...['LAeq', 'LCeq', 'LZeq', 'LAE'].map((slot) => [slot.toLowerCase(), slot] as const),
  ['lcPeak', 'LCpeakMax'],
  ...WINDOWS.map((window) => [`laeq${window}`, `LAeq${window}`] as const),
  ...PERCENTS.map((percent) => [`l${percent}`, `L${percent}`] as const),
]

/** Sound level per channel, in dB SPL where an offset is known, and what is to be known of these figures. */
export function soundLevelOf(
  reading: NodeReadings,
  shape: StreamShape,
  spl: SplView | undefined,
): Record<string, unknown> {
  const take = (slot: string): number[] => valuesOf(reading, shape, 'sound-level', slot)
  const levels = SOUND_LEVELS.map(
    ([name, slot]) => [name, take(slot).map((v) => finite(v + (spl?.offsetDb ?? 0)))] as const,
  )
  /** Every channel hears at the same time, but a sample that is no number is not heard. */
  const coverage = (window: string): number | null => finite(Math.min(...take(`coverage${window}`)))
  return {
    ...Object.fromEntries(levels),
    /** Of the sound levels; everything else is in LUFS and dBFS. */
    unit: spl ? (spl.estimate ? 'dB SPL est.' : 'dB SPL') : 'dBFS',
    splOffset: finite(spl?.offsetDb ?? Number.NaN),
    splProvenance: spl?.provenance ?? null,
    overloaded: take('overloaded').some((flag) => flag > 0),
    coverage: coverage(''),
    ...Object.fromEntries(WINDOWS.map((window) => [`coverage${window}`, coverage(window)])),
  }
}

function valuesOf(reading: NodeReadings, shape: StreamShape, meter: string, slot: string): number[] {
  const index = meterIndex(meter)
  const values = reading.readings[index]
  const { at, length } = slotAt(METERS[index]!.layout(shape), slot)
  return values ? [...values.subarray(at, at + length)] : []
}

/** JSON has no infinity. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? round(value) : null
}

export function isCalibrated(reading: NodeReadings): boolean {
  return (reading.flags & FRAME_CALIBRATED) !== 0
}

/** A thousandth of a decibel is far below what any meter here resolves. */
function round(value: number): number {
  return Math.round(value * 1000) / 1000
}
