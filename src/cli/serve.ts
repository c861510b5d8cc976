import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fail, ok, type Result } from '#shared/result.ts'
import { startWebHost } from '#web/host.ts'
import { isStoredPassword } from '#web/password.ts'
import type { Command, Input } from './command.ts'
import { interfacesOf, interrupted, portOf, printFault, printJson, UsageError } from './command.ts'
import { openOwnScreen, openWorkstation, PACKAGE_ROOT } from './compose.ts'

const DEFAULT_PORT = 7355

export const serve: Command = {
  name: 'serve',
  summary: 'Serve the workstation to a browser.',
  usage: '[--host H] [--port 7355] [--no-open] [--demo] [--data DIR]',
  help: `  --host ADDRESS    address to listen on (127.0.0.1); any other than loopback demands
                    a password set with "farfield password"
  --port PORT       port (${DEFAULT_PORT}); 0 takes a free one
  --no-open         do not open a browser
  --demo            begin with the demo node, which plays simulated sound
  --data DIR        folder for settings, and for recordings in DIR/recordings
  --interface IP    scan on this interface only; may be repeated (all)
  --tls-cert FILE   serve https with this certificate (PEM) ...
  --tls-key FILE    ... and its key
  --json            print {"event":"ready","url":...} when it is served
  --verbose         log to standard error`,
  options: {
    host: { type: 'string' },
    port: { type: 'string' },
    'no-open': { type: 'boolean' },
    demo: { type: 'boolean' },
    data: { type: 'string' },
    interface: { type: 'string', multiple: true },
    'tls-cert': { type: 'string' },
    'tls-key': { type: 'string' },
    json: { type: 'boolean' },
    verbose: { type: 'boolean' },
  },

  async run(input) {
    const port = portOf(input, 'port', DEFAULT_PORT)
    const json = input.flag('json')
    const tls = await readTls(input)
    if (!tls.ok) {
      printFault(tls.fault, json)
      return 2
    }
    const stop = interrupted()
    const station = await openWorkstation({
      data: input.text('data'),
      remember: true,
      verbose: input.flag('verbose'),
      scanInterfaces: interfacesOf(input),
    })
    const { password } = station.settings.value
    const host = await startWebHost({
      host: input.text('host') ?? '127.0.0.1',
      port,
      root: join(PACKAGE_ROOT, 'out', 'renderer'),
      attach: (link) => station.attach(link),
      takeFile: (file) => station.recorder.ended.handOut(file),
      ...(isStoredPassword(password) ? { password } : {}),
      ...(tls.value ? { tls: tls.value } : {}),
      onBug: (error) => station.onBug(error),
    })
    if (!host.ok) {
      await station.dispose()
      printFault(host.fault, json)
      return 1
    }
    if (input.flag('demo')) {
      const screen = openOwnScreen(station)
      const demo = await screen.call('demo.start', {})
      screen.close()
      if (!demo.ok) printFault(demo.fault, json)
    }
    const { url } = host.value
    if (json) printJson({ event: 'ready', url })
    else console.log(`The workstation is at ${url} (end with Ctrl+C).`)
    if (!input.flag('no-open')) openBrowser(url)
    await stop
    // The page is told that the workstation goes, then takes are finished.
    await host.value.close()
    await station.dispose()
    return 0
  },
}

async function readTls(input: Input): Promise<Result<{ cert: string; key: string } | undefined>> {
  const cert = input.text('tls-cert')
  const key = input.text('tls-key')
  if (cert === undefined && key === undefined) return ok(undefined)
  if (cert === undefined || key === undefined) throw new UsageError('--tls-cert and --tls-key go together.')
  try {
    return ok({ cert: await readFile(cert, 'utf8'), key: await readFile(key, 'utf8') })
  } catch (error) {
    return fail(
      'file-missing',
      `The certificate or its key could not be read (${(error as NodeJS.ErrnoException).code ?? String(error)}).`,
    )
  }
}

/** Best effort: without a desktop there is nothing to open, and the address is on the terminal. */
function openBrowser(url: string): void {
  const { platform, env } = process
  if (platform === 'linux' && !env['DISPLAY'] && !env['WAYLAND_DISPLAY']) return
  const [program, ...args] = OPENERS[platform] ?? OPENERS['linux']!
  spawn(program, [...args, url], { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref()
}

const OPENERS: { readonly [platform: string]: readonly [string, ...string[]] } = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
  linux: ['xdg-open'],
}
