import { resolve } from 'node:path'
import type { Split, TakeView, WorkstationState } from '#contract/state.ts'
import type { Fault } from '#shared/result.ts'
import type { Command } from './command.ts'
import { interrupted, printFault, printJson, secondsOf, sleep, UsageError } from './command.ts'
import { openOwnScreen, openWorkstation } from './compose.ts'
import { addressesOf } from './meter.ts'
import { connectAll } from './nodes.ts'

const CONNECT_SECONDS = 5
/** A node that falls silent must not keep a take of fixed length waiting for ever. */
const OVERTIME_SECONDS = 10
/** Missing sound comes within this time where the network is there: later it deserves a sentence. */
const WAITING_SECONDS = 2
/** Less than a frame at the lowest rate: a length is rounded to whole frames. */
const ROUNDING_SECONDS = 1e-4

export const record: Command = {
  name: 'record',
  summary: 'Record nodes to WAV files.',
  usage: 'tcp://HOST:5555 [...] --out DIR [--duration S] [--json]',
  help: `  --out DIR               folder for the files; made if missing
  --duration SECONDS      length of the recording, exact to the frame (until interrupted); the pre-roll comes on top
  --pre-roll SECONDS      begin with sound from before the start, as far back as the node remembers it (0)
  --split LENGTH          go on in another file after this time or size, such as 1h, 10m or 2GB, without losing a sample
  --name-pattern PATTERN  names of the files, of {node} {id} {date} {time} {part} and text
  --per-node-folders      a folder for each node inside DIR
  --no-resume             begin anew where a crash left a recording of the node in DIR; otherwise that one goes on
  --timeout SECONDS       how long to wait for the first sound (${CONNECT_SECONDS})
  --json                  one object a line: progress each second, warnings as they come, then one a take

The captured samples are written as they are. Sound that the network lost is fetched again from the node; what is
lost for good stays silence of the right length and is reported. After an interruption it waits for sound that is
still missing; a second one finishes with what there is. Exit code 1 when less was recorded than asked for.`,
  options: {
    out: { type: 'string' },
    duration: { type: 'string' },
    'pre-roll': { type: 'string' },
    split: { type: 'string' },
    'name-pattern': { type: 'string' },
    'per-node-folders': { type: 'boolean' },
    'no-resume': { type: 'boolean' },
    timeout: { type: 'string' },
    json: { type: 'boolean' },
  },
  positionals: true,

  async run(input) {
    const addresses = addressesOf(input)
    const out = input.text('out')
    if (!out) throw new UsageError('It needs --out DIR, the folder for the files.')
    const json = input.flag('json')
    const duration = secondsOf(input, 'duration')
    const timeout = secondsOf(input, 'timeout') ?? CONNECT_SECONDS
    const choices = {
      preRoll: input.text('pre-roll') === '0' ? 0 : (secondsOf(input, 'pre-roll') ?? 0),
      split: splitOf(input.text('split')),
      namePattern: input.text('name-pattern') ?? '',
      perNodeFolders: input.flag('per-node-folders'),
    }
    const stop = interrupted()
    const station = await openWorkstation({ remember: false, verbose: false })
    const screen = openOwnScreen(station)
    const takes = (): readonly TakeView[] => screen.state?.takes ?? []
    const connected = await connectAll(screen, addresses, timeout, stop)
    const started = connected.ok
      ? await screen.call('record.start', {
          nodes: connected.value,
          folder: resolve(out),
          resume: !input.flag('no-resume'),
          ...choices,
          ...(duration === undefined ? {} : { seconds: duration }),
        })
      : connected
    if (!started.ok) {
      await station.dispose()
      return printFault(started.fault, json)
    }
    const allEnded = new Promise<void>((done) => {
      const look = (): void => {
        if (takes().every((t) => t.state === 'finished' || t.state === 'failed')) done()
      }
      screen.onState(look)
      look()
    })
    for (const take of takes()) if (take.resumed > 0 && !json) console.error(`farfield: ${goesOn(take)}`)
    const told = new Warnings((fault) =>
      json ? printJson({ event: 'warning', ...fault }) : console.error(`farfield: ${fault.message}`),
    )
    screen.onState(() => told.look(screen.state))
    const progress = setInterval(() => {
      for (const take of takes()) if (json) printJson(eventOf('progress', take))
      if (!json && process.stderr.isTTY) process.stderr.write(`\r${takes().map(lineOf).join('  ')} `)
    }, 1000)
    const overtime = duration === undefined ? [] : [sleep(duration + OVERTIME_SECONDS)]
    await Promise.race([stop, allEnded, ...overtime])
    void screen.call('record.stop', { takes: [] })
    void interrupted().then(() => screen.call('record.finish', { takes: [] }))
    await Promise.race([allEnded, sleep(WAITING_SECONDS)])
    for (const take of takes()) if (take.state === 'repairing' && !json) console.error(`farfield: ${waitsFor(take)}`)
    await allEnded
    clearInterval(progress)
    if (!json && process.stderr.isTTY) process.stderr.write('\n')
    for (const take of takes()) {
      if (json) printJson(eventOf('take', take))
      else console.log(summaryOf(take))
      if (take.fault) printFault(take.fault, json)
    }
    const short = duration === undefined ? [] : shortfalls(takes(), duration)
    for (const fault of short) printFault(fault, json)
    await station.dispose()
    return short.length > 0 || takes().some((t) => t.state === 'failed') ? 1 : 0
  },
}

/** What endangers the sound: a slow link, a ring that ends, a disk that is low. Each is told when it begins. */
class Warnings {
  readonly #tell: (fault: Fault) => void
  #current: ReadonlySet<string> = new Set()

  constructor(tell: (fault: Fault) => void) {
    this.#tell = tell
  }

  look(state: WorkstationState | undefined): void {
    const notices = state?.notices.flatMap(({ id, fault }) =>
      fault.code === 'disk-low' ? [{ key: `${id}`, fault }] : [],
    )
    const links = state?.nodes.flatMap(({ key, link }) =>
      link.warnings.map((fault) => ({ key: `${key} ${fault.code}`, fault })),
    )
    const now = [...(notices ?? []), ...(links ?? [])]
    for (const { key, fault } of now) if (!this.#current.has(key)) this.#tell(fault)
    this.#current = new Set(now.map(({ key }) => key))
  }
}

/** Nodes of which less than `duration` was recorded though the disk did not fail. A node whose format changed has several takes. */
function shortfalls(takes: readonly TakeView[], duration: number): Fault[] {
  return [...Map.groupBy(takes, (t) => t.node).values()].flatMap((own) => {
    const seconds = own.reduce((sum, t) => sum + t.seconds, 0)
    if (duration - seconds < ROUNDING_SECONDS || own.some((t) => t.fault)) return []
    const message = `${own[0]!.name} fell silent: ${seconds.toFixed(2)} of ${duration} s were recorded.`
    return [{ code: 'connection-lost', message } satisfies Fault]
  })
}

const SIZES: Readonly<Record<string, number>> = { kB: 1e3, MB: 1e6, GB: 1e9, KiB: 1024, MiB: 1 << 20, GiB: 1 << 30 }
const TIMES: Readonly<Record<string, number>> = { s: 1, m: 60, min: 60, h: 3600 }

/** `--split`: a time or a size. */
function splitOf(text: string | undefined): Split | null {
  if (text === undefined) return null
  const [, number, unit] = /^(\d+(?:\.\d+)?)([A-Za-z]+)$/.exec(text) ?? []
  const seconds = Number(number) * (TIMES[unit ?? ''] ?? Number.NaN)
  if (seconds >= 1 && seconds <= 366 * 24 * 3600) return { seconds }
  const bytes = Math.floor(Number(number) * (SIZES[unit ?? ''] ?? Number.NaN))
  if (bytes >= 1e6 && bytes <= Number.MAX_SAFE_INTEGER) return { bytes }
  throw new UsageError(
    `--split needs a time of at least 1s or a size of at least 1MB, such as 1h or 2GB, not "${text}".`,
  )
}

function goesOn(take: TakeView): string {
  return `The recording of ${take.name} that was left unfinished at ${take.seconds.toFixed(1)} s goes on.`
}

function waitsFor(take: TakeView): string {
  const seconds = (take.pendingFrames * take.seconds) / Math.max(1, take.frames)
  const what = seconds > 0 ? `${seconds.toFixed(2)} s of sound that are missing` : 'the end of its sound'
  const until = take.finishesAt === undefined ? '' : `, until ${new Date(take.finishesAt).toLocaleTimeString()}`
  return `${take.name}: waiting for ${what}${until}. Interrupt again to finish with what there is.`
}

function eventOf(event: 'progress' | 'take', take: TakeView): object {
  const { name, state, folder, files, frames, seconds, bytes, gaps, missingFrames, integrated, rms } = take
  const { pendingFrames, repairedFrames, preRollSeconds, resumed, losses, markers, verdict, diskSeconds } = take
  return {
    event,
    node: name,
    state,
    folder,
    files,
    frames,
    seconds,
    bytes,
    gaps,
    missingFrames,
    pendingFrames,
    repairedFrames,
    preRollSeconds,
    resumed,
    integrated,
    rms,
    ...(diskSeconds === undefined ? {} : { diskSeconds }),
    ...(event === 'take' ? { losses, markers, verdict: verdict ?? null } : {}),
  }
}

function lineOf(take: TakeView): string {
  return `${take.name} ${take.seconds.toFixed(1)} s, ${(take.bytes / 1e6).toFixed(1)} MB, ${take.gaps} gaps`
}

function summaryOf(take: TakeView): string {
  const loudness = take.integrated === null ? 'silent' : `${take.integrated.toFixed(1)} LUFS`
  const rate = take.frames / take.seconds
  const repaired =
    take.repairedFrames === 0 ? '' : `, ${(take.repairedFrames / rate).toFixed(2)} s came late and are in their place`
  const whole =
    take.missingFrames === 0 ? 'nothing missing' : `${take.missingFrames} frames missing in ${take.gaps} gaps`
  const files = take.files.map((f) => `${take.folder}/${f}`).join(', ')
  const lost = take.losses.filter((l) => l.state === 'lost').map((l) => `\n  ${l.file}: ${l.sentence}`)
  return `${files}: ${take.seconds.toFixed(2)} s, ${loudness}, ${whole}${repaired}${lost.toReversed().join('')}`
}
