import { resolve } from 'node:path'
import type { TakeView } from '#contract/state.ts'
import type { Fault } from '#shared/result.ts'
import type { Command } from './command.ts'
import { interrupted, printFault, printJson, secondsOf, sleep, UsageError } from './command.ts'
import { openOwnScreen, openWorkstation } from './compose.ts'
import { addressesOf } from './meter.ts'
import { connectAll } from './nodes.ts'

const CONNECT_SECONDS = 5
/** A node that falls silent must not keep a take of fixed length waiting for ever. */
const OVERTIME_SECONDS = 10
/** Less than a frame at the lowest rate: a length is rounded to whole frames. */
const ROUNDING_SECONDS = 1e-4

export const record: Command = {
  name: 'record',
  summary: 'Record nodes to WAV files.',
  usage: 'tcp://HOST:5555 [...] --out DIR [--duration S] [--json]',
  help: `  --out DIR           folder for the files; made if missing
  --duration SECONDS  length of the recording, exact to the frame (until interrupted)
  --timeout SECONDS   how long to wait for the first sound (${CONNECT_SECONDS})
  --json              one object a line: progress each second, then one a take

The captured samples are written as they are. What is missing stays silence of the right length and is reported.`,
  options: {
    out: { type: 'string' },
    duration: { type: 'string' },
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
    const stop = interrupted()
    const station = await openWorkstation({ remember: false, verbose: false })
    const screen = openOwnScreen(station)
    const takes = (): readonly TakeView[] => screen.state?.takes ?? []
    const connected = await connectAll(screen, addresses, timeout, stop)
    const started = connected.ok
      ? await screen.call('record.start', {
          nodes: connected.value,
          folder: resolve(out),
          ...(duration === undefined ? {} : { seconds: duration }),
        })
      : connected
    if (!started.ok) {
      await station.dispose()
      return printFault(started.fault, json)
    }
    const allEnded = new Promise<void>((done) => {
      const look = (): void => {
        if (takes().every((t) => t.state !== 'recording')) done()
      }
      screen.onState(look)
      look()
    })
    const progress = setInterval(() => {
      for (const take of takes()) if (json) printJson(eventOf('progress', take))
      if (!json && process.stderr.isTTY) process.stderr.write(`\r${takes().map(lineOf).join('  ')} `)
    }, 1000)
    const overtime = duration === undefined ? [] : [sleep(duration + OVERTIME_SECONDS)]
    await Promise.race([stop, allEnded, ...overtime])
    clearInterval(progress)
    await screen.call('record.stop', { takes: [] })
    await allEnded
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

/** Nodes of which less than `duration` was recorded though the disk did not fail. A node whose format changed has several takes. */
function shortfalls(takes: readonly TakeView[], duration: number): Fault[] {
  return [...Map.groupBy(takes, (t) => t.node).values()].flatMap((own) => {
    const seconds = own.reduce((sum, t) => sum + t.seconds, 0)
    if (duration - seconds < ROUNDING_SECONDS || own.some((t) => t.fault)) return []
    const message = `${own[0]!.name} fell silent: ${seconds.toFixed(2)} of ${duration} s were recorded.`
    return [{ code: 'connection-lost', message } satisfies Fault]
  })
}

function eventOf(event: 'progress' | 'take', take: TakeView): object {
  const { name, state, folder, files, frames, seconds, bytes, gaps, missingFrames, integrated, rms } = take
  return { event, node: name, state, folder, files, frames, seconds, bytes, gaps, missingFrames, integrated, rms }
}

function lineOf(take: TakeView): string {
  return `${take.name} ${take.seconds.toFixed(1)} s, ${(take.bytes / 1e6).toFixed(1)} MB, ${take.gaps} gaps`
}

function summaryOf(take: TakeView): string {
  const loudness = take.integrated === null ? 'silent' : `${take.integrated.toFixed(1)} LUFS`
  const whole =
    take.missingFrames === 0 ? 'nothing missing' : `${take.missingFrames} frames missing in ${take.gaps} gaps`
  return `${take.files.map((f) => `${take.folder}/${f}`).join(', ')}: ${take.seconds.toFixed(2)} s, ${loudness}, ${whole}`
}
