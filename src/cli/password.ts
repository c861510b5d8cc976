import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { checkPassword, hashPassword } from '#web/password.ts'
import type { Command } from './command.ts'
import { printFault } from './command.ts'
import { openWorkstation } from './compose.ts'

export const password: Command = {
  name: 'password',
  summary: 'Set the password that the browser host asks for on other addresses than loopback.',
  usage: '[--remove] [--data DIR]',
  help: `  --remove    forget the password; only loopback can be served then
  --data DIR  the data folder it is kept in (hashed with scrypt)

Asks on a terminal; otherwise reads one line from standard input.`,
  options: { remove: { type: 'boolean' }, data: { type: 'string' } },

  async run(input) {
    const typed = input.flag('remove') ? undefined : await ask()
    if (typed !== undefined) {
      const checked = checkPassword(typed)
      if (!checked.ok) {
        printFault(checked.fault, false)
        return 2
      }
    }
    const station = await openWorkstation({ data: input.text('data'), remember: false, verbose: false })
    station.settings.set({ password: typed === undefined ? undefined : await hashPassword(typed) })
    const fault = await station.settings.saved()
    await station.dispose()
    if (fault) return printFault(fault, false)
    console.log(typed === undefined ? 'The password was removed.' : 'The password was set.')
    return 0
  },
}

/** One line from standard input; on a terminal with a prompt and without showing what is typed. */
async function ask(): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const terminal = process.stdin.isTTY
  if (terminal) process.stderr.write('New password: ')
  const lines = createInterface({ input: process.stdin, output: silent, terminal })
  const line = await Promise.race([
    lines.question(''),
    new Promise<string>((resolve) => lines.once('close', () => resolve(''))),
  ])
  lines.close()
  if (terminal) process.stderr.write('\n')
  return line
}
