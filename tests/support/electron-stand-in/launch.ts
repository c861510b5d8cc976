/**
 * Starts a built main process on the stand-in: `node launch.ts APP_FOLDER [switches]`, with an IPC channel to the test.
 * The test gets Chromium's debugging address, and may run functions here as Playwright does in a real Electron.
 */
import { readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { registerHooks } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { runInThisContext } from 'node:vm'
import { chromium } from '@playwright/test'
import { CHROMIUM } from '../chromium.ts'

const [node, , folder, ...switches] = process.argv
if (folder === undefined || !process.send) throw new Error('Start this with an application folder and an IPC channel.')
const root = resolve(folder)
process.argv = [node!, root, ...switches]

const standIn = new URL('./electron.ts', import.meta.url).href
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' ? { url: standIn, shortCircuit: true } : next(specifier, context),
})

const electron = await import('./electron.ts')
const { app } = await import('./app.ts')
const { surroundings } = await import('./windows.ts')

const profile = await mkdtemp(join(tmpdir(), 'farfield-chromium-'))
const context = await chromium.launchPersistentContext(profile, {
  ...CHROMIUM,
  args: [...CHROMIUM.args, '--remote-debugging-port=0'],
})
app.closeBrowser = async () => {
  await context.close()
  await rm(profile, { recursive: true, force: true })
}
process.on('disconnect', () => app.exit(1))

const version = (
  JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
    devDependencies: { electron: string }
  }
).devDependencies.electron
const page = context.pages()[0]!
surroundings.context = context
surroundings.agent = `${await page.evaluate(() => navigator.userAgent)} Electron/${version}`

process.on('message', ({ id, source, arg }: { id: number; source: string; arg: unknown }) => {
  // The function comes as text, as it does over the debugger in a real Electron.
  const work = Promise.resolve().then(() =>
    (runInThisContext(`(${source})`) as (e: unknown, a: unknown) => unknown)(electron, arg),
  )
  work.then(
    (value) => process.send?.({ id, value }),
    (error: unknown) => process.send?.({ id, error: String(error) }),
  )
})

const { main } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { main: string }
await import(pathToFileURL(join(root, main)).href)
const window = new Promise((created) => app.once('web-contents-created', created))
// Electron is ready only when the main module has been evaluated to its end.
app.becomeReady()
await window
const [port] = (await readFile(join(profile, 'DevToolsActivePort'), 'utf8')).split('\n')
process.send({ browser: `http://127.0.0.1:${port}` })
