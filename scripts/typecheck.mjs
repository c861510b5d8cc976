// Type-checks every environment with its own configuration; a pure layer sees neither the DOM nor Node.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'

const configs = readdirSync('config').filter((f) => /^tsconfig\.(?!base)\w+\.json$/.test(f))
let failed = 0
for (const config of configs) {
  const { status } = spawnSync('tsc', ['-p', `config/${config}`], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (status !== 0) failed++
}
process.exit(failed === 0 ? 0 : 1)
