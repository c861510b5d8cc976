/** What the screens save in the desktop: where downloads go, without a question; and what they may copy. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, type Download } from '@playwright/test'
import { APP_URL } from './address.ts'
import { launchDesktop, type Desktop } from './desktop.ts'
import { complaints } from './health.ts'

test.describe('what the desktop saves', () => {
  let desktop: Desktop
  let folder: string
  test.beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'farfield-downloads-'))
    desktop = await launchDesktop({ demo: true })
    await desktop.inMain(({ app }, path) => app.setPath('downloads', path), folder)
  })
  test.afterAll(async () => {
    await desktop.kill()
    await rm(folder, { recursive: true, force: true })
  })

  /** What main says to a download, as Electron asks it: the path, or that it is refused, or that the person is asked. */
  function asked(url: string, name: string): Promise<string> {
    return desktop.inMain(
      ({ session }, [from, called]) => {
        let answer = 'the person is asked'
        const event = { preventDefault: () => (answer = 'refused') }
        const item = { getURL: () => from, getFilename: () => called, setSavePath: (to: string) => (answer = to) }
        session.defaultSession.emit('will-download', event, item, {})
        return answer
      },
      [url, name] as const,
    )
  }

  test('lies in the folder of downloads, and nothing is overwritten', async () => {
    const blob = `blob:${APP_URL}5e6f`
    expect(await asked(blob, 'Attic.png')).toBe(join(folder, 'Attic.png'))
    await writeFile(join(folder, 'Attic.png'), '')
    expect(await asked(blob, 'Attic.png')).toBe(join(folder, 'Attic (1).png'))
    await writeFile(join(folder, 'Attic (1).png'), '')
    expect(await asked(blob, 'Attic.png')).toBe(join(folder, 'Attic (2).png'))
    expect(await asked('https://example.org/a.exe', 'a.exe')).toBe('refused')
    expect(await asked('blob:https://example.org/1', 'a.exe')).toBe('refused')
    await rm(folder, { recursive: true })
    expect(await asked(blob, 'Attic.png')).toBe('the person is asked')
  })

  test('is a picture and the figures, by one key', async () => {
    const { page } = desktop
    await expect(page.getByTestId('loudness-momentary')).toHaveAttribute('data-value', /\d/)
    const came: Download[] = []
    page.on('download', (download) => came.push(download))
    await page.keyboard.press('p')
    await expect.poll(() => came.length).toBe(2)
    const [picture, figures] = await Promise.all(came.map(async (one) => readFile(await one.path())))
    expect(picture!.subarray(1, 4).toString()).toBe('PNG')
    const { nodes } = JSON.parse(figures!.toString()) as { nodes: { node: string }[] }
    expect(nodes.map(({ node }) => node)).toEqual(['Demo'])
    expect(await complaints(desktop)).toEqual([])
  })

  test('can be copied, and what was copied elsewhere cannot be read', async () => {
    const states = await desktop.page.evaluate(async () => {
      const names = ['clipboard-write', 'clipboard-read'] as unknown as PermissionName[]
      return Promise.all(names.map(async (name) => (await navigator.permissions.query({ name })).state))
    })
    expect(states).toEqual(['granted', 'denied'])
  })
})
