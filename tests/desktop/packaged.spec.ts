import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { electronBinary, launchDesktop, ROOT } from './desktop.ts'
import { complaints } from './health.ts'

let folder: string
test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'farfield-packed-'))
})
test.afterEach(() => rm(folder, { recursive: true, force: true }))

test('what the installers pack is whole, and runs from there', async () => {
  test.skip(process.platform !== 'linux', 'The check packs for Linux.')
  const { code, said } = await checkPackaging('--keep', folder)
  expect(said).toMatch(/every import resolves inside/)
  expect(code).toBe(0)
  const root = join(folder, electronBinary() ? 'packed/app.asar' : 'plain/app.asar')
  const desktop = await launchDesktop({ root, demo: true })
  try {
    expect(await complaints(desktop)).toEqual([])
    // The meters' thread runs from outside the archive.
    await expect(desktop.page.getByTestId('level-rms-0')).toHaveText(/\d/)
  } finally {
    await desktop.kill()
  }
})

test('a configuration that packs the wrong files is found out', async () => {
  test.skip(process.platform !== 'linux', 'The check packs for Linux.')
  const whole = await readFile(join(ROOT, 'electron-builder.yml'), 'utf8')
  const spoiled = whole
    .replace("  - '!node_modules/node-linux-*/**'\n", '')
    .replace('  - out/main/worker.mjs\n', '')
    .replace('runAsNode: false', 'runAsNode: true')
    .replace('  - out/**\n', '  - out/{main,preload}/**\n')
  const config = join(folder, 'electron-builder.yml')
  await writeFile(config, spoiled)
  const { code, said } = await checkPackaging('--config', config)
  expect(code).toBe(1)
  expect(said).toContain('out/renderer/index.html is not packed.')
  expect(said).toContain('The DSP worker does not lie outside the archive.')
  expect(said).toMatch(/node_modules\/node-linux-\w+\/.* should not be packed\./)
  expect(said).toMatch(/The fuses are 1/)
})

function checkPackaging(...args: string[]): Promise<{ code: number | string; said: string }> {
  const script = join(ROOT, 'scripts/check-packaging.mjs')
  return new Promise((done) => {
    execFile(process.execPath, [script, ...args], (error, stdout, stderr) => {
      done({ code: error ? (error.code ?? 'killed') : 0, said: stdout + stderr })
    })
  })
}
