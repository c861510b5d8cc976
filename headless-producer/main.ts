#!/usr/bin/env node
/** `farfield-node`: reads the command line, runs one node until it is told to end. */
import { ok, type Fault, type FaultCode, type Result } from '#shared/result.ts'
import type { NodeMeta } from '#wire/meta.ts'
import { listDevices } from '#producer/sources/alsa/devices.ts'
import { readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { loadCalibration } from './calibration.ts'
import { stderrLog } from './log.ts'
import { startNode } from './node.ts'
import { HELP, readOptions, type Command } from './options.ts'

/** What the user gave was wrong, so trying again will not help. */
const INPUT_FAULTS: ReadonlySet<FaultCode> = new Set<FaultCode>([
  'bad-address',
  'bad-argument',
  'bad-calibration',
  'bad-wav',
  'device-unknown',
  'file-missing',
  'format-unsupported',
])

/** A node whose source has ended stays for so long: everyone gets the last blocks and hears why no more come. */
const FAREWELL_MS = 1000

// Whoever read our words may leave; the sound goes on.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)

process.exitCode = await main()

async function main(): Promise<number> {
  const command = readOptions(process.argv.slice(2))
  if (!command.ok) return report(command.fault)
  const { action } = command.value
  if (action === 'run') return run(command.value)
  if (action === 'list-devices') return printDevices(command.value.json)
  process.stdout.write(action === 'help' ? HELP : `farfield-node ${version()}\n`)
  return 0
}

async function run(command: Command): Promise<number> {
  const calibration = readCalibration(command)
  if (!calibration.ok) return report(calibration.fault)
  const told = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve())
  })
  const host = command.bind.includes(':') ? `[${command.bind}]` : command.bind
  const started = await startNode({
    ...command,
    endpoint: `tcp://${host}:${command.port}`,
    software: `farfield-node ${version()}`,
    ...calibration.value,
    log: stderrLog(command.logLevel),
  })
  if (!started.ok) return report(started.fault)
  const node = started.value
  process.stdout.write(`farfield-node: "${node.name}" on ${node.endpoint} · ${node.summary}\n`)
  await Promise.race([told, node.ended.then(() => setTimeout(FAREWELL_MS))])
  await node.stop()
  return 0
}

function readCalibration(command: Command): Result<{ calibration?: NonNullable<NodeMeta['calibration']> }> {
  if (command.calibrationFile === undefined) return ok({})
  const loaded = loadCalibration(command.calibrationFile)
  return loaded.ok ? ok({ calibration: loaded.value }) : loaded
}

async function printDevices(json: boolean): Promise<number> {
  const list = await listDevices()
  if (!list.ok) return report(list.fault)
  for (const device of list.value)
    process.stdout.write(json ? `${JSON.stringify(device)}\n` : `${device.device}\n    ${device.description}\n`)
  return 0
}

function report(fault: Fault): number {
  process.stderr.write(`farfield-node: ${fault.message}\n`)
  return INPUT_FAULTS.has(fault.code) ? 2 : 1
}

function version(): string {
  const path = new URL('../package.json', import.meta.url)
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version
}
