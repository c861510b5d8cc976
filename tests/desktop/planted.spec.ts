/** Built copies with one thing broken each: the checks of the other specs must see it. */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { launchDesktop, plantedCopy } from './desktop.ts'
import { complaints } from './health.ts'

/** A sound one is shown in about two seconds; these never are. */
const LONG_ENOUGH = 6000

interface Planted {
  readonly name: string
  readonly file: string
  readonly spoil: (text: string) => string
  readonly complaint: RegExp
}

const PLANTED: readonly Planted[] = [
  {
    name: 'an inline script in the page',
    file: 'out/renderer/index.html',
    spoil: (html) => html.replace('<body>', '<body><script>document.title = "inline"</script>'),
    complaint: /error in the page: .*Content Security Policy/,
  },
  {
    name: 'a script from another site',
    file: 'out/renderer/index.html',
    spoil: (html) => html.replace('<body>', '<body><script src="https://example.com/x.js"></script>'),
    complaint: /error in the page: .*Content Security Policy/,
  },
  {
    name: 'a preload that asks for more than a sandboxed one may have',
    file: 'out/preload/index.cjs',
    spoil: (code) => `require("node:fs");\n${code}`,
    complaint: /the preload .* failed: module not found: node:fs/,
  },
  {
    name: 'a preload that is an ES module',
    file: 'out/preload/index.cjs',
    spoil: (code) => `import "electron";\n${code}`,
    complaint: /the preload .* failed: Cannot use import statement outside a module/,
  },
  {
    name: 'a wrong path to the preload',
    file: 'out/main/index.js',
    spoil: (code) => code.replace('../preload/index.cjs', '../preload/index.js'),
    complaint: /the preload .* failed: ENOENT/,
  },
  {
    name: 'a port that is never handed over',
    file: 'out/main/index.js',
    spoil: (code) => code.replace(/\w+\.postMessage\(PORT, /, 'void (0, '),
    complaint: /the workstation is not shown/,
  },
  {
    name: 'a wrong folder of screens',
    file: 'out/main/index.js',
    spoil: (code) => code.replace('"../renderer"', '"../screens"'),
    complaint: /the workstation is not shown/,
  },
]

for (const { name, file, spoil, complaint } of PLANTED)
  test(`a desktop with ${name} is found out`, async () => {
    const root = await plantedCopy()
    try {
      const whole = await readFile(join(root, file), 'utf8')
      const spoiled = spoil(whole)
      expect(spoiled, 'the copy must differ from what was built').not.toBe(whole)
      await writeFile(join(root, file), spoiled)
      const desktop = await launchDesktop({ root })
      try {
        await expect
          .poll(() => complaints(desktop, LONG_ENOUGH), { timeout: 30_000 })
          .toContainEqual(expect.stringMatching(complaint))
      } finally {
        await desktop.kill()
      }
    } finally {
      await rm(root, { recursive: true, force: true })
    }
  })

test('an unspoiled copy has nothing to complain of', async () => {
  const root = await plantedCopy()
  const desktop = await launchDesktop({ root })
  try {
    expect(await complaints(desktop)).toEqual([])
    expect(await readdir(join(root, 'out'))).toEqual(expect.arrayContaining(['main', 'preload', 'renderer']))
  } finally {
    await desktop.kill()
    await rm(root, { recursive: true, force: true })
  }
})
