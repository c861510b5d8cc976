/** The desktop: composes the workstation, the embedded demo node and one window, and decides nothing about sound. */
import { accessSync, constants } from 'node:fs'
import { join, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { app, dialog, shell, type BrowserWindow } from 'electron'
import { makeFolderSync } from '#engine/folder.ts'
import { Workstation } from '#engine/workstation.ts'
import { startNode } from '#producer/node.ts'
import { keepDownloads } from './downloads.ts'
import { guardLeaving } from './leave.ts'
import { setMenu } from './menu.ts'
import { HELP, readOptions, type Options } from './options.ts'
import { registerAppScheme, serveApp } from './protocol.ts'
import { askScreen, handOverPorts } from './screen-port.ts'
import { guardContents, guardPermissions } from './security.ts'
import { tellTheSystem } from './standing.ts'
import { chooseFolder, openWindow, rememberWindow } from './window.ts'

const here = import.meta.dirname

function log(line: string): void {
  process.stderr.write(`${new Date().toISOString()} ${line}\n`)
}

/** The built DSP worker. It lies outside the archive of a packaged app: a thread cannot start from inside of one. */
function workerUrl(): URL {
  const file = join(here, 'worker.mjs').replace(`app.asar${sep}`, `app.asar.unpacked${sep}`)
  return pathToFileURL(file)
}

async function open(options: Options): Promise<void> {
  const dataDir = app.getPath('userData')
  const version = app.getVersion()
  guardPermissions()
  keepDownloads()
  const workstation = await Workstation.open({
    dataDir,
    recordingFolder: options.dataDir ? join(dataDir, 'recordings') : join(app.getPath('home'), 'Farfield'),
    workerUrl: workerUrl(),
    version,
    startDemoNode: () =>
      startNode({
        source: 'tone:demo',
        endpoint: 'inproc://farfield-demo',
        name: 'Demo',
        software: `farfield ${version}`,
      }),
    chooseFolder,
    reveal: (path) => shell.showItemInFolder(path),
    log,
  })
  serveApp(join(here, '../renderer'), (file) => workstation.recorder.ended.handOut(file))
  if (options.demo) void workstation.handlers['demo.start']({})
  const window = openWindow({ dataDir, preload: join(here, '../preload/index.cjs'), log })
  setMenu({
    dataDir,
    ask: (action) => {
      show(window)
      askScreen(window, action)
    },
  })
  tellTheSystem(workstation)
  handOverPorts(window, (link) => workstation.attach(link))
  guardLeaving(window, {
    recording: () => workstation.recording(),
    close: () => {
      rememberWindow(window, dataDir)
      return workstation.dispose()
    },
    log,
  })
  app.on('second-instance', () => show(window))
  app.on('activate', () => show(window))
}

function show(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
}

/** False, and the program ends, where the folder cannot be used. */
function useDataDir(dataDir: string): boolean {
  try {
    makeFolderSync(dataDir)
    accessSync(dataDir, constants.W_OK)
    app.setPath('userData', dataDir)
    return true
  } catch {
    cannotStart(`The data folder ${dataDir} cannot be used. Choose a folder that can be written with --data.`)
    return false
  }
}

function cannotStart(sentence: string): void {
  dialog.showErrorBox('Farfield cannot start', sentence)
  app.exit(1)
}

function start(options: Options): void {
  registerAppScheme()
  guardContents()
  // The lock lies in the data folder: two data folders are two workstations.
  if (!app.requestSingleInstanceLock()) return app.quit()
  app
    .whenReady()
    .then(() => open(options))
    .catch((error: unknown) => {
      log(error instanceof Error ? (error.stack ?? error.message) : String(error))
      cannotStart('Something went wrong inside. The details are on standard error.')
    })
}

const options = readOptions(process.argv, process.env)
if (options.help || options.version) {
  process.stdout.write(options.help ? HELP : `${app.getVersion()}\n`)
  app.exit(0)
} else if (!options.dataDir || useDataDir(options.dataDir)) start(options)
