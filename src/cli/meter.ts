import { mergeNode, type NodeReadings } from '#contract/frame.ts'
import type { NodeView } from '#contract/state.ts'
import type { Command, Input } from './command.ts'
import { interrupted, printFault, printJson, secondsOf, sleep, UsageError } from './command.ts'
import { openOwnScreen, openWorkstation } from './compose.ts'
import { connectAll, figuresOf, isCalibrated, soundLevelOf, viewOf } from './nodes.ts'

const CONNECT_SECONDS = 5

export const meter: Command = {
  name: 'meter',
  summary: 'Print loudness and level of nodes.',
  usage: 'tcp://HOST:5555 [...] [--duration S] [--interval S] [--json]',
  help: `  --duration SECONDS  end after this time (until interrupted)
  --interval SECONDS  time between two lines (1; with --json 0.1)
  --timeout SECONDS   how long to wait for the first sound (${CONNECT_SECONDS})
  --json              one object a line; silence is null

Loudness in LUFS (ITU-R BS.1770-5): momentary 0.4 s, short-term 3 s, integrated since the start. Levels in dBFS.
With --json, lists hold a value a channel. Maxima, means and whatever has no window of its own are since the start:
  momentary, shortTerm, integrated, momentaryMax, shortTermMax   LUFS; heard: seconds of sound they are of
  lra, plr                         LU (EBU Tech 3342; peak to loudness); lraStable: of at least 60 s
  truePeak, truePeakMax            dBTP, since the last line and since the start
  peak, peakMax, rms, rmsTotal     dBFS; clips: samples at full scale; crest: dB, of 300 ms
  dc                               mean, full scale 1; correlation: of two channels, -1 to 1, of 300 ms
  laf, las, lai, lcf, lcs, lzf, lzs, each also with Max and Min; laeq, lceq, lzeq, lae; lcPeak (IEC 61672-1);
  l1, l5, l10, l50, l90, l95, l99 (LAF exceeded for so many per cent of the time); laeq1s, laeq1min, laeq5min, laeq15min,
  laeq1h:                          in "unit", which is dB SPL where the microphone's sensitivity is known ("splOffset" dB
                                   are added), dB SPL est. where it was estimated from its calibration file, else dBFS
  coverage, coverage1s, coverage1min, coverage5min, coverage15min, coverage1h: share of that time that was heard, 0 to 1
  calibrated: the microphone's response is corrected; overloaded: its converter was at full scale; splProvenance: where
                                   the offset is from; gaps and missingFrames: lost on the way
  latency, latencyUncertainty, jitter, roundTrip   ms, of the last second: from capture to here, by how much that is wrong
                                   at most, RFC 3550 interarrival jitter, there and back; clockDrift: ppm that the node captures
                                   too fast, after half a minute; clockOffset: ms of its time of day against this computer's
  node, id, address                whose figures they are; time: ms since 1970 and position: frames, of its newest sound
`,
  options: {
    duration: { type: 'string' },
    interval: { type: 'string' },
    timeout: { type: 'string' },
    json: { type: 'boolean' },
  },
  positionals: true,

  async run(input) {
    const addresses = addressesOf(input)
    const json = input.flag('json')
    const interval = secondsOf(input, 'interval') ?? (json ? 0.1 : 1)
    const duration = secondsOf(input, 'duration')
    const timeout = secondsOf(input, 'timeout') ?? CONNECT_SECONDS
    const stop = interrupted()
    const station = await openWorkstation({ remember: false, verbose: false })
    const screen = openOwnScreen(station)
    const waiting = new Map<number, NodeReadings>()
    screen.onFrame((frame) => {
      const rules = station.rules.bind(station)
      for (const node of frame.nodes) waiting.set(node.key, mergeNode(rules, waiting.get(node.key), node))
      screen.ready()
    })
    const connected = await connectAll(screen, addresses, timeout, stop)
    if (!connected.ok) {
      await station.dispose()
      return printFault(connected.fault, json)
    }
    const lost = new Set<number>()
    const print = (): void => {
      for (const key of connected.value) {
        const view = viewOf(screen, key)
        if (view?.fault && !lost.has(key)) printFault(view.fault, json)
        if (view?.fault) lost.add(key)
        else lost.delete(key)
        const reading = waiting.get(key)
        waiting.delete(key)
        if (!view?.format || !reading) continue
        const figures = figuresOf(reading, view.format.channels, view.format.rate)
        const about = { node: view.name, id: view.id, address: view.address }
        const link = { ...linkOf(view), calibrated: isCalibrated(reading) }
        const sound = soundLevelOf(reading, view.format, view.calibration.spl)
        const time = reading.capturedAt
        if (json) printJson({ time, ...about, position: reading.position, ...figures, ...sound, ...link })
        else console.log(lineOf(view.name, figures, view.link.missingFrames))
      }
    }
    const timer = setInterval(print, interval * 1000)
    await Promise.race([stop, ...(duration === undefined ? [] : [sleep(duration)])])
    clearInterval(timer)
    print()
    await station.dispose()
    return 0
  },
}

export function addressesOf(input: Input): readonly string[] {
  if (input.positionals.length === 0)
    throw new UsageError('It needs the address of a node, such as tcp://attic.local:5555.')
  return input.positionals
}

/** What is not known is null, as silence is. */
function linkOf({ link, roundTripMs }: NodeView): Record<string, number | null> {
  const { latencyMs, uncertaintyMs, jitterMs, driftPpm, wallOffsetMs } = link.health ?? {}
  return {
    gaps: link.gaps,
    missingFrames: link.missingFrames,
    latency: latencyMs ?? null,
    latencyUncertainty: uncertaintyMs ?? null,
    jitter: jitterMs ?? null,
    roundTrip: roundTripMs ?? null,
    clockDrift: driftPpm ?? null,
    clockOffset: wallOffsetMs ?? null,
  }
}

function lineOf(name: string, figures: ReturnType<typeof figuresOf>, missing: number): string {
  const one = (value: unknown): string => (typeof value === 'number' ? value.toFixed(1) : '-inf').padStart(6)
  const each = (values: unknown): string => (Array.isArray(values) ? values.map(one).join(' ') : '')
  const loss = missing > 0 ? `  missing ${missing} frames` : ''
  return `${name}  M ${one(figures['momentary'])}  S ${one(figures['shortTerm'])}  I ${one(figures['integrated'])} LUFS  peak ${each(figures['peak'])}  RMS ${each(figures['rms'])} dBFS${loss}`
}
