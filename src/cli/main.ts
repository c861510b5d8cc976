/** `farfield`: the workstation without a screen, and the one that serves screens to a browser. */
import { analyze } from './analyze.ts'
import { meter } from './meter.ts'
import { parseInput, UsageError, type Command, type ExitCode } from './command.ts'
import { password } from './password.ts'
import { record } from './record.ts'
import { scan } from './scan.ts'
import { serve } from './serve.ts'
import { verify } from './verify.ts'
import { VERSION } from './compose.ts'

const COMMANDS: readonly Command[] = [serve, scan, meter, record, verify, analyze, password]

const HELP = `farfield ${VERSION}: see, measure and record the sound of another place.

Usage: farfield COMMAND [options]

${COMMANDS.map((c) => `  ${c.name.padEnd(10)}${c.summary}`).join('\n')}

farfield COMMAND --help tells more. Exit codes: 0 done, 1 it could not be done, 2 the command was not understood.`

async function run(args: readonly string[]): Promise<ExitCode> {
  const [name, ...rest] = args
  if (name === '--version' || name === 'version') {
    console.log(VERSION)
    return 0
  }
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    console.log(HELP)
    return name === undefined ? 2 : 0
  }
  const command = COMMANDS.find((c) => c.name === name)
  if (!command) {
    console.error(
      `farfield: there is no command "${name}". The commands are ${COMMANDS.map((c) => c.name).join(', ')}.`,
    )
    return 2
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    console.log(`Usage: farfield ${command.name} ${command.usage}\n\n${command.summary}\n\n${command.help}`)
    return 0
  }
  try {
    return await command.run(parseInput(command, rest))
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    console.error(`farfield: ${error.message} See farfield ${command.name} --help.`)
    return 2
  }
}

// Whoever read our words may leave, as `head` does; that is no fault.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)

process.exitCode = await run(process.argv.slice(2))
