/** Leaving the desktop app: at once, after a question, or told to. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { launchDesktop, type Desktop } from './desktop.ts'
import { complaints, reported } from './health.ts'

test.describe('leaving', () => {
  test('quits at once when nothing is recording, and remembers the window', async () => {
    const desktop = await launchDesktop()
    expect(await complaints(desktop)).toEqual([])
    await quit(desktop)
    expect(await desktop.exited).toBe(0)
    expect(await readdir(desktop.dataDir)).toContain('window.json')
    await desktop.kill()
  })

  test('asks first while it records, and finishes the file', async () => {
    const desktop = await launchDesktop({ demo: true })
    const { page } = desktop
    await page.getByRole('button', { name: 'Record', exact: true }).click()
    const recordings = join(desktop.dataDir, 'recordings')
    await expect.poll(() => files(recordings)).toContainEqual(expect.stringMatching(/\.wav\.part$/))

    await answer(desktop, 'Keep recording')
    await quit(desktop)
    await expect.poll(() => asked(desktop)).toEqual(['A recording is running. Stop it and quit?'])
    await expect(page.getByRole('button', { name: 'Stop', exact: true })).toBeEnabled()
    expect(await files(recordings)).not.toContainEqual(expect.stringMatching(/\.wav$/))

    await answer(desktop, 'Stop and quit')
    await quit(desktop)
    expect(await desktop.exited).toBe(0)
    expect(await files(recordings)).toEqual([
      expect.stringMatching(/^Demo_.*\.wav$/),
      expect.stringMatching(/^Demo_.*\.wav\.json$/),
    ])
    expect(reported(desktop)).toEqual([])
    await desktop.kill()
  })

  test('finishes the file without a question when it is told to end', async () => {
    test.skip(process.platform === 'win32', 'Windows has no signals.')
    const desktop = await launchDesktop({ demo: true })
    await desktop.page.getByRole('button', { name: 'Record', exact: true }).click()
    const recordings = join(desktop.dataDir, 'recordings')
    await expect.poll(() => files(recordings)).toContainEqual(expect.stringMatching(/\.wav\.part$/))
    await desktop.inMain(() => void setTimeout(() => process.kill(process.pid, 'SIGTERM')))
    expect(await desktop.exited).toBe(0)
    expect(await files(recordings)).toEqual([
      expect.stringMatching(/^Demo_.*\.wav$/),
      expect.stringMatching(/^Demo_.*\.wav\.json$/),
    ])
    await desktop.kill()
  })
})

/** Their names in order; none while there is no folder. */
async function files(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [])
  return names.toSorted((a, b) => a.localeCompare(b))
}

/** After the answer to this call has left, else there is nobody to give it. */
function quit(desktop: Desktop): Promise<void> {
  return desktop.inMain(({ app }) => void setTimeout(() => app.quit()))
}

/** Presses this button of the next question. */
async function answer(desktop: Desktop, button: string): Promise<void> {
  await desktop.inMain(({ dialog }, wanted) => {
    const questions: string[] = []
    Object.assign(globalThis, { questions })
    dialog.showMessageBox = (async (_window: unknown, options: { message: string; buttons: string[] }) => {
      questions.push(options.message)
      return { response: options.buttons.indexOf(wanted), checkboxChecked: false }
    }) as never
  }, button)
}

function asked(desktop: Desktop): Promise<string[]> {
  return desktop.inMain(() => (globalThis as unknown as { questions: string[] }).questions)
}
