import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { ACTIONS } from '#contract/actions.ts'
import { electronBinary, launchDesktop, type Desktop } from './desktop.ts'
import { APP_URL } from './address.ts'
import { complaints, reported, toolbar } from './health.ts'

const NAMES = ACTIONS.map(({ action }) => action)

test.beforeAll(() => {
  const binary = electronBinary()
  console.log(binary ? `Ran in ${binary}` : 'Electron binary not found: ran on Chromium with the stand-in')
})

test.describe('a running desktop', () => {
  test.describe.configure({ mode: 'serial' })
  let desktop: Desktop

  test.beforeAll(async () => {
    desktop = await launchDesktop({ demo: true })
  })
  test.afterAll(() => desktop.kill())

  test('opens the workstation at its own origin, without an error', async () => {
    expect(await complaints(desktop)).toEqual([])
    await expect(desktop.page.getByRole('option', { name: /Demo/ })).toBeVisible()
    const [title, visible, windows] = await desktop.inMain(({ BrowserWindow }) => {
      const [window, ...others] = BrowserWindow.getAllWindows()
      return [window!.webContents.getURL(), window!.isVisible(), others.length + 1] as const
    })
    expect([title, visible, windows]).toEqual([APP_URL, true, 1])
  })

  test('moves the meters: frames come over the port', async () => {
    await metersMove(desktop)
  })

  test('gives the page nothing of Node or Electron', async () => {
    const found = await desktop.page.evaluate(() =>
      ['require', 'process', 'module', 'Buffer', 'electron', 'ipcRenderer'].filter((name) => name in globalThis),
    )
    expect(found).toEqual([])
  })

  test('serves its pages with a policy that allows nothing from outside and nothing inline', async () => {
    const headers = await desktop.page.evaluate(async () => Object.fromEntries((await fetch('/')).headers))
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; media-src 'self'; " +
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    })
    const status = await desktop.page.evaluate(async () => {
      const paths = ['/..%2f..%2fpackage.json', '/..%5cpackage.json', '/%00', '/%E0%A4%A', '/nothing.js', '/assets']
      const posted = await fetch('/', { method: 'POST' })
      return [...(await Promise.all(paths.map(async (path) => (await fetch(path)).status))), posted.status]
    })
    expect(status).toEqual([404, 404, 404, 404, 404, 404, 405])
  })

  test('denies every permission but notifications and a screen that stays on', async () => {
    const states = await desktop.page.evaluate(async () => {
      const names = ['microphone', 'camera', 'geolocation', 'notifications', 'screen-wake-lock'] as PermissionName[]
      return Promise.all(names.map(async (name) => (await navigator.permissions.query({ name })).state))
    })
    expect(states).toEqual(['denied', 'denied', 'denied', 'granted', 'granted'])
  })

  test('has in its menus what keys and toolbar do', async () => {
    const items = await desktop.inMain(({ Menu }, names) => {
      const menu = Menu.getApplicationMenu()!
      return names.map((name) => {
        const { label, accelerator } = menu.getMenuItemById(name)!
        return { label, accelerator }
      })
    }, NAMES)
    const shown = (key: string): string | undefined => (process.platform === 'darwin' ? undefined : key.toUpperCase())
    expect(items).toEqual(ACTIONS.map(({ keys, words }) => ({ label: words, accelerator: shown(keys[0]) })))
  })

  test('leaves to the page what a menu asks for', async () => {
    const { page } = desktop
    await page.evaluate(() => {
      const heard: unknown[] = []
      Object.assign(globalThis, { heard })
      window.addEventListener('message', ({ data }) => heard.push((data as { action?: unknown }).action))
    })
    const heard = (): Promise<unknown> =>
      page.evaluate(() => (globalThis as unknown as { heard: unknown[] }).heard.at(-1))
    const click = async (name: string): Promise<void> => {
      await desktop.inMain(({ Menu }, id) => void Menu.getApplicationMenu()!.getMenuItemById(id)!.click(), name)
      await expect.poll(heard).toBe(name)
    }
    await click('settings')
    await expect(page.getByRole('dialog', { name: 'Settings' })).toBeVisible()
    await click('add')
    await expect(page.getByRole('dialog'), 'a dialog is not left by the menu').toHaveCount(1)
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await click('add')
    await expect(page.getByRole('dialog', { name: 'Add a node' })).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await click('stop')
    await click('overview')
    await expect(page.getByRole('heading', { name: 'All nodes' })).toBeVisible()
    await click('overview')
    await expect(page.getByRole('heading', { name: 'Demo' })).toBeVisible()
  })

  test('chooses the folder for recordings in the dialog of the system', async () => {
    const { page } = desktop
    await desktop.inMain(({ dialog }) => {
      const asked: unknown[] = []
      Object.assign(globalThis, { asked })
      dialog.showOpenDialog = (async (_window: unknown, options: object) => {
        asked.push(options)
        return asked.length === 1 ? { canceled: true, filePaths: [] } : { canceled: false, filePaths: ['/chosen'] }
      }) as never
    })
    await page.keyboard.press(',')
    const settings = page.getByRole('dialog', { name: 'Settings' })
    const field = settings.getByLabel('Recording folder')
    const before = await field.inputValue()
    const button = settings.getByRole('button', { name: 'Choose…' })
    await button.click()
    const asked = (): Promise<unknown[]> => desktop.inMain(() => (globalThis as unknown as { asked: unknown[] }).asked)
    await expect.poll(asked).toMatchObject([{ defaultPath: before, properties: ['openDirectory', 'createDirectory'] }])
    await expect(field, 'nothing was chosen').toHaveValue(before)
    await button.click()
    await expect(field).toHaveValue('/chosen')
    await page.keyboard.press('Escape')
  })

  test('keeps the computer from sleeping while it records, and no longer', async () => {
    const { page } = desktop
    await desktop.inMain(({ powerSaveBlocker }) => {
      const said: string[] = []
      const start = powerSaveBlocker.start.bind(powerSaveBlocker)
      const stop = powerSaveBlocker.stop.bind(powerSaveBlocker)
      Object.assign(globalThis, { said })
      powerSaveBlocker.start = (type) => {
        const id = start(type)
        said.push(`${type}, ${powerSaveBlocker.isStarted(id)}`)
        return id
      }
      powerSaveBlocker.stop = (id) => {
        const was = stop(id)
        said.push(`stop, ${powerSaveBlocker.isStarted(id)}`)
        return was
      }
    })
    const said = (): Promise<string[]> => desktop.inMain(() => (globalThis as unknown as { said: string[] }).said)
    expect(await said()).toEqual([])
    await page.getByRole('button', { name: 'Record', exact: true }).click()
    await expect.poll(said).toEqual(['prevent-app-suspension, true'])
    await page.getByRole('button', { name: 'Stop', exact: true }).click()
    await expect.poll(said).toEqual(['prevent-app-suspension, true', 'stop, false'])
  })

  test('shows its window when it is started a second time', async () => {
    const shown = await desktop.inMain(({ app, BrowserWindow }) => {
      const window = BrowserWindow.getAllWindows()[0]!
      const said: string[] = []
      window.show = () => void said.push('show')
      window.focus = () => void said.push('focus')
      app.emit('second-instance', {}, [], '')
      return said
    })
    expect(shown).toEqual(['show', 'focus'])
  })

  test('opens no window, and only a listed page in the system browser', async () => {
    await desktop.inMain(({ shell }) => {
      const opened: string[] = []
      Object.assign(globalThis, { opened })
      shell.openExternal = async (url) => void opened.push(url)
    })
    expect(await desktop.tryOpen('https://example.com/')).toBe('denied')
    expect(await desktop.tryOpen('https://www.itu.int/rec/R-REC-BS.1770/en')).toBe('denied')
    const opened = await desktop.inMain(() => (globalThis as unknown as { opened: string[] }).opened)
    expect(opened).toEqual(['https://www.itu.int/rec/R-REC-BS.1770/en'])
    await expect.poll(() => desktop.page.context().pages().length).toBe(1)
  })

  test('stays where it is when the page wants to go elsewhere', async () => {
    await desktop.inMain(({ BrowserWindow }) => {
      const attempts: [string, boolean][] = []
      Object.assign(globalThis, { attempts })
      BrowserWindow.getAllWindows()[0]!.webContents.on('will-navigate', (event) => {
        attempts.push([event.url, event.defaultPrevented])
      })
    })
    await desktop.page.evaluate(() => void (location.href = 'https://example.com/'))
    const attempts = (): Promise<[string, boolean][]> =>
      desktop.inMain(() => (globalThis as unknown as { attempts: [string, boolean][] }).attempts)
    await expect.poll(attempts).toEqual([['https://example.com/', true]])
    expect(await desktop.url()).toBe(APP_URL)
    await expect(toolbar(desktop)).toBeVisible()
  })

  test('hands a port to nobody but its own page', async () => {
    const handed = await desktop.inMain(({ BrowserWindow, ipcMain }) => {
      const { webContents } = BrowserWindow.getAllWindows()[0]!
      const postMessage = webContents.postMessage.bind(webContents)
      let count = 0
      webContents.postMessage = () => void count++
      const main = { url: 'app://farfield/', parent: null }
      const senders = {
        site: { sender: webContents, senderFrame: { url: 'https://farfield/', parent: null } },
        lookalike: { sender: webContents, senderFrame: { url: 'app://farfield.example/', parent: null } },
        subframe: { sender: webContents, senderFrame: { url: 'app://farfield/', parent: main } },
        gone: { sender: webContents, senderFrame: null },
        otherWindow: { sender: {}, senderFrame: main },
        ours: { sender: webContents, senderFrame: main },
      }
      const result: Record<string, number> = {}
      for (const [name, event] of Object.entries(senders)) {
        count = 0
        ipcMain.emit('farfield:open', event)
        result[name] = count
      }
      webContents.postMessage = postMessage
      return result
    })
    expect(handed).toEqual({ site: 0, lookalike: 0, subframe: 0, gone: 0, otherWindow: 0, ours: 1 })
  })

  test('hands a new port to a page that loaded again', async () => {
    const loaded = desktop.page.waitForEvent('load')
    await desktop.inMain(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.webContents.reload())
    await loaded
    await metersMove(desktop)
  })

  test('loads a page whose process ended once more, and says so', async () => {
    const loaded = desktop.page.waitForEvent('load')
    await desktop.inMain(({ BrowserWindow, dialog }) => {
      const said: string[] = []
      Object.assign(globalThis, { said })
      dialog.showMessageBox = (async (_window: unknown, { message }: { message: string }) => {
        said.push(message)
        return { response: 1, checkboxChecked: false }
      }) as never
      const { webContents } = BrowserWindow.getAllWindows()[0]!
      webContents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 })
    })
    await loaded
    await metersMove(desktop)
    const said = await desktop.inMain(({ BrowserWindow }) => {
      const { webContents } = BrowserWindow.getAllWindows()[0]!
      webContents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 })
      return (globalThis as unknown as { said: string[] }).said
    })
    expect(said).toEqual(['The screen stopped working and was loaded again.', 'The screen stopped working again.'])
  })

  test('had nothing to report beside what was done to it', () => {
    // The refused files, the refused navigation and the reload are in the log; code errors and policy violations are not.
    expect(reported(desktop).filter((line) => /polic|Uncaught|preload|thread|of our own/i.test(line))).toEqual([])
  })
})

test('says in a sentence why it cannot start', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'farfield-file-'))
  const dataDir = join(folder, 'a-file', 'data')
  await writeFile(join(folder, 'a-file'), '')
  await expect(launchDesktop({ dataDir })).rejects.toThrow(`The data folder ${dataDir} cannot be used.`)
  await rm(folder, { recursive: true })
})

/** The figure of a level meter that is fed takes other values as the sound changes. */
async function metersMove({ page }: Desktop): Promise<void> {
  const figure = page.getByTestId('level-rms-0')
  await expect(figure).toHaveText(/\d/)
  const first = await figure.textContent()
  await expect(figure).not.toHaveText(first!)
}
