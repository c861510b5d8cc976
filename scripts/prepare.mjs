// Installs and builds what is missing or stale, quickly when nothing is. Runs on Node 20, before anything is installed.
//   node scripts/prepare.mjs node   only what the node needs (run-time packages, no build)
//   node scripts/prepare.mjs app    everything, and the built screens
//
// Output goes to standard error: the command that follows owns standard output.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  openSync,
  closeSync,
  readdirSync,
  readFileSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const INSTALLED = join(ROOT, 'node_modules', '.farfield-installed')
const BUILT = join(ROOT, 'out', '.farfield-built')
/** The pinned Node, on the platforms that have one as a package. */
const OWN_NODE = join(ROOT, 'node_modules', '.bin', 'node')
const LOCK = join(ROOT, '.farfield-preparing')
const SOURCES = ['src', 'headless-producer', 'electron.vite.config.ts', 'package.json', 'package-lock.json']
// TypeScript runs directly from here on.
const RUNS_TYPESCRIPT = [22, 18]

const scope = process.argv[2] === 'node' ? 'node' : 'all'

function say(line) {
  process.stderr.write(`farfield: ${line}\n`)
}

function giveUp(line) {
  say(line)
  process.exit(1)
}

function read(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function run(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: ROOT, stdio: ['ignore', 2, 2] })
  return !error && status === 0
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** Two terminals may start at once in a fresh clone; the second waits for the first. */
function lock() {
  for (let waited = false; ; waited = true) {
    try {
      const file = openSync(LOCK, 'wx')
      writeSync(file, String(process.pid))
      closeSync(file)
      process.on('exit', () => unlinkSync(LOCK))
      for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1))
      return
    } catch (error) {
      if (error.code !== 'EEXIST') return
    }
    const owner = Number(read(LOCK))
    if (owner > 0 && !isAlive(owner)) {
      try {
        unlinkSync(LOCK)
      } catch {}
      continue
    }
    if (!waited) say('Another start is preparing Farfield; waiting for it …')
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)
  }
}

function installedKey() {
  return createHash('sha256')
    .update(read(join(ROOT, 'package-lock.json')))
    .digest('hex')
}

function isInstalled() {
  const [key, has] = read(INSTALLED).split(' ')
  return key === installedKey() && (has === 'all' || has === scope)
}

function install() {
  say(scope === 'node' ? 'Installing what the node needs …' : 'Installing packages …')
  const npm = process.env.npm_execpath
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error', ...(scope === 'node' ? ['--omit=dev'] : [])]
  const done = npm ? run(process.execPath, [npm, ...args]) : run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args)
  if (!done) giveUp('The packages could not be installed (see above). Check the network and try again.')
  writeFileSync(INSTALLED, `${installedKey()} ${scope}`)
  // Has the node's code translated once and kept, so that the first real start is as lean as the next ones.
  if (existsSync(OWN_NODE)) spawnSync(OWN_NODE, [join(ROOT, 'headless-producer', 'start.mjs'), '--version'])
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (
    existsSync(OWN_NODE) ||
    major > RUNS_TYPESCRIPT[0] ||
    (major === RUNS_TYPESCRIPT[0] && minor >= RUNS_TYPESCRIPT[1])
  )
    return
  giveUp(
    `On this platform Farfield needs Node ${RUNS_TYPESCRIPT.join('.')} or later; this is ${process.versions.node}.`,
  )
}

function files(path) {
  const full = join(ROOT, path)
  if (!existsSync(full)) return []
  try {
    return readdirSync(full, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
      .sort()
  } catch {
    return [full]
  }
}

function builtKey() {
  const hash = createHash('sha256')
  for (const file of SOURCES.flatMap(files)) hash.update(file.slice(ROOT.length)).update(readFileSync(file))
  return hash.digest('hex')
}

function build() {
  say('Building the screens …')
  const key = builtKey()
  const program = join(ROOT, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js')
  if (!run(existsSync(OWN_NODE) ? OWN_NODE : process.execPath, [program, 'build', '--logLevel', 'warn']))
    giveUp('The build failed (see above).')
  mkdirSync(dirname(BUILT), { recursive: true })
  writeFileSync(BUILT, key)
}

const mustInstall = !isInstalled()
const mustBuild = scope === 'all' && read(BUILT) !== builtKey()
if (mustInstall || mustBuild) {
  lock()
  if (!isInstalled()) install()
  if (scope === 'all' && read(BUILT) !== builtKey()) build()
}
checkNode()
