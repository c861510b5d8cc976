// Opens the workstation with something live to see: in its own window where the Electron runtime is there or can be
// had, else in the browser.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const DOWNLOAD_FROM = 'https://github.com'
const REACHABLE_MS = 4000

/** Path of the Electron program, or undefined. */
function electronProgram() {
  const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'))
  const name = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }[process.platform] ?? 'electron'
  const dist = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(folder, 'dist')
  const program = join(dist, name)
  return existsSync(program) ? program : undefined
}

/** Why a window cannot be opened here at all, or undefined. */
function noWindow() {
  if (process.platform !== 'linux') return undefined
  if (!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return 'There is no display here'
  if (process.getuid?.() === 0) return 'Electron does not run as root'
  return undefined
}

async function download() {
  try {
    await fetch(DOWNLOAD_FROM, { method: 'HEAD', signal: AbortSignal.timeout(REACHABLE_MS) })
  } catch {
    return
  }
  console.error('farfield: Downloading the Electron runtime (once) …')
  const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'))
  if (existsSync(join(folder, 'install.js')))
    spawnSync(process.execPath, [join(folder, 'install.js')], { stdio: ['ignore', 2, 2] })
}

function run(program, args) {
  const child = spawn(program, args, { cwd: ROOT, stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))
}

let why = noWindow()
let program = why ? undefined : electronProgram()
if (!why && !program) {
  await download()
  program = electronProgram()
  if (!program) why = 'The Electron runtime is not here and cannot be downloaded'
}
const own = process.argv.slice(2)
if (program) {
  run(program, [ROOT, '--demo', ...own])
} else {
  console.error(`farfield: ${why}, so the same workstation is served to your browser.`)
  run(process.execPath, [join(ROOT, 'src/cli/start.mjs'), 'serve', '--demo', ...own])
}
