/** A disk that will not take the sound: said at once where it can be known before, and nothing lost of what was written. */
import { execFileSync } from 'node:child_process'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { checkCount } from '#producer/sources/tone/count.ts'
import type { Desk } from '../support/desk.ts'
import { expect, firstPosition, readTake, test } from '../support/e2e.ts'
import { complaints } from '../support/outside.ts'

async function recordInto(desk: Desk, folder: string): Promise<void> {
  await desk.tool('Settings').click()
  const dialog = desk.dialog('Settings')
  await dialog.getByLabel('Recording folder').fill(folder)
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog).toBeHidden()
}

test('a folder that cannot be written in: a sentence, and nothing half begun', async ({ desk, folder, start }) => {
  const node = await start.node('Writer', 'tone:count')
  const served = await start.serve()
  await desk.open(served.url)
  await desk.connect(node.url, 'Writer')

  await desk.tool('Settings').click()
  const dialog = desk.dialog('Settings')
  const field = dialog.getByLabel('Recording folder')
  await expect(field).toHaveValue(served.recordings)
  for (const [typed, sentence] of [
    ['  ', 'Type the folder that recordings go to.'],
    ['recordings', '"recordings" is not a complete path. Write the folder from the root on.'],
  ] as const) {
    await field.fill(typed)
    await field.press('Enter')
    await expect(dialog.getByRole('alert')).toHaveText(sentence)
  }
  await field.press('Escape')

  const file = join(folder, 'notes.txt')
  await writeFile(file, 'a file')
  const inFile = join(file, 'takes')
  for (const [target, why] of [
    [inFile, 'part of it is a file, not a folder'],
    [file, 'part of it is a file, not a folder'],
    ['/proc/takes', 'it is gone'],
  ] as const) {
    await recordInto(desk, target)
    await desk.tool('Record').click()
    await expect(desk.notices).toHaveText(`Nothing can be written in ${target}: ${why}. Choose another folder.`)
    await expect(desk.page.locator('[data-take]')).toHaveCount(0)
    await expect(desk.tool('Record')).toBeEnabled()
    await desk.notices.getByRole('button', { name: 'Dismiss' }).click()
  }
  expect(await readdir(folder)).toEqual(['notes.txt'])

  // A folder that is not there yet is made.
  const fresh = join(folder, 'new', 'takes of today')
  await recordInto(desk, fresh)
  await desk.record('Writer')
  await desk.tool('Stop').click()
  await expect(desk.take('Writer')).toHaveAttribute('data-state', 'finished')
  expect((await readdir(fresh)).toSorted().map((name) => name.replace(/_[\d_-]*/, ''))).toEqual([
    'Writer.wav',
    'Writer.wav.json',
  ])
})

test('a disk that fills up ends the take with a sentence; what was written is whole and the rest goes on', async ({
  closing,
  desk,
  folder,
  start,
}) => {
  test.skip(process.getuid?.() !== 0, 'mounting a small disk needs root')
  const disk = join(folder, 'disk')
  await mkdir(disk)
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'farfield-test', disk])
  closing.defer(() => execFileSync('umount', ['--lazy', disk]))
  // 1.5 MB a second.
  const node = await start.node('Filler', 'tone:count', ['--channels', '8'])
  const served = await start.serve()
  await desk.open(served.url)
  await desk.connect(node.url, 'Filler')
  await recordInto(desk, disk)
  await desk.record('Filler')
  const sentence = `The disk that holds ${disk} is full. Recording was stopped and what was written is kept. Free some space or choose another folder.`
  const full = desk.notices.filter({ hasText: sentence })
  await expect(full).toHaveCount(1)
  await expect(desk.notices, 'the warning before it has had its time').toHaveCount(1)
  const take = desk.take('Filler')
  await expect(take).toHaveAttribute('data-state', 'failed')
  await expect(take).toContainText(sentence)
  await expect(desk.tool('Stop')).toBeDisabled()
  await expect(desk.tool('Record')).toBeEnabled()
  await desk.expectState('Filler', 'Live')

  const file = await desk.value('take-file', take)
  const { format, samples } = await readTake(file)
  expect(samples.length).toBeGreaterThan(1_500_000)
  expect(samples.length / 32).toBe(await desk.number('take-frames', take))
  expect(await desk.value('take-missing', take)).toBe('0')
  expect(checkCount(samples, format, firstPosition(samples, format))).toEqual({ wrong: 0 })
  expect(await complaints(file)).toBe('')
  const name = file.slice(disk.length + 1)
  expect((await readdir(disk)).toSorted(), 'no half file beside it').toEqual([name, `${name}.json`])

  // Trying again is refused before anything begins; another folder works.
  await full.getByRole('button', { name: 'Dismiss' }).click()
  await expect(full).toHaveCount(0)
  await desk.tool('Record').click()
  await expect(full).toHaveCount(1)
  await expect(desk.page.locator('[data-take]')).toHaveCount(1)
  await recordInto(desk, join(folder, 'elsewhere'))
  await desk.tool('Record').click()
  await expect(desk.page.locator('[data-state="recording"]')).toHaveCount(1)
})
