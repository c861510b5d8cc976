import { resolve } from 'node:path'
import type { TakeView } from '#contract/state.ts'
import type { Command } from './command.ts'
import { interrupted, printFault, printJson, secondsOf, UsageError } from './command.ts'
import { openOwnScreen, openWorkstation } from './compose.ts'
import { addressesOf } from './meter.ts'
import { connectAll } from './nodes.ts'

const CONNECT_SECONDS = 5
/** A node that falls silent must not keep a take of fixed length waiting for ever. */
const OVERTIME_SECONDS = 10

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
    const connected = await connectAll(screen, addresses, timeout)
    const started = connected.ok
      ? await screen.call('record.start', {
          nodes: connected.value,
          folder: resolve(out),
          ...(duration === undefined ? {} : { seconds: duration }),
        })
      : connected
    if (!started.ok) {
      await station.dispose()
      printFault(started.fault, json)
      return 1
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
    const overtime =
      duration === undefined
        ? undefined
        : setTimeout(() => void station.recorder.stop([]), (duration + OVERTIME_SECONDS) * 1000)
    await Promise.race([stop, allEnded])
    clearInterval(progress)
    clearTimeout(overtime)
    await screen.call('record.stop', { takes: [] })
    await allEnded
    if (!json && process.stderr.isTTY) process.stderr.write('\n')
    let failed = false
    for (const take of takes()) {
      if (json) printJson(eventOf('take', take))
      else console.log(summaryOf(take))
      if (take.fault) printFault(take.fault, json)
      const short = duration !== undefined && take.seconds < duration
      if (short && !take.fault)
        printFault(
          {
            code: 'connection-lost',
            message: `${take.name} fell silent: ${take.seconds.toFixed(2)} of ${duration} s were recorded.`,
          },
          json,
        )
      failed ||= take.state === 'failed' || short
    }
    await station.dispose()
    return failed ? 1 : 0
  },
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
