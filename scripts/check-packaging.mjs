/**
 * Packs the built app as the installers do, around a stand-in for Electron's binary, so that it needs no download, and
 * looks at what was packed.
 *
 * It cannot tell whether the installers themselves are made: their tools come from the network.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire, isBuiltin } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const USAGE = `Usage: node scripts/check-packaging.mjs [--config FILE] [--keep DIR]

Packs the built app without Electron and checks what was packed. Exit code 0: as it should be, 1: not.
  --config FILE  electron-builder's configuration (electron-builder.yml)
  --keep DIR     leave in DIR what was packed: packed/app.asar as it is, plain/app.asar as a folder
  --help         print this
`
/** Complaints printed; a wrong pattern raises hundreds. */
const SHOWN = 20
const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const { version: electronVersion } = JSON.parse(readFileSync(join(root, 'node_modules/electron/package.json'), 'utf8'))
const scratch = mkdtempSync(join(tmpdir(), 'farfield-packaging-'))
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }))

const { config, keep } = readArguments()
if (!existsSync(join(root, 'out/main/index.js'))) end('There is nothing to pack: run "npm run build" first.')

const resources = pack()
const app = unpack(resources, keep)
const complaints = [...missing(app), ...unresolved(app), ...badFuses(resources), ...unwanted(app)]
for (const complaint of complaints.slice(0, SHOWN)) console.error(complaint)
if (complaints.length > SHOWN) console.error(`and ${complaints.length - SHOWN} more.`)
if (complaints.length > 0) process.exit(1)
console.log(
  `Packed ${app.files.length} files, ${app.unpacked.length} of them outside the archive; every import resolves inside.`,
)

function readArguments() {
  try {
    const options = { config: { type: 'string' }, keep: { type: 'string' }, help: { type: 'boolean' } }
    const { values } = parseArgs({ options })
    if (values.help) {
      process.stdout.write(USAGE)
      process.exit(0)
    }
    return {
      config: resolve(values.config ?? join(root, 'electron-builder.yml')),
      keep: resolve(values.keep ?? join(scratch, 'app')),
    }
  } catch (error) {
    return end(`${error.message}\n${USAGE}`)
  }
}

function end(sentence) {
  console.error(sentence)
  process.exit(1)
}

/** Returns the packed app's `resources` folder. */
function pack() {
  const dist = join(scratch, 'electron')
  mkdirSync(join(dist, 'locales'), { recursive: true })
  for (const language of ['en-US', 'de']) writeFileSync(join(dist, 'locales', `${language}.pak`), '')
  writeFileSync(join(dist, 'electron'), fakeBinary(), { mode: 0o755 })
  writeFileSync(join(dist, 'version'), electronVersion)
  const output = join(scratch, 'dist')
  const builder = join(root, 'node_modules/electron-builder/cli.js')
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [builder, '--linux', 'dir', '--config', config, `-c.electronDist=${dist}`, `-c.directories.output=${output}`],
    { cwd: root, encoding: 'utf8' },
  )
  if (status !== 0) end(`electron-builder failed:\n${stdout}${stderr}`)
  const folder = readdirSync(output).find((name) => name.endsWith('unpacked'))
  return join(output, folder, 'resources')
}

/** As long as its fuses can be found, electron-builder takes any file for Electron: a mark, version 1, eight fuses. */
function fakeBinary() {
  return Buffer.concat([Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'), Buffer.from([1, 8]), Buffer.from('10110001')])
}

/**
 * Copies what was packed to `to`/packed, and lays it out in `to`/plain as Electron presents it: `app.asar` a folder with
 * all files, `app.asar.unpacked` beside it.
 */
function unpack(resources, folder) {
  cpSync(resources, join(folder, 'packed'), { recursive: true })
  const to = join(folder, 'plain')
  const archive = readFileSync(join(resources, 'app.asar'))
  const headerSize = archive.readUInt32LE(4)
  const header = JSON.parse(archive.toString('utf8', 16, 16 + archive.readUInt32LE(12)))
  const files = []
  const unpacked = []
  const write = (path, content) => {
    mkdirSync(dirname(join(to, path)), { recursive: true })
    writeFileSync(join(to, path), content)
  }
  const walk = (entry, path) => {
    for (const [name, child] of Object.entries(entry.files)) {
      const file = path === '' ? name : `${path}/${name}`
      if (child.files) {
        walk(child, file)
        continue
      }
      files.push(file)
      if (child.unpacked) {
        unpacked.push(file)
        const content = readFileSync(join(resources, 'app.asar.unpacked', file))
        write(`app.asar/${file}`, content)
        write(`app.asar.unpacked/${file}`, content)
      } else {
        const at = 8 + headerSize + Number(child.offset)
        write(`app.asar/${file}`, archive.subarray(at, at + child.size))
      }
    }
  }
  walk(header, '')
  return { folder: join(to, 'app.asar'), files, unpacked }
}

function missing({ files, unpacked }) {
  const inside = ['package.json', 'out/main/index.js', 'out/preload/index.cjs', 'out/renderer/index.html']
  const addon = new RegExp(`^node_modules/zeromq/build/${process.platform}/${process.arch}/.*addon\\.node$`)
  return [
    ...inside.filter((file) => !files.includes(file)).map((file) => `${file} is not packed.`),
    ...(unpacked.includes('out/main/worker.mjs') ? [] : ['The DSP worker does not lie outside the archive.']),
    ...(unpacked.includes('out/main/kernels.wasm') ? [] : ['The DSP kernels do not lie beside their worker.']),
    ...(unpacked.some((file) => addon.test(file))
      ? []
      : ["zeromq's addon for this machine does not lie outside the archive."]),
  ]
}

function unwanted({ files, unpacked }) {
  const target = `node_modules/zeromq/build/${process.platform}/${process.arch}/`
  return files
    .filter(
      (file) =>
        !/^(out\/[^.]|node_modules\/|package\.json$)/.test(file) ||
        file.startsWith('node_modules/node-linux-') ||
        /\.(map|ts)$/.test(file) ||
        (file.endsWith('.node') && (!file.startsWith(target) || !unpacked.includes(file))),
    )
    .map((file) => `${file} should not be packed${file.endsWith('.node') ? ' or not there' : ''}.`)
}

/** Imports of our own code that lead nowhere, or out of the packed files. */
function unresolved({ folder, files }) {
  return files
    .filter((file) => /^out\/main\/.*\.m?js$/.test(file))
    .flatMap((file) => {
      const require = createRequire(join(folder, file))
      return importsOf(readFileSync(join(folder, file), 'utf8')).flatMap((name) => {
        if (name === 'electron' || isBuiltin(name)) return []
        try {
          return require.resolve(name).startsWith(folder) ? [] : [`${file} imports ${name} from outside of the app.`]
        } catch {
          return [`${file} imports ${name}, which is not packed.`]
        }
      })
    })
}

function importsOf(code) {
  return [
    ...code.matchAll(
      /(?:^|;)\s*(?:import|export)\b[^'"`;]*?\bfrom\s*["']([^"']+)["']|(?:^|;)\s*import\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']/gm,
    ),
  ].map((match) => match[1] ?? match[2] ?? match[3])
}

/** What electron-builder.yml asks for, in the order of the wire: `0` off, `1` on. */
function badFuses(resources) {
  const folder = dirname(resources)
  const binary = ['farfield', 'Farfield'].map((name) => join(folder, name)).find((file) => existsSync(file))
  if (!binary) return [`The program is not in the packed app: ${readdirSync(folder).join(', ')}.`]
  const fuses = readFileSync(binary).subarray(-8).toString()
  return fuses === '00001100' ? [] : [`The fuses are ${fuses}, not 00001100.`]
}
