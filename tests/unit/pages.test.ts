/** The pages for people: what they link to is there, and their pictures are those that are taken, and small. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { MAX_BYTES } from '../../pictures/publish.ts'
import { PUBLISHED } from '../../pictures/published.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const IMAGES = readdirSync(join(ROOT, 'docs/images'))
const PAGES = ['README.md', 'ARCHITECTURE.md', ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`)].filter(
  (name) => name.endsWith('.md'),
)

/** Targets inside the project, as seen from its root. */
function targetsOf(page: string): string[] {
  const text = readFileSync(join(ROOT, page), 'utf8')
  return [...text.matchAll(/\]\(([^)\s#]+)[^)]*\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => join(dirname(page), target))
}

test.each(PAGES)('%s links to what is there', (page) => {
  expect(targetsOf(page).filter((target) => !existsSync(join(ROOT, target)))).toEqual([])
})

test('each picture is one that is taken, is on a page, and is small', () => {
  const shown = new Set(PAGES.flatMap(targetsOf))
  expect(IMAGES.filter((name) => !(name.replace(/\.png$/, '') in PUBLISHED))).toEqual([])
  expect(IMAGES.filter((name) => !shown.has(`docs/images/${name}`))).toEqual([])
  expect(IMAGES.filter((name) => statSync(join(ROOT, 'docs/images', name)).size > MAX_BYTES)).toEqual([])
})
