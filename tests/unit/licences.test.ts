import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { licences } from '../../config/licences.ts'

const ROOT = join(import.meta.dirname, '../..')
const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>
}

test('every package that is loaded or was bundled is named, with the text of its licence', () => {
  const text = licences([
    join(ROOT, 'node_modules/uplot/dist/uPlot.esm.js'),
    join(ROOT, 'node_modules/@base-ui/react/esm/index.js'),
    join(ROOT, 'src/renderer/main.tsx'),
  ])
  for (const [name, version] of Object.entries(dependencies)) expect(text).toContain(`\n${name} ${version}: `)
  expect(text, 'what they load in turn').toMatch(/\nmulticast-dns \d/)
  expect(text).toMatch(/\n@base-ui\/react [\d.]+: MIT\n\n\S/)
  expect(text).toMatch(/\nuplot [\d.]+: MIT\n\n\S/)
  expect(text, 'the terms of what zeromq brings').toContain('libzmq` binaries that are licensed under MPL-2.0')
  expect(text).not.toContain('no licence named')
  expect(text, 'what was not bundled').not.toContain('\nreact-dom ')
})
